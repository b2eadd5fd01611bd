import { Field, ObjectType } from 'type-graphql';
import { StaleVersion } from '../../domain/script-profiles/version.ts';
import { payload, UserErrorType } from './errors.ts';

/** Base of every mutation's payload. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], {
    description: 'Reasons why the mutation was refused and changed nothing. Empty on success.',
  })
  userErrors!: UserErrorType[];
}

/** Description of the field that returns the stored version after a VERSION_CLASH. */
export const currentDescription = (what: string): string =>
  `The stored ${what}. Null unless refused with VERSION_CLASH.`;

/** Runs an edit with an `expectedVersion`. On a VERSION_CLASH the payload contains the stored version. */
export async function editPayload<Result extends object, Current>(
  work: () => Promise<Result>,
): Promise<Result & Payload & { current?: Current }> {
  let current: Current | undefined;
  const done = await payload(async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StaleVersion) current = error.current as Current;
      throw error;
    }
  });
  return { ...done, current };
}
