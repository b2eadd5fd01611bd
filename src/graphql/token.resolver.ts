import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { AccessKey } from '../domain/access-key.ts';
import type { Instant } from '../domain/time.ts';
import type { GraphContext } from './context.ts';
import { payload } from './errors.ts';
import { existingId } from './global-id.ts';
import { Payload } from './payload.ts';
import { PersonType } from './person.type.ts';
import { DateTime } from './scalars.ts';
import { AccessKeyType, viewerOf } from './viewer.type.ts';

@InputType('LogoutInput', { description: 'How far out.' })
class LogoutInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether all tokens of the caller in this account are taken back, and not the shown one alone.',
  })
  everywhere?: boolean | null;
}

@ObjectType('LogoutPayload', { description: 'What became of it.', simpleResolvers: true })
class LogoutPayload extends Payload {
  @Field(() => PersonType, { nullable: true, description: 'Who was logged out; null when nobody was in.' })
  person?: object;
}

@InputType('InvalidateAccountTokensInput', { description: 'Which account’s tokens.' })
class InvalidateAccountTokensInput {
  @Field(() => String, {
    nullable: true,
    description: 'To be sure: the name of the caller’s account, which is the only one that it can be.',
  })
  accountName?: string | null;
}

@ObjectType('InvalidateAccountTokensPayload', { description: 'What became of it.', simpleResolvers: true })
class InvalidateAccountTokensPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Tokens that were made before it are refused from now on; null when refused.',
  })
  tokensValidFrom?: Instant;
}

@InputType('InvalidatePersonTokensInput', { description: 'Whose tokens.' })
class InvalidatePersonTokensInput {
  @Field(() => ID, { description: 'The person, by their global id or their number.' })
  id!: string;
}

@ObjectType('InvalidatePersonTokensPayload', { description: 'What became of it.', simpleResolvers: true })
class InvalidatePersonTokensPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Tokens of theirs that were made before it are refused from now on; null when refused.',
  })
  tokensValidFrom?: Instant;
}

@InputType('CreateAccessKeyInput', { description: 'A new access key.' })
class CreateAccessKeyInput {
  @Field(() => String, { description: 'What it is for: 1 to 255 characters.' })
  title!: string;
}

@ObjectType('CreateAccessKeyPayload', { description: 'What became of it.', simpleResolvers: true })
class CreateAccessKeyPayload extends Payload {
  @Field(() => AccessKeyType, { nullable: true, description: 'The new key; null when refused.' })
  accessKey?: AccessKey;

  @Field(() => String, { nullable: true, description: 'Its secret, shown this once; null when refused.' })
  secretKey?: string;
}

@InputType('RevokeAccessKeyInput', { description: 'Which access key.' })
class RevokeAccessKeyInput {
  @Field(() => ID, { description: 'Its name.' })
  key!: string;
}

@ObjectType('RevokeAccessKeyPayload', { description: 'What became of it.', simpleResolvers: true })
class RevokeAccessKeyPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The name of the key that is gone; null when refused.' })
  revokedKey?: string;
}

@Resolver()
export class TokenResolver {
  @Mutation(() => LogoutPayload, {
    description:
      'Takes the shown token back: no server accepts it from now on. `everywhere` takes all of them back.',
  })
  logout(
    @Arg('input', () => LogoutInput, { description: 'How far.' }) { everywhere }: LogoutInput,
    @Ctx() { services, principal }: GraphContext,
  ): Promise<LogoutPayload> {
    return payload(async () => {
      const caller = await services.tokens.logOut(principal, { everywhere: everywhere ?? false });
      return caller ? { person: viewerOf(caller).person } : {};
    });
  }

  @Mutation(() => InvalidateAccountTokensPayload, {
    description:
      'Takes back all tokens of everybody in the account, the caller’s too. Access keys stay good. Refused with INVALID_INPUT.',
  })
  invalidateAccountTokens(
    @Arg('input', () => InvalidateAccountTokensInput, { description: 'Which account.' })
    { accountName }: InvalidateAccountTokensInput,
    @Ctx() { services, caller, shownToken }: GraphContext,
  ): Promise<InvalidateAccountTokensPayload> {
    return payload(async () => ({
      tokensValidFrom: await services.tokens.invalidateAccount(caller, shownToken, accountName),
    }));
  }

  @Mutation(() => InvalidatePersonTokensPayload, {
    description:
      'Takes back all tokens and access keys of somebody in the account. Takes ManageAccount. Refused with NOT_FOUND.',
  })
  invalidatePersonTokens(
    @Arg('input', () => InvalidatePersonTokensInput, { description: 'Whose.' })
    { id }: InvalidatePersonTokensInput,
    @Ctx() { services, caller, shownToken }: GraphContext,
  ): Promise<InvalidatePersonTokensPayload> {
    return payload(async () => ({
      tokensValidFrom: await services.tokens.invalidatePerson(
        caller,
        existingId('Person', 'person', id),
        shownToken,
      ),
    }));
  }

  @Mutation(() => CreateAccessKeyPayload, {
    description:
      'Creates an access key for the caller. Maximum 20. Needs a token that no access key logged in for, or is FORBIDDEN. Refused with INVALID_INPUT.',
  })
  createAccessKey(
    @Arg('input', () => CreateAccessKeyInput, { description: 'The new key.' }) {
      title,
    }: CreateAccessKeyInput,
    @Ctx() { services, caller, shownToken }: GraphContext,
  ): Promise<CreateAccessKeyPayload> {
    return payload(() => services.accessKeys.create(caller, title, shownToken));
  }

  @Mutation(() => RevokeAccessKeyPayload, {
    description:
      'Puts an access key of the caller’s out of use, for good, and with it every token that it logged in for. Refused with NOT_FOUND.',
  })
  revokeAccessKey(
    @Arg('input', () => RevokeAccessKeyInput, { description: 'Which one.' }) { key }: RevokeAccessKeyInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RevokeAccessKeyPayload> {
    return payload(async () => {
      await services.accessKeys.revoke(caller, key);
      return { revokedKey: key };
    });
  }
}
