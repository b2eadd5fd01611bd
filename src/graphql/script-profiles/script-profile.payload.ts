import { Field, ObjectType } from 'type-graphql';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { type Difference, VersionClash } from '../../domain/script-profiles/version.ts';
import type { ScriptProfileWithExtras } from '../../services/script-profiles/script-profile-ports.ts';
import { payload } from '../common/errors.ts';
import { Payload } from '../common/payload.ts';
import { ScriptProfileType } from './script-profile.type.ts';

@ObjectType('FieldDifference', {
  description: 'A field in which a script profile is not what the caller wants it to be.',
  simpleResolvers: true,
})
export class FieldDifferenceType {
  @Field(() => String, {
    description:
      'The path of the field in the input, such as `title` or `trigger.recurring.interval`; or `archived`, `paused`.',
  })
  field!: string;

  @Field(() => String, { description: 'What is there, as JSON.' })
  current!: string;

  @Field(() => String, { description: 'What the caller wants, as JSON.' })
  yours!: string;
}

export const differencesOf = (differences: readonly Difference[]): FieldDifferenceType[] =>
  differences.map(({ field, current, yours }) => ({
    field,
    current: JSON.stringify(current),
    yours: JSON.stringify(yours),
  }));

@ObjectType('VersionClash', {
  description: 'What a caller needs to decide after a VERSION_CLASH.',
  simpleResolvers: true,
})
class VersionClashType {
  @Field(() => ScriptProfileType, { description: 'The script profile as it is now.' })
  current!: ScriptProfile;

  @Field(() => [FieldDifferenceType], {
    description:
      'In which fields the caller’s change would still change it. Empty when it is as the caller wants it: by an earlier try, say.',
  })
  changedFields!: FieldDifferenceType[];
}

@ObjectType({ simpleResolvers: true })
export abstract class ScriptProfilePayload extends Payload {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description: 'The script profile as it is now; null when refused.',
  })
  scriptProfile?: ScriptProfileWithExtras;
}

/** Of what takes an `expectedVersion`. */
@ObjectType({ simpleResolvers: true })
export abstract class VersionedPayload extends ScriptProfilePayload {
  @Field(() => VersionClashType, {
    nullable: true,
    description: 'What is there now; null unless refused with VERSION_CLASH.',
  })
  clash?: VersionClashType;
}

/** Runs a mutation that takes an `expectedVersion`: a clash brings what is there now into the payload. */
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
