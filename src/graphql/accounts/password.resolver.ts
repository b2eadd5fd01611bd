import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { MAX_PASSWORD_LENGTH } from '../../domain/accounts/log-in.ts';
import { MIN_PASSWORD_LENGTH } from '../../domain/accounts/password.ts';
import type { GraphContext } from '../context.ts';
import { SessionPayload, session } from './log-in.resolver.ts';

export const NEW_PASSWORD = `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH.toLocaleString('en')} characters, no control characters.`;

@InputType('SetPasswordInput', { description: 'New password and the token of a link.' })
class SetPasswordInput {
  @Field(() => String, {
    description: 'Token of a link that `createPerson` or `resetPassword` returned.',
  })
  token!: string;

  @Field(() => String, { description: `The new password: ${NEW_PASSWORD}` })
  password!: string;
}

@InputType('ChangePasswordInput', { description: 'Current and new password of the caller.' })
class ChangePasswordInput {
  @Field(() => String, { description: 'Current password.' })
  currentPassword!: string;

  @Field(() => String, { description: `The new password: ${NEW_PASSWORD}` })
  newPassword!: string;
}

@ObjectType('SetPasswordPayload', { description: 'Result of `setPassword`.', simpleResolvers: true })
class SetPasswordPayload extends SessionPayload {}

@ObjectType('ChangePasswordPayload', { description: 'Result of `changePassword`.', simpleResolvers: true })
class ChangePasswordPayload extends SessionPayload {}

@Resolver()
export class PasswordResolver {
  @Mutation(() => SetPasswordPayload, {
    description:
      'Sets a person’s password with the one-time token of a link, and logs the person in. Requires no other token. Revokes the person’s earlier tokens. A wrong, used or expired token causes the error UNAUTHENTICATED. Too many wrong attempts cause the error RATE_LIMITED, with `retryAfter` in seconds. Refused with INVALID_INPUT.',
  })
  setPassword(
    @Arg('input', () => SetPasswordInput, { description: 'New password, and the token of the link.' })
    { token, password }: SetPasswordInput,
    @Ctx() context: GraphContext,
  ): Promise<SetPasswordPayload> {
    return session(context, context.services.passwords.set(token, password, context.origin));
  }

  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes the caller’s own password. Revokes all tokens of the caller, and returns a new one that expires when the current token would. Access keys stay valid. A wrong current password is refused with INVALID_INPUT. Too many wrong attempts cause the error RATE_LIMITED, with `retryAfter` in seconds.',
  })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Current and new password.' })
    input: ChangePasswordInput,
    @Ctx() context: GraphContext,
  ): Promise<ChangePasswordPayload> {
    const { services, caller, origin, shownToken } = context;
    return session(context, services.passwords.change(caller, input, origin, shownToken));
  }
}
