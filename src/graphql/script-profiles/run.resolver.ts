import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import { ActivityNodeType } from '../activities/activity.type.ts';
import { payload } from '../common/errors.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { Payload } from '../common/payload.ts';
import { computerIds } from '../computers/computer.input.ts';
import type { GraphContext } from '../context.ts';
import { VersionedPayload, versionedPayload } from './script-profile.payload.ts';

@InputType('RunScriptProfileInput', { description: 'A script profile to run now.' })
class RunScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Only these of the computers that the profile’s rule matches, by global id or number; at most 1,000. All of them unless told.',
  })
  computerIds?: string[] | null;
}

@ObjectType('RunScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class RunScriptProfilePayload extends Payload {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The run; null when refused.' })
  activity?: Activity;
}

@InputType('PauseScriptProfileInput', { description: 'A script profile to pause.' })
class PauseScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Why, for others to read: up to 1,000 characters. For a profile that is already paused, null keeps the note and an empty string removes it.',
  })
  note?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType('ResumeScriptProfileInput', { description: 'A script profile to resume.' })
class ResumeScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@ObjectType('PauseScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class PauseScriptProfilePayload extends VersionedPayload {}

@ObjectType('ResumeScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class ResumeScriptProfilePayload extends VersionedPayload {}

@InputType('CancelActivityInput', { description: 'A run, or its part on one computer, to cancel.' })
class CancelActivityInput {
  @Field(() => ID, { description: 'The activity, by its global id or its number.' })
  id!: string;
}

@ObjectType('CancelActivityPayload', { description: 'What became of it.', simpleResolvers: true })
class CancelActivityPayload extends Payload {
  @Field(() => ActivityNodeType, {
    nullable: true,
    description: 'The activity as it is now; null when refused.',
  })
  activity?: Activity;
}

@InputType('RerunFailedExecutionsInput', { description: 'A run whose failures to run again.' })
class RerunFailedExecutionsInput {
  @Field(() => ID, { description: 'The run, by its global id or its number.' })
  activityId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('RerunFailedExecutionsPayload', { description: 'Result of the rerun.', simpleResolvers: true })
class RerunFailedExecutionsPayload extends Payload {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The new run; null when refused.' })
  activity?: Activity;
}

/** The operator's hand. */
@Resolver()
export class RunResolver {
  @Mutation(() => RunScriptProfilePayload, {
    description:
      'Runs a script profile now, on the computers that its rule matches; an event profile as well, and also while paused. Neither finishes a one-time profile nor moves the next run. Refused with NOT_FOUND, PROFILE_ARCHIVED, IDEMPOTENCY_KEY_REUSED, or INVALID_INPUT, as when the last run is in progress and runs may not overlap.',
  })
  runScriptProfile(
    @Arg('input', () => RunScriptProfileInput, { description: 'What to run.' }) input: RunScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RunScriptProfilePayload> {
    return payload(async () => ({
      activity: await services.runs.runNow(caller, databaseIdOf('ScriptProfile', input.id), {
        idempotencyKey: input.idempotencyKey,
        computerIds: input.computerIds && computerIds(input.computerIds, 'computerIds'),
      }),
    }));
  }

  @Mutation(() => RerunFailedExecutionsPayload, {
    description:
      'Runs the profile, or the script, of a run again, on the computers where that run failed and that it still reaches. Refused with NOT_FOUND, PROFILE_ARCHIVED, SCRIPT_NOT_ACTIVE, IDEMPOTENCY_KEY_REUSED, or INVALID_INPUT, as when nothing failed.',
  })
  rerunFailedExecutions(
    @Arg('input', () => RerunFailedExecutionsInput, { description: 'Which run.' })
    { activityId, idempotencyKey }: RerunFailedExecutionsInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RerunFailedExecutionsPayload> {
    return payload(async () => {
      const id = existingId('Activity', 'run', activityId, 'activityId');
      return { activity: await services.reruns.rerunFailed(caller, id, idempotencyKey) };
    });
  }

  @Mutation(() => PauseScriptProfilePayload, {
    description:
      'Pauses a script profile: nothing falls due until it is resumed, and what is due already is skipped: a one-time profile is then finished without a run. Pausing again changes the note. Refused with NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT or VERSION_CLASH.',
  })
  pauseScriptProfile(
    @Arg('input', () => PauseScriptProfileInput, { description: 'What to pause.' }) {
      id,
      note,
      expectedVersion,
    }: PauseScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<PauseScriptProfilePayload> {
    return versionedPayload(() =>
      services.scriptProfiles.pause(caller, databaseIdOf('ScriptProfile', id), note ?? null, expectedVersion),
    );
  }

  @Mutation(() => ResumeScriptProfilePayload, {
    description:
      'Resumes a paused script profile. What passed in the meantime is not caught up: a one-time profile whose time passed is finished without a run. Refused with NOT_FOUND, PROFILE_ARCHIVED or VERSION_CLASH.',
  })
  resumeScriptProfile(
    @Arg('input', () => ResumeScriptProfileInput, { description: 'What to resume.' }) {
      id,
      expectedVersion,
    }: ResumeScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ResumeScriptProfilePayload> {
    return versionedPayload(() =>
      services.scriptProfiles.resume(caller, databaseIdOf('ScriptProfile', id), expectedVersion),
    );
  }

  @Mutation(() => CancelActivityPayload, {
    description:
      'Cancels a run, or its part on one computer: what is not delivered is canceled; what is delivered is asked to stop, and its report still counts. What is over stays as it is. Refused with NOT_FOUND.',
  })
  cancelActivity(
    @Arg('input', () => CancelActivityInput, { description: 'What to cancel.' }) { id }: CancelActivityInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CancelActivityPayload> {
    return payload(async () => ({
      activity: await services.executions.cancel(caller, databaseIdOf('Activity', id)),
    }));
  }
}
