import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { MAX_EXPIRY_MINUTES } from '../../domain/accounts/log-in.ts';
import type { Grant } from '../../domain/accounts/token.ts';
import { Refusal } from '../../domain/errors.ts';
import { payload } from '../common/errors.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { SessionType, viewerOf } from './viewer.type.ts';

@InputType()
abstract class ExpiryInput {
  @Field(() => Int, {
    nullable: true,
    description: `How many minutes the token is to be good for, from 1 to ${MAX_EXPIRY_MINUTES}; 1440, a day, unless told.`,
  })
  expiryMinutes?: number | null;
}

@InputType('LoginInput', { description: 'Who wants in.' })
class LoginInput extends ExpiryInput {
  @Field(() => String, { description: 'The e-mail address.' })
  email!: string;

  @Field(() => String, { description: 'The password: up to 1,024 characters.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the account; of several that the person is in, the oldest unless told.',
  })
  account?: string | null;
}

@InputType('LoginWithAccessKeyInput', { description: 'Which program wants in.' })
class LoginWithAccessKeyInput extends ExpiryInput {
  @Field(() => String, { description: 'The access key.' })
  accessKey!: string;

  @Field(() => String, { description: 'Its secret.' })
  secretKey!: string;
}

@InputType('SwitchAccountInput', { description: 'Where to.' })
class SwitchAccountInput {
  @Field(() => String, { description: 'The name of another account that the caller is in.' })
  accountName!: string;
}

@ObjectType({ simpleResolvers: true })
export abstract class SessionPayload extends Payload {
  @Field(() => SessionType, { nullable: true, description: 'The new token; null when refused.' })
  session?: SessionType;
}

@ObjectType('LoginPayload', { description: 'What became of it.', simpleResolvers: true })
class LoginPayload extends SessionPayload {}

@ObjectType('LoginWithAccessKeyPayload', { description: 'What became of it.', simpleResolvers: true })
class LoginWithAccessKeyPayload extends SessionPayload {}

@ObjectType('SwitchAccountPayload', { description: 'What became of it.', simpleResolvers: true })
class SwitchAccountPayload extends SessionPayload {}

@Resolver()
export class LogInResolver {
  @Mutation(() => LoginPayload, {
    description:
      'Logs a person in; takes no token. A wrong e-mail, password or account is the error UNAUTHENTICATED, and too many of them RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
    @Ctx() context: GraphContext,
  ): Promise<LoginPayload> {
    return session(context, context.services.logIns.withPassword(input, context.origin));
  }

  @Mutation(() => LoginWithAccessKeyPayload, {
    description:
      'Logs a program in as the owner of its access key; takes no token. A wrong key or secret is the error UNAUTHENTICATED, and too many of them RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  loginWithAccessKey(
    @Arg('input', () => LoginWithAccessKeyInput, { description: 'The credentials.' })
    input: LoginWithAccessKeyInput,
    @Ctx() context: GraphContext,
  ): Promise<LoginWithAccessKeyPayload> {
    return session(context, context.services.logIns.withAccessKey(input, context.origin));
  }

  @Mutation(() => SwitchAccountPayload, {
    description:
      'A token for another account of the caller, which lasts as long as the caller’s own. Refused with INVALID_INPUT.',
  })
  switchAccount(
    @Arg('input', () => SwitchAccountInput, { description: 'The account.' }) {
      accountName,
    }: SwitchAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<SwitchAccountPayload> {
    const { services, caller, shownToken } = context;
    return session(context, services.logIns.switchAccount(caller, accountName, shownToken));
  }
}

/** Answers with the token that was granted. */
export const session = ({ services, issueToken }: GraphContext, granting: Promise<Grant>) =>
  payload(async () => {
    const grant = await granting;
    const { accountName, email } = grant.identity;
    const caller = await services.people.caller(accountName, email);
    if (!caller)
      throw new Refusal('UNAUTHENTICATED', 'Whoever this was, they were taken out of the account.');
    return { session: { ...issueToken(grant), viewer: viewerOf(caller) } };
  });
