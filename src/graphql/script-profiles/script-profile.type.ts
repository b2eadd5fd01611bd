import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ActivityStatus } from '../../domain/activities/activity.ts';
import {
  type OverlapPolicy,
  overlapPolicies,
  type ScriptProfileState,
} from '../../domain/script-profiles/script-profile.ts';
import { AccessGroupType } from '../accounts/access-group.type.ts';
import { PersonType } from '../accounts/person.type.ts';
import { ActivityStatusEnum } from '../activities/activity.type.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';

export const OverlapPolicyEnum = Object.fromEntries(overlapPolicies.map((policy) => [policy, policy]));

registerEnumType(OverlapPolicyEnum, {
  name: 'OverlapPolicy',
  description: 'What happens when a run falls due while the last one is not over.',
  valuesConfig: {
    ALLOW: { description: 'It runs all the same.' },
    SKIP: { description: 'It is skipped.' },
  },
});

export const ScriptProfileStateEnum = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  FINISHED: 'FINISHED',
  ARCHIVED: 'ARCHIVED',
} as const satisfies { [State in ScriptProfileState]: State };

registerEnumType(ScriptProfileStateEnum, {
  name: 'ScriptProfileState',
  description: 'What a script profile is up to.',
  valuesConfig: {
    ACTIVE: { description: 'It runs when its trigger says so.' },
    PAUSED: { description: 'It is paused, and runs by hand only.' },
    FINISHED: {
      description: 'Its one-time trigger is over, paused or not. A new timestamp arms it again.',
    },
    ARCHIVED: { description: 'It is archived permanently.' },
  },
});

@ObjectType('ScriptProfile', {
  implements: NodeType,
  description: 'Run this script, as this user, for at most so long, on these computers, when this happens.',
  simpleResolvers: true,
})
export class ScriptProfileType extends NodeType {
  @Field(() => String, { description: 'Unique among the account’s script profiles, archived ones included.' })
  title!: string;

  @Field(() => SafeInt, { description: 'The script’s number. It never changes.' })
  scriptId!: number;

  @Field(() => AccessGroupType, {
    description: 'Copied from the script when the profile was made. It never changes.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => PersonType, { nullable: true, description: 'Who made it; null when the person is gone.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: string;

  @Field(() => DateTime, { description: 'When it was edited last, archiving included.' })
  lastEditedAt!: string;

  @Field(() => Boolean, {
    description: 'Whether it is for all computers in its access group and below, whatever their tags.',
  })
  allComputers!: boolean;

  @Field(() => [String], {
    description:
      'It is for computers with any of these tags, in the order given. Without effect beside `allComputers`.',
  })
  tags!: readonly string[];

  @Field(() => Int, { description: 'In seconds: the process is killed and counted as failed after it.' })
  timeLimit!: number;

  @Field(() => String, { description: 'The user as whom the script runs.' })
  username!: string;

  @Field(() => Boolean, { description: 'Whether it is archived: out of use, for good.' })
  archived!: boolean;

  @Field(() => ScriptProfileStateEnum, { description: 'Active, paused, finished or archived.' })
  state!: ScriptProfileState;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it will run next. Null for an event trigger, once finished, and while it is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its last run was made, by hand or not. Null before the first.',
  })
  lastRun!: string | null;

  @Field(() => ActivityStatusEnum, {
    nullable: true,
    description: 'Status of its last run. Null before the first, and when that run is no longer kept.',
  })
  lastRunStatus!: ActivityStatus | null;

  @Field(() => Int, {
    description:
      'Counts what people change of it, from 1: edits, pausing, resuming, archiving. For `expectedVersion`.',
  })
  version!: number;

  @Field(() => DateTime, { nullable: true, description: 'Since when it is paused; null while it is not.' })
  pausedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    complexity: 1,
    description: 'Why it is paused, as its pauser said.',
  })
  pauseNote!: string | null;

  @Field(() => OverlapPolicyEnum, {
    description: 'What happens when a run falls due while the last one is not over.',
  })
  overlap!: OverlapPolicy;

  @Field(() => Int, {
    nullable: true,
    description:
      'In seconds: executions that a computer has not taken this long after the run was made are canceled. A computer that was switched off for longer runs only what is still in time. Null without such a limit.',
  })
  deliverWithin!: number | null;
}

export const ScriptProfileConnection = connectionType(ScriptProfileType, 'ScriptProfile', 'script profiles');
