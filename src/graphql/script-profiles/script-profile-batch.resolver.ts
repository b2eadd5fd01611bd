import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import { invalid, Refusal } from '../../domain/errors.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { ActivityNodeType } from '../activities/activity.type.ts';
import { payload, UserErrorType, userErrorOf } from '../common/errors.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { atMost } from '../common/lists.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { ScriptProfileType } from './script-profile.type.ts';

const MAX_PROFILES = 100;
const IDS = `Global ids or numbers of script profiles. A profile that is named twice is processed once. Maximum ${MAX_PROFILES}.`;
/** The stored key also contains the number of a profile, and must not exceed the maximum length of a key. */
const MAX_KEY_LENGTH = 200;

@InputType()
abstract class ScriptProfilesInput {
  @Field(() => [ID], { description: IDS })
  ids!: string[];
}

@InputType('PauseScriptProfilesInput', { description: 'Script profiles to pause.' })
class PauseScriptProfilesInput extends ScriptProfilesInput {
  @Field(() => String, {
    nullable: true,
    description: 'Note for all of them, as in `pauseScriptProfile`. Maximum 1,000 characters.',
  })
  note?: string | null;
}

@InputType('ResumeScriptProfilesInput', { description: 'Script profiles to resume.' })
class ResumeScriptProfilesInput extends ScriptProfilesInput {}

@InputType('ArchiveScriptProfilesInput', { description: 'Script profiles to archive permanently.' })
class ArchiveScriptProfilesInput extends ScriptProfilesInput {}

@InputType('RunScriptProfilesInput', { description: 'Script profiles to run now.' })
class RunScriptProfilesInput extends ScriptProfilesInput {
  @Field(() => String, {
    nullable: true,
    description: `${IDEMPOTENCY_KEY} In this mutation the maximum is ${MAX_KEY_LENGTH} characters, and the key applies to each profile separately.`,
  })
  idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
abstract class ResultOfOne {
  @Field(() => ID, { description: 'Id of the script profile, as the caller sent it.' })
  profileId!: string;

  @Field(() => [UserErrorType], {
    description:
      'Reasons why the mutation was refused for this profile. Empty on success. Contains FORBIDDEN if the caller may manage other profiles of the list, but not this one.',
  })
  userErrors!: UserErrorType[];
}

@ObjectType('ScriptProfileResult', {
  description: 'Result for one of several script profiles.',
  simpleResolvers: true,
})
class ScriptProfileResultType extends ResultOfOne {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description: 'The script profile after the mutation. Null if refused.',
  })
  scriptProfile?: ScriptProfile;
}

@ObjectType('RunResult', {
  description: 'Result for one of several script profiles to run.',
  simpleResolvers: true,
})
class RunResultType extends ResultOfOne {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The new run. Null if refused.' })
  activity?: Activity;
}

@ObjectType({ simpleResolvers: true })
abstract class ScriptProfileResultsPayload extends Payload {
  @Field(() => [ScriptProfileResultType], {
    nullable: true,
    complexity: resultsOnly,
    description:
      'One result for each profile, in the order of `ids`. Null if the request was refused as a whole.',
  })
  results?: readonly ScriptProfileResultType[];
}

@ObjectType('PauseScriptProfilesPayload', {
  description: 'Results of a batch mutation, one for each script profile.',
  simpleResolvers: true,
})
class PauseScriptProfilesPayload extends ScriptProfileResultsPayload {}

@ObjectType('ResumeScriptProfilesPayload', {
  description: 'Results of a batch mutation, one for each script profile.',
  simpleResolvers: true,
})
class ResumeScriptProfilesPayload extends ScriptProfileResultsPayload {}

@ObjectType('ArchiveScriptProfilesPayload', {
  description: 'Results of a batch mutation, one for each script profile.',
  simpleResolvers: true,
})
class ArchiveScriptProfilesPayload extends ScriptProfileResultsPayload {}

@ObjectType('RunScriptProfilesPayload', {
  description: 'Results of a batch mutation, one for each script profile.',
  simpleResolvers: true,
})
class RunScriptProfilesPayload extends Payload {
  @Field(() => [RunResultType], {
    nullable: true,
    complexity: resultsOnly,
    description:
      'One result for each profile, in the order of `ids`. Null if the request was refused as a whole.',
  })
  results?: readonly RunResultType[];
}

const EACH =
  'Each profile is processed separately and has its own result, so a refusal does not affect the others. Fails with the top-level error FORBIDDEN if the caller may manage none of them.';

/** Mutations of several script profiles. Each profile is changed in a separate transaction. */
@Resolver()
export class ScriptProfileBatchResolver {
  @Mutation(() => PauseScriptProfilesPayload, {
    complexity: costOfEach,
    description: `Pauses script profiles as \`pauseScriptProfile\` does. ${EACH}`,
  })
  pauseScriptProfiles(
    @Arg('input', () => PauseScriptProfilesInput, { description: 'Script profiles to pause.' })
    { ids, note }: PauseScriptProfilesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<PauseScriptProfilesPayload> {
    return profileResults(ids, pageLoader, (id) => services.scriptProfiles.pause(caller, id, note ?? null));
  }

  @Mutation(() => ResumeScriptProfilesPayload, {
    complexity: costOfEach,
    description: `Resumes script profiles as \`resumeScriptProfile\` does. ${EACH}`,
  })
  resumeScriptProfiles(
    @Arg('input', () => ResumeScriptProfilesInput, { description: 'Script profiles to resume.' })
    { ids }: ResumeScriptProfilesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<ResumeScriptProfilesPayload> {
    return profileResults(ids, pageLoader, (id) => services.scriptProfiles.resume(caller, id));
  }

  @Mutation(() => ArchiveScriptProfilesPayload, {
    complexity: costOfEach,
    description: `Archives script profiles permanently, as \`archiveScriptProfile\` does. ${EACH}`,
  })
  archiveScriptProfiles(
    @Arg('input', () => ArchiveScriptProfilesInput, { description: 'Script profiles to archive.' })
    { ids }: ArchiveScriptProfilesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<ArchiveScriptProfilesPayload> {
    return profileResults(ids, pageLoader, (id) => services.scriptProfiles.archive(caller, id));
  }

  @Mutation(() => RunScriptProfilesPayload, {
    complexity: costOfEach,
    description: `Runs script profiles now, as \`runScriptProfile\` does. ${EACH}`,
  })
  runScriptProfiles(
    @Arg('input', () => RunScriptProfilesInput, { description: 'Script profiles to run.' })
    { ids, idempotencyKey: key }: RunScriptProfilesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<RunScriptProfilesPayload> {
    return payload(async () => {
      if (key != null && (key === '' || key.length > MAX_KEY_LENGTH))
        throw invalid('idempotencyKey', key, `1 to ${MAX_KEY_LENGTH} printable ASCII characters`);
      const results = await forEach(ids, async (id) => ({
        activity: await services.runs.runNow(caller, id, {
          mutation: 'runScriptProfiles',
          idempotencyKey: key == null ? null : `${key}/${id}`,
        }),
      }));
      pageLoader.register(results.flatMap(({ activity }) => activity ?? []));
      return { results };
    });
  }
}

const profileResults = (
  ids: readonly string[],
  siblings: GraphContext['pageLoader'],
  change: (id: number) => Promise<ScriptProfile>,
) =>
  payload(async () => {
    const results = await forEach(ids, async (id) => ({ scriptProfile: await change(id) }));
    siblings.register(results.flatMap(({ scriptProfile }) => scriptProfile ?? []));
    return { results };
  });

/**
 * Returns one result for each profile. Any error that is not a refusal, such as an unreachable database, ends the
 * batch.
 * @throws Refusal INVALID_INPUT if there are too many profiles; FORBIDDEN if all of them are forbidden
 */
async function forEach<Done extends object>(
  ids: readonly string[],
  work: (id: number) => Promise<Done>,
): Promise<(ResultOfOne & Partial<Done>)[]> {
  atMost('ids', ids, MAX_PROFILES);
  const byNumber = new Map(ids.map((id) => [databaseIdOf('ScriptProfile', id) || id, id]));
  const results: (ResultOfOne & Partial<Done>)[] = [];
  const forbidden: Refusal[] = [];
  for (const profileId of byNumber.values()) {
    try {
      const done = await payload(() => work(existingId('ScriptProfile', 'script profile', profileId)));
      results.push({ profileId, ...done });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'FORBIDDEN') throw error;
      forbidden.push(error);
      results.push({ profileId, userErrors: [userErrorOf(error)] } as ResultOfOne & Partial<Done>);
    }
  }
  if (forbidden.length > 0 && forbidden.length === results.length) throw forbidden[0];
  return results;
}

/** The cost of each profile: some statements, and the selected fields. */
function costOfEach({ args, childComplexity }: ComplexityEstimatorArgs): number {
  const { ids } = args.input as ScriptProfilesInput;
  return Math.min(ids.length, MAX_PROFILES) * (10 + childComplexity);
}

/** The mutation counts the results, because it knows their number. */
function resultsOnly({ childComplexity }: ComplexityEstimatorArgs): number {
  return childComplexity;
}
