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
  description: 'How far an activity is.',
  valuesConfig: {
    UNDELIVERED: { description: 'Queued: the computer has not taken it yet.' },
    SCHEDULED: { description: 'To be delivered at a later time.' },
    WAITING: { description: 'Waits for another activity.' },
    BLOCKED: { description: 'Can’t be delivered for now.' },
    UNAPPROVED: { description: 'Waits for somebody’s approval.' },
    DELIVERED: { description: 'In progress: taken, and not reported yet.' },
    CANCELED: { description: 'Canceled. A computer that was at it may still report.' },
    FAILED: { description: 'Ended badly; `resultCode` and `resultText` say how.' },
    SUCCEEDED: { description: 'Ended well.' },
  },
});

export const ActivityTypeEnum = {
  ACTIVITY_GROUP: 'ActivityGroup',
  EXECUTE_SCRIPT_REQUEST: 'ExecuteScriptRequest',
} as const satisfies Record<string, Kind>;

registerEnumType(ActivityTypeEnum, {
  name: 'ActivityType',
  description: 'What kind of activity it is.',
  valuesConfig: {
    ACTIVITY_GROUP: { description: 'A run: the parent of one activity for each computer.' },
    EXECUTE_SCRIPT_REQUEST: { description: 'The execution of a script on one computer.' },
  },
});

@ObjectType('RunCounts', {
  description: 'How many executions of a run are where. Together: all of them.',
  simpleResolvers: true,
})
export class RunCountsType implements RunCounts {
  @Field(() => Int, { description: 'Not taken by their computers yet.' })
  undelivered!: number;

  @Field(() => Int, { description: 'Taken, and not reported yet.' })
  delivered!: number;

  @Field(() => Int, { description: 'Canceled.' })
  canceled!: number;

  @Field(() => Int, { description: 'Ended badly.' })
  failed!: number;

  @Field(() => Int, { description: 'Ended well.' })
  succeeded!: number;
}

@ObjectType('Activity', {
  implements: NodeType,
  description: 'A run of a script profile, or of a script by itself, or its part on one computer.',
  simpleResolvers: true,
})
export class ActivityNodeType extends NodeType {
  @Field(() => ActivityTypeEnum, { description: 'A run, or its part on one computer.' })
  type!: Kind;

  @Field(() => String, { description: 'What is done, in a few words.' })
  summary!: string;

  @Field(() => ActivityStatusEnum, {
    description: 'How far it is. A run’s status is rolled up from its parts.',
  })
  status!: ActivityStatus;

  @Field(() => PersonType, { nullable: true, description: 'Who is behind it; null when the person is gone.' })
  creator!: PersonType | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  creationTime!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it is open.' })
  completionTime!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the computer took it; null for a run.' })
  deliveryTime!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Earliest delivery. Null if it may be delivered at once, and for a run.',
  })
  deliverAfter!: string | null;

  @Field(() => Int, { description: 'In minutes: over how long the deliveries of a run are spread.' })
  deliverDelayWindow!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Length of the whole `resultText`, in bytes of UTF-8. Null without a text.',
  })
  resultTextLength!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '102: killed at the time limit. 103: the script’s exit code was not zero. 104: its attachments could not be fetched. Null otherwise.',
  })
  resultCode!: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description:
      'The number of the computer that it is for, also when the computer was removed; null for a run.',
  })
  computerId!: number | null;

  @Field(() => RunCountsType, {
    nullable: true,
    description: 'How many executions of the run are where; null for an execution.',
  })
  counts!: RunCounts | null;
}

export const ActivityConnection = connectionType(ActivityNodeType, 'Activity', 'activities');
