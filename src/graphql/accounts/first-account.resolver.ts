import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { FirstAccount } from '../../services/accounts/first-account.ts';
import { payload } from '../common/errors.ts';
import { Payload } from '../common/payload.ts';
import { DateTime } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { NEW_PASSWORD } from './password.resolver.ts';
import { PersonType } from './person.type.ts';

@InputType('CreateFirstAccountInput', { description: 'First administrator of an empty installation.' })
class CreateFirstAccountInput {
  @Field(() => String, { description: 'Name of the administrator: 1 to 255 characters.' })
  name!: string;

  @Field(() => String, { description: 'E-mail address of the administrator, used to log in.' })
  email!: string;

  @Field(() => String, { description: `Password of the administrator: ${NEW_PASSWORD}` })
  password!: string;
}

@ObjectType('CreateFirstAccountPayload', {
  description: 'Result of `createFirstAccount`.',
  simpleResolvers: true,
})
class CreateFirstAccountPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Name of the account. Null if refused.' })
  accountName?: string;

  @Field(() => String, { nullable: true, description: 'Title of the account. Null if refused.' })
  accountTitle?: string;

  @Field(() => DateTime, { nullable: true, description: 'Time of creation. Null if refused.' })
  createdAt?: string;

  @Field(() => PersonType, { nullable: true, description: 'The administrator. Null if refused.' })
  person?: FirstAccount['person'];
}

@Resolver()
export class FirstAccountResolver {
  @Mutation(() => CreateFirstAccountPayload, {
    description:
      'Creates the account of an empty installation, and its administrator, who can then log in. Requires no token. Requires HTTPS or a request from the server’s own machine (FORBIDDEN). Refused with INVALID_INPUT if an account exists.',
  })
  createFirstAccount(
    @Arg('input', () => CreateFirstAccountInput, { description: 'The administrator.' })
    input: CreateFirstAccountInput,
    @Ctx() { services, origin }: GraphContext,
  ): Promise<CreateFirstAccountPayload> {
    return payload(() => services.firstAccount.create(input, origin));
  }
}
