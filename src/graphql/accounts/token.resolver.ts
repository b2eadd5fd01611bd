import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { Instant } from '../../domain/time.ts';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import { DateTime } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { PersonType } from './person.type.ts';
import { AccessKeyType, ViewerType, viewerOf } from './viewer.type.ts';

@InputType('LogoutInput', { description: 'Extent of the log-out.' })
class LogoutInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether to revoke all tokens of the caller in this account, instead of only the current one. Defaults to false.',
  })
  everywhere?: boolean | null;
}

@ObjectType('LogoutPayload', { description: 'Result of `logout`.', simpleResolvers: true })
class LogoutPayload extends Payload {
  @Field(() => PersonType, {
    nullable: true,
    description: 'Person who was logged out. Null if the request had no valid token.',
  })
  person?: object;
}

@InputType('InvalidateAccountTokensInput', { description: 'Account whose tokens to revoke.' })
class InvalidateAccountTokensInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Name of the caller’s account, as a confirmation. Refused with INVALID_INPUT for any other account. Defaults to the caller’s account.',
  })
  accountName?: string | null;
}

@ObjectType('InvalidateAccountTokensPayload', {
  description: 'Result of `invalidateAccountTokens`.',
  simpleResolvers: true,
})
class InvalidateAccountTokensPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Tokens of the account that were created before this time are revoked. Null if refused.',
  })
  tokensValidFrom?: Instant;
}

@InputType('InvalidatePersonTokensInput', { description: 'Person whose tokens to revoke.' })
class InvalidatePersonTokensInput {
  @Field(() => ID, { description: 'Global id or number of the person.' })
  id!: string;
}

@ObjectType('InvalidatePersonTokensPayload', {
  description: 'Result of `invalidatePersonTokens`.',
  simpleResolvers: true,
})
class InvalidatePersonTokensPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Tokens of the person that were created before this time are revoked. Null if refused.',
  })
  tokensValidFrom?: Instant;
}

@InputType('CreateAccessKeyInput', { description: 'Access key to create.' })
class CreateAccessKeyInput {
  @Field(() => String, { description: 'Purpose of the key: 1 to 255 characters.' })
  title!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to revoke the caller’s other keys with this title. Defaults to false.',
  })
  replaces?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the caller’s account, as a confirmation. Refused with INVALID_INPUT for any other account.',
  })
  accountName?: string | null;
}

@ObjectType('CreateAccessKeyPayload', { description: 'Result of `createAccessKey`.', simpleResolvers: true })
class CreateAccessKeyPayload extends Payload {
  @Field(() => AccessKeyType, { nullable: true, description: 'The new access key. Null if refused.' })
  accessKey?: AccessKey;

  @Field(() => String, {
    nullable: true,
    description:
      'Secret of the new key. For a day, this session can read it again as `AccessKey.secretKey`. Null if refused.',
  })
  secretKey?: string;

  @Field(() => ViewerType, { nullable: true, description: 'The caller. Null if refused.' })
  viewer?: ViewerType;
}

@InputType('RevokeAccessKeyInput', { description: 'Access key to revoke.' })
class RevokeAccessKeyInput {
  @Field(() => ID, { description: 'The access key, as `viewer { accessKeys { key } }` returns it.' })
  key!: string;
}

@ObjectType('RevokeAccessKeyPayload', { description: 'Result of `revokeAccessKey`.', simpleResolvers: true })
class RevokeAccessKeyPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The revoked access key. Null if refused.' })
  revokedKey?: string;
}

@Resolver()
export class TokenResolver {
  @Mutation(() => LogoutPayload, {
    description: 'Revokes the token that the request carries, with immediate effect on all servers.',
  })
  logout(
    @Arg('input', () => LogoutInput, { description: 'Extent of the log-out.' }) { everywhere }: LogoutInput,
    @Ctx() { services, principal }: GraphContext,
  ): Promise<LogoutPayload> {
    return payload(async () => {
      const caller = await services.tokens.logOut(principal, { everywhere: everywhere ?? false });
      return caller ? { person: viewerOf(caller).person } : {};
    });
  }

  @Mutation(() => InvalidateAccountTokensPayload, {
    description:
      'Revokes all tokens of all people in the account, including the caller’s own. Access keys stay valid. Requires ManageAccount. Refused with INVALID_INPUT.',
  })
  invalidateAccountTokens(
    @Arg('input', () => InvalidateAccountTokensInput, { description: 'Account whose tokens to revoke.' })
    { accountName }: InvalidateAccountTokensInput,
    @Ctx() { services, caller, shownToken }: GraphContext,
  ): Promise<InvalidateAccountTokensPayload> {
    return payload(async () => ({
      tokensValidFrom: await services.tokens.invalidateAccount(caller, shownToken, accountName),
    }));
  }

  @Mutation(() => InvalidatePersonTokensPayload, {
    description:
      'Revokes all tokens and access keys of one person in the account. Requires ManageAccount. Refused with NOT_FOUND.',
  })
  invalidatePersonTokens(
    @Arg('input', () => InvalidatePersonTokensInput, { description: 'Person whose tokens to revoke.' })
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
      'Creates an access key for the caller. Maximum 20 keys. FORBIDDEN if the caller logged in with an access key. Refused with INVALID_INPUT.',
  })
  createAccessKey(
    @Arg('input', () => CreateAccessKeyInput, { description: 'Access key to create.' })
    input: CreateAccessKeyInput,
    @Ctx() { services, caller, shownToken }: GraphContext,
  ): Promise<CreateAccessKeyPayload> {
    return payload(async () => ({
      ...(await services.accessKeys.create(caller, input, shownToken)),
      viewer: viewerOf(caller),
    }));
  }

  @Mutation(() => RevokeAccessKeyPayload, {
    description:
      'Revokes an access key of the caller permanently, together with every token that was created with it. Refused with NOT_FOUND.',
  })
  revokeAccessKey(
    @Arg('input', () => RevokeAccessKeyInput, { description: 'Access key to revoke.' }) {
      key,
    }: RevokeAccessKeyInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RevokeAccessKeyPayload> {
    return payload(async () => {
      await services.accessKeys.revoke(caller, key);
      return { revokedKey: key };
    });
  }
}
