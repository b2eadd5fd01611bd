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

@InputType('RunScriptProfileInput', { description: 'Script profile to run now.' })
class RunScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile.' })
  id!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Global ids or numbers of the computers to run on. The profile must match each of them. Defaults to all computers that it matches. Maximum 1,000.',
  })
  computerIds?: string[] | null;
}

@ObjectType('RunScriptProfilePayload', {
  description: 'Result of `runScriptProfile`.',
  simpleResolvers: true,
})
class RunScriptProfilePayload extends Payload {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The new run. Null if refused.' })
  activity?: Activity;
}

@InputType('PauseScriptProfileInput', { description: 'Script profile to pause.' })
class PauseScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Note for other people about the reason. On a profile that is already paused, null keeps the stored note and an empty string removes it. Maximum 1,000 characters.',
  })
  note?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType('ResumeScriptProfileInput', { description: 'Script profile to resume.' })
class ResumeScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@ObjectType('PauseScriptProfilePayload', {
  description: 'Result of `pauseScriptProfile`.',
  simpleResolvers: true,
})
class PauseScriptProfilePayload extends VersionedPayload {}

@ObjectType('ResumeScriptProfilePayload', {
  description: 'Result of `resumeScriptProfile`.',
  simpleResolvers: true,
})
class ResumeScriptProfilePayload extends VersionedPayload {}

@InputType('CancelActivityInput', { description: 'Run or execution to cancel.' })
class CancelActivityInput {
  @Field(() => ID, { description: 'Global id or number of the activity.' })
  id!: string;
}

@ObjectType('CancelActivityPayload', { description: 'Result of `cancelActivity`.', simpleResolvers: true })
class CancelActivityPayload extends Payload {
  @Field(() => ActivityNodeType, {
    nullable: true,
    description: 'The activity after the cancellation. Null if refused.',
  })
  activity?: Activity;
}

@InputType('RerunFailedExecutionsInput', { description: 'Run whose failed executions to repeat.' })
class RerunFailedExecutionsInput {
  @Field(() => ID, { description: 'Global id or number of the run.' })
  activityId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('RerunFailedExecutionsPayload', {
  description: 'Result of `rerunFailedExecutions`.',
  simpleResolvers: true,
})
class RerunFailedExecutionsPayload extends Payload {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The new run. Null if refused.' })
  activity?: Activity;
}

/** Runs that operators start by hand. */
@Resolver()
export class RunResolver {
  @Mutation(() => RunScriptProfilePayload, {
    description:
      'Runs a script profile now on the computers that it matches. This also works for an event trigger and for a paused profile. It does not finish a one-time trigger, and does not move the next run. Refused with NOT_FOUND, PROFILE_ARCHIVED, IDEMPOTENCY_KEY_REUSED or INVALID_INPUT. One reason for INVALID_INPUT is that the last run is in progress and runs may not overlap.',
  })
  runScriptProfile(
    @Arg('input', () => RunScriptProfileInput, { description: 'Script profile to run.' })
    input: RunScriptProfileInput,
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
      'Runs a script profile or script again on the computers on which a run failed and which are still matched. Refused with NOT_FOUND, PROFILE_ARCHIVED, SCRIPT_NOT_ACTIVE, IDEMPOTENCY_KEY_REUSED or INVALID_INPUT. One reason for INVALID_INPUT is that no execution failed.',
  })
  rerunFailedExecutions(
    @Arg('input', () => RerunFailedExecutionsInput, { description: 'Run to repeat.' })
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
      'Pauses a script profile. No slot falls due until it is resumed, and a slot that is already due is skipped. A one-time trigger is then finished without a run. Pausing a paused profile changes its note. Refused with NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT or VERSION_CLASH.',
  })
  pauseScriptProfile(
    @Arg('input', () => PauseScriptProfileInput, { description: 'Script profile to pause.' }) {
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
      'Resumes a paused script profile. Slots that passed in the meantime are not run later. A one-time trigger whose time passed is finished without a run. Refused with NOT_FOUND, PROFILE_ARCHIVED or VERSION_CLASH.',
  })
  resumeScriptProfile(
    @Arg('input', () => ResumeScriptProfileInput, { description: 'Script profile to resume.' }) {
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
      'Cancels a run or one execution. Undelivered executions are canceled. For delivered executions, the computer is asked to stop, and its report still counts. Activities that have ended are not changed. Refused with NOT_FOUND.',
  })
  cancelActivity(
    @Arg('input', () => CancelActivityInput, { description: 'Run or execution to cancel.' }) {
      id,
    }: CancelActivityInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CancelActivityPayload> {
    return payload(async () => ({
      activity: await services.executions.cancel(caller, databaseIdOf('Activity', id)),
    }));
  }
}
