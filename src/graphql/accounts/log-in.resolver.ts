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
    description: `Lifetime of the token, in minutes. Defaults to 1,440, which is one day. Minimum 1. Maximum ${MAX_EXPIRY_MINUTES}.`,
  })
  expiryMinutes?: number | null;
}

@InputType('LoginInput', { description: 'Credentials of a person.' })
class LoginInput extends ExpiryInput {
  @Field(() => String, { description: 'E-mail address of the person.' })
  email!: string;

  @Field(() => String, { description: 'Password of the person. Maximum 1,024 characters.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the account to log in to. Defaults to the oldest account of the person.',
  })
  account?: string | null;
}

@InputType('LoginWithAccessKeyInput', { description: 'Credentials of a program.' })
class LoginWithAccessKeyInput extends ExpiryInput {
  @Field(() => String, { description: 'The access key, as `createAccessKey` returned it.' })
  accessKey!: string;

  @Field(() => String, { description: 'Secret of the access key.' })
  secretKey!: string;
}

@InputType('SwitchAccountInput', { description: 'Account to switch to.' })
class SwitchAccountInput {
  @Field(() => String, { description: 'Name of another account of the caller.' })
  accountName!: string;
}

@ObjectType({ simpleResolvers: true })
export abstract class SessionPayload extends Payload {
  @Field(() => SessionType, { nullable: true, description: 'The new session. Null if refused.' })
  session?: SessionType;
}

@ObjectType('LoginPayload', { description: 'Result of `login`.', simpleResolvers: true })
class LoginPayload extends SessionPayload {}

@ObjectType('LoginWithAccessKeyPayload', {
  description: 'Result of `loginWithAccessKey`.',
  simpleResolvers: true,
})
class LoginWithAccessKeyPayload extends SessionPayload {}

@ObjectType('SwitchAccountPayload', { description: 'Result of `switchAccount`.', simpleResolvers: true })
class SwitchAccountPayload extends SessionPayload {}

@Resolver()
export class LogInResolver {
  @Mutation(() => LoginPayload, {
    description:
      'Logs a person in. Requires no token. A wrong e-mail address, password or account causes the error UNAUTHENTICATED. Too many wrong attempts cause the error RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  login(
    @Arg('input', () => LoginInput, { description: 'Credentials to check.' }) input: LoginInput,
    @Ctx() context: GraphContext,
  ): Promise<LoginPayload> {
    return session(context, context.services.logIns.withPassword(input, context.origin));
  }

  @Mutation(() => LoginWithAccessKeyPayload, {
    description:
      'Logs a program in as the owner of its access key. Requires no token. A wrong key or secret causes the error UNAUTHENTICATED. Too many wrong attempts cause the error RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  loginWithAccessKey(
    @Arg('input', () => LoginWithAccessKeyInput, { description: 'Credentials to check.' })
    input: LoginWithAccessKeyInput,
    @Ctx() context: GraphContext,
  ): Promise<LoginWithAccessKeyPayload> {
    return session(context, context.services.logIns.withAccessKey(input, context.origin));
  }

  @Mutation(() => SwitchAccountPayload, {
    description:
      'Creates a token for another account of the caller. It expires when the caller’s current token expires. Refused with INVALID_INPUT.',
  })
  switchAccount(
    @Arg('input', () => SwitchAccountInput, { description: 'Account to switch to.' }) {
      accountName,
    }: SwitchAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<SwitchAccountPayload> {
    const { services, caller, shownToken } = context;
    return session(context, services.logIns.switchAccount(caller, accountName, shownToken));
  }
}

/** Issues the granted token and returns it with the viewer. */
export const session = ({ services, issueToken }: GraphContext, granting: Promise<Grant>) =>
  payload(async () => {
    const grant = await granting;
    const { accountName, email } = grant.identity;
    const caller = await services.people.caller(accountName, email);
    if (!caller) throw new Refusal('UNAUTHENTICATED', 'The person is no longer in the account.');
    return { session: { ...issueToken(grant), viewer: viewerOf(caller) } };
  });
