import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ActivityStatus, ActivityType as Kind, RunCounts } from '../../domain/activities/activity.ts';
import { PersonType } from '../accounts/person.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';

export const ActivityStatusEnum = {
  UNDELIVERED: 'undelivered',
  SCHEDULED: 'scheduled',
  WAITING: 'waiting',
  BLOCKED: 'blocked',
  UNAPPROVED: 'unapproved',
  DELIVERED: 'delivered',
  CANCELED: 'canceled',
  FAILED: 'failed',
  SUCCEEDED: 'succeeded',
} as const satisfies Record<string, ActivityStatus>;

registerEnumType(ActivityStatusEnum, {
  name: 'ActivityStatus',
  description: 'Status of an activity.',
  valuesConfig: {
    UNDELIVERED: { description: 'Queued: the computer has not taken it yet.' },
    SCHEDULED: { description: 'Delivery is scheduled for a later time.' },
    WAITING: { description: 'Waiting for another activity.' },
    BLOCKED: { description: 'Cannot be delivered at present.' },
    UNAPPROVED: { description: 'Waiting for approval.' },
    DELIVERED: { description: 'In progress: the computer has taken it, but has not reported yet.' },
    CANCELED: { description: 'Canceled. A computer that has already taken it may still report.' },
    FAILED: { description: 'Failed. See `resultCode` and `resultText` for the cause.' },
    SUCCEEDED: { description: 'Succeeded.' },
  },
});

export const ActivityTypeEnum = {
  ACTIVITY_GROUP: 'ActivityGroup',
  EXECUTE_SCRIPT_REQUEST: 'ExecuteScriptRequest',
} as const satisfies Record<string, Kind>;

registerEnumType(ActivityTypeEnum, {
  name: 'ActivityType',
  description: 'Type of an activity.',
  valuesConfig: {
    ACTIVITY_GROUP: { description: 'A run, which is the parent of one execution for each computer.' },
    EXECUTE_SCRIPT_REQUEST: { description: 'An execution: the script of a run on one computer.' },
  },
});

@ObjectType('RunCounts', {
  description: 'Number of executions by status. The sum is the total number of executions.',
  simpleResolvers: true,
})
export class RunCountsType implements RunCounts {
  @Field(() => Int, { description: 'Number of executions that their computers have not taken yet.' })
  undelivered!: number;

  @Field(() => Int, { description: 'Number of executions that were taken, but not reported yet.' })
  delivered!: number;

  @Field(() => Int, { description: 'Number of canceled executions.' })
  canceled!: number;

  @Field(() => Int, { description: 'Number of failed executions.' })
  failed!: number;

  @Field(() => Int, { description: 'Number of executions that succeeded.' })
  succeeded!: number;
}

const AS_TAKEN =
  'Null for a run, before delivery, and for deliveries before December 2026, which did not store it.';

@ObjectType('Activity', {
  implements: NodeType,
  description: 'A run of a script profile or of a script, or the execution of such a run on one computer.',
  simpleResolvers: true,
})
export class ActivityNodeType extends NodeType {
  @Field(() => ActivityTypeEnum, { description: 'A run, or one execution of a run.' })
  type!: Kind;

  @Field(() => String, { description: 'Short description of the activity.' })
  summary!: string;

  @Field(() => ActivityStatusEnum, {
    description: 'Status. The status of a run is derived from its executions.',
  })
  status!: ActivityStatus;

  @Field(() => PersonType, {
    nullable: true,
    description: 'Person who caused it. Null if the person was deleted, or if no person caused it.',
  })
  creator!: PersonType | null;

  @Field(() => DateTime, { description: 'Time of creation.' })
  creationTime!: string;

  @Field(() => DateTime, { nullable: true, description: 'Time when it ended. Null until then.' })
  completionTime!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time when the computer took it. Null until then, and for a run.',
  })
  deliveryTime!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Earliest time of delivery. Null for a run, and for an execution that may be delivered immediately.',
  })
  deliverAfter!: string | null;

  @Field(() => Int, { description: 'Time over which the deliveries of a run are spread, in minutes.' })
  deliverDelayWindow!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Length of the complete `resultText` in bytes of UTF-8. Null if there is no text.',
  })
  resultTextLength!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Cause of a failure. 102: killed at the time limit. 103: the exit code was not zero. 104: the attachments could not be fetched. Null in all other cases.',
  })
  resultCode!: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Number of the computer, even if the computer was removed. Null for a run.',
  })
  computerId!: number | null;

  @Field(() => String, {
    nullable: true,
    description: `User who runs the script, as given to the computer. ${AS_TAKEN}`,
  })
  username!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Time limit in seconds, as given to the computer. ${AS_TAKEN}`,
  })
  timeLimit!: number | null;

  @Field(() => RunCountsType, {
    nullable: true,
    description: 'Number of executions of the run by status. Null for an execution.',
  })
  counts!: RunCounts | null;
}

export const ActivityConnection = connectionType(ActivityNodeType, 'Activity', 'activities');
