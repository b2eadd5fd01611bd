import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import { invalid } from '../../domain/errors.ts';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { atMost } from '../common/lists.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { ActivityNodeType } from './activity.type.ts';

const MAX_REAPPLIED = 100;
/** The stored key also contains the number of a run, and must not exceed the maximum length of a key. */
const MAX_KEY_LENGTH = 200;

@InputType('ApproveActivitiesInput', { description: 'Activities to approve.' })
class ApproveActivitiesInput {
  @Field(() => String, {
    description:
      'Search query as in `activities(filter: { query })`, with at least one term. It may match at most 1,000 activities, all of which must be UNAPPROVED.',
  })
  query!: string;
}

@InputType('ReapplyActivitiesInput', { description: 'Activities to run again.' })
class ReapplyActivitiesInput {
  @Field(() => [ID], {
    description: `Global ids or numbers of runs and executions that have ended. Maximum ${MAX_REAPPLIED}.`,
  })
  ids!: string[];

  @Field(() => String, {
    nullable: true,
    description: `${IDEMPOTENCY_KEY} Maximum ${MAX_KEY_LENGTH} characters.`,
  })
  idempotencyKey?: string | null;
}

@ObjectType('ApproveActivitiesPayload', {
  description: 'Result of `approveActivities`.',
  simpleResolvers: true,
})
class ApproveActivitiesPayload extends Payload {
  @Field(() => [ActivityNodeType], {
    nullable: true,
    description: 'The activities after the approval, oldest first. Null if refused.',
  })
  activities?: readonly Activity[];
}

@ObjectType('ReapplyActivitiesPayload', {
  description: 'Result of `reapplyActivities`.',
  simpleResolvers: true,
})
class ReapplyActivitiesPayload extends Payload {
  @Field(() => [ActivityNodeType], {
    nullable: true,
    description: 'The new runs, one for each run concerned. Null if refused.',
  })
  activities?: readonly Activity[];
}

@Resolver()
export class ActivityActsResolver {
  @Mutation(() => ApproveActivitiesPayload, {
    description:
      'Approves activities that are waiting for approval: all of them or none. Refused with INVALID_INPUT, naming those that are not waiting.',
  })
  approveActivities(
    @Arg('input', () => ApproveActivitiesInput, { description: 'Activities to approve.' })
    { query }: ApproveActivitiesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<ApproveActivitiesPayload> {
    return payload(async () => {
      const activities = await services.approvals.approveAll(caller, query);
      pageLoader.register(activities);
      return { activities };
    });
  }

  @Mutation(() => ReapplyActivitiesPayload, {
    complexity: ({ args, childComplexity }) => (args.input?.ids?.length ?? 1) * (1 + childComplexity),
    description:
      'Runs the profiles or scripts of runs and executions again, either all or none. Uses the same computers, unless they no longer match. Refused with NOT_FOUND, PROFILE_ARCHIVED, SCRIPT_NOT_ACTIVE, IDEMPOTENCY_KEY_REUSED or INVALID_INPUT. INVALID_INPUT names the activities that have not ended.',
  })
  reapplyActivities(
    @Arg('input', () => ReapplyActivitiesInput, { description: 'Activities to run again.' })
    { ids, idempotencyKey: key }: ReapplyActivitiesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<ReapplyActivitiesPayload> {
    return payload(async () => {
      atMost('ids', ids, MAX_REAPPLIED);
      if (key != null && (key === '' || key.length > MAX_KEY_LENGTH))
        throw invalid('idempotencyKey', key, `1 to ${MAX_KEY_LENGTH} printable ASCII characters`);
      const numbers = [...new Set(ids.map((id) => existingId('Activity', 'activity', id, 'ids')))];
      const activities = await services.reruns.reapply(caller, numbers, key);
      pageLoader.register(activities);
      return { activities };
    });
  }
}
