import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { MAX_PASSWORD_LENGTH } from '../../domain/accounts/log-in.ts';
import { MIN_PASSWORD_LENGTH } from '../../domain/accounts/password.ts';
import type { GraphContext } from '../context.ts';
import { SessionPayload, session } from './log-in.resolver.ts';

const NEW_PASSWORD = `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH.toLocaleString('en')} characters, no control characters.`;

@InputType('SetPasswordInput', { description: 'A password, and the leave to set it.' })
class SetPasswordInput {
  @Field(() => String, {
    description: 'The token of a link that `createPerson` or `resetPassword` answered with.',
  })
  token!: string;

  @Field(() => String, { description: `The new password: ${NEW_PASSWORD}` })
  password!: string;
}

@InputType('ChangePasswordInput', { description: 'The caller’s password, as it is and as it is to be.' })
class ChangePasswordInput {
  @Field(() => String, { description: 'The password until now.' })
  currentPassword!: string;

  @Field(() => String, { description: `The new password: ${NEW_PASSWORD}` })
  newPassword!: string;
}

@ObjectType('SetPasswordPayload', { description: 'What became of it.', simpleResolvers: true })
class SetPasswordPayload extends SessionPayload {}

@ObjectType('ChangePasswordPayload', { description: 'What became of it.', simpleResolvers: true })
class ChangePasswordPayload extends SessionPayload {}

@Resolver()
export class PasswordResolver {
  @Mutation(() => SetPasswordPayload, {
    description:
      'Sets a person’s password, once, with the token of a link, and logs them in; takes no token of a log-in. Their earlier tokens are refused. A token that is wrong, used or expired is the error UNAUTHENTICATED, and too many of them RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  setPassword(
    @Arg('input', () => SetPasswordInput, { description: 'The password.' })
    { token, password }: SetPasswordInput,
    @Ctx() context: GraphContext,
  ): Promise<SetPasswordPayload> {
    return session(context, context.services.passwords.set(token, password, context.origin));
  }

  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes the caller’s own password. Takes back all their tokens so far, the shown one too, and answers with another that lasts as long; access keys stay good. A wrong current password is refused with INVALID_INPUT, and too many of them are the error RATE_LIMITED, with `retryAfter` in seconds.',
  })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The passwords.' }) input: ChangePasswordInput,
    @Ctx() context: GraphContext,
  ): Promise<ChangePasswordPayload> {
    const { services, caller, origin, shownToken } = context;
    return session(context, services.passwords.change(caller, input, origin, shownToken));
  }
}
