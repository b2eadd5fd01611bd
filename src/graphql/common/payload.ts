import { Field, ObjectType } from 'type-graphql';
import { StaleVersion } from '../../domain/script-profiles/version.ts';
import { payload, UserErrorType } from './errors.ts';

/** What every mutation answers with, beside the thing itself. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], {
    description: 'Reasons why the mutation was refused and changed nothing. Empty on success.',
  })
  userErrors!: UserErrorType[];
}

/** Description of what such a payload has for the caller who lost. */
export const currentDescription = (what: string): string =>
  `The stored ${what}. Null unless refused with VERSION_CLASH.`;

/** Runs an edit that takes an `expectedVersion`: a clash brings what is stored now into the payload. */
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
