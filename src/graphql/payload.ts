import { Field, ObjectType } from 'type-graphql';
import { UserErrorType } from './errors.ts';

/** What every mutation answers with, beside the thing itself. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], { description: 'Why nothing was changed; empty when it was done.' })
  userErrors!: UserErrorType[];
}
