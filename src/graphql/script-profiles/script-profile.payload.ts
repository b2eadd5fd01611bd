import { Field, ObjectType } from 'type-graphql';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { type Difference, VersionClash } from '../../domain/script-profiles/version.ts';
import type { ScriptProfileWithExtras } from '../../services/script-profiles/script-profile-ports.ts';
import { payload } from '../common/errors.ts';
import { Payload } from '../common/payload.ts';
import { ScriptProfileType } from './script-profile.type.ts';

@ObjectType('FieldDifference', {
  description: 'A field whose stored value differs from the value in the caller’s change.',
  simpleResolvers: true,
})
export class FieldDifferenceType {
  @Field(() => String, {
    description:
      'Path of the field in the input, such as `title` or `trigger.recurring.interval`. Also `archived` or `paused`.',
  })
  field!: string;

  @Field(() => String, { description: 'Stored value, as JSON.' })
  current!: string;

  @Field(() => String, { description: 'Value in the caller’s change, as JSON.' })
  yours!: string;
}

export const differencesOf = (differences: readonly Difference[]): FieldDifferenceType[] =>
  differences.map(({ field, current, yours }) => ({
    field,
    current: JSON.stringify(current),
    yours: JSON.stringify(yours),
  }));

@ObjectType('VersionClash', {
  description: 'Information for the caller to resolve a VERSION_CLASH.',
  simpleResolvers: true,
})
class VersionClashType {
  @Field(() => ScriptProfileType, { description: 'The stored script profile.' })
  current!: ScriptProfile;

  @Field(() => [FieldDifferenceType], {
    description:
      'Fields that differ from the stored version. Empty if the stored version already has the caller’s values, for example after an earlier attempt.',
  })
  changedFields!: FieldDifferenceType[];
}

@ObjectType({ simpleResolvers: true })
export abstract class ScriptProfilePayload extends Payload {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description: 'The script profile after the mutation. Null if refused.',
  })
  scriptProfile?: ScriptProfileWithExtras;
}

/** Base of the payloads of mutations with an `expectedVersion`. */
@ObjectType({ simpleResolvers: true })
export abstract class VersionedPayload extends ScriptProfilePayload {
  @Field(() => VersionClashType, {
    nullable: true,
    description: 'The stored version and its differences. Null unless refused with VERSION_CLASH.',
  })
  clash?: VersionClashType;
}

/** Runs a mutation with an `expectedVersion`. On a VERSION_CLASH the payload contains the stored version. */
export async function versionedPayload(work: () => Promise<ScriptProfile>): Promise<VersionedPayload> {
  let clash: VersionClashType | undefined;
  const done = await payload(async () => {
    try {
      return { scriptProfile: await work() };
    } catch (error) {
      if (error instanceof VersionClash) {
        clash = { current: error.current, changedFields: differencesOf(error.changedFields) };
      }
      throw error;
    }
  });
  return { ...done, clash };
}
