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
  description: 'Behaviour if a run falls due while the previous run is in progress.',
  valuesConfig: {
    ALLOW: { description: 'The run starts anyway.' },
    SKIP: { description: 'The run is skipped.' },
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
  description: 'State of a script profile.',
  valuesConfig: {
    ACTIVE: { description: 'It runs according to its trigger.' },
    PAUSED: { description: 'It is paused, so it runs only manually.' },
    FINISHED: {
      description:
        'Its one-time trigger is finished, even if the profile is paused. A new timestamp rearms it.',
    },
    ARCHIVED: { description: 'It is archived permanently.' },
  },
});

@ObjectType('ScriptProfile', {
  implements: NodeType,
  description: 'A rule that runs a script on certain computers when its trigger falls due.',
  simpleResolvers: true,
})
export class ScriptProfileType extends NodeType {
  @Field(() => String, {
    description: 'Title, unique among all script profiles of the account, including archived ones.',
  })
  title!: string;

  @Field(() => SafeInt, { description: 'Number of its script. It never changes.' })
  scriptId!: number;

  @Field(() => AccessGroupType, {
    description: 'Access group, copied from the script when the profile was created. It never changes.',
  })
  accessGroup!: AccessGroupType;

  @Field(() => PersonType, { nullable: true, description: 'Creator. Null if the person was deleted.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'Time of creation.' })
  createdAt!: string;

  @Field(() => DateTime, { description: 'Time of the last edit or archiving.' })
  lastEditedAt!: string;

  @Field(() => Boolean, {
    description:
      'Whether it runs on all computers in its access group and its descendants, regardless of tags.',
  })
  allComputers!: boolean;

  @Field(() => [String], {
    description:
      'Tags of the computers that it runs on, in the order in which they were given. A computer needs at least one of them. Without effect if `allComputers`.',
  })
  tags!: readonly string[];

  @Field(() => Int, {
    description: 'Time limit in seconds, after which the process is killed and the execution fails.',
  })
  timeLimit!: number;

  @Field(() => String, { description: 'User who runs the script.' })
  username!: string;

  @Field(() => Boolean, { description: 'Whether it is archived permanently.' })
  archived!: boolean;

  @Field(() => ScriptProfileStateEnum, { description: 'State: active, paused, finished or archived.' })
  state!: ScriptProfileState;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Time of the next run. Null for an event trigger, once it is finished, and while it is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the last run, scheduled or manual. Null before the first run.',
  })
  lastRun!: string | null;

  @Field(() => ActivityStatusEnum, {
    nullable: true,
    description:
      'Status of the last run. Null before the first run, and if the run was deleted after its retention time.',
  })
  lastRunStatus!: ActivityStatus | null;

  @Field(() => Int, {
    description:
      'Version number for `expectedVersion`. Starts at 1 and increases each time the profile is edited, paused, resumed or archived.',
  })
  version!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time when it was paused. Null if it is not paused.',
  })
  pausedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    complexity: 1,
    description: 'Note that was given when it was paused. Null if there is none.',
  })
  pauseNote!: string | null;

  @Field(() => OverlapPolicyEnum, {
    description: 'Behaviour if a run falls due while the previous run is in progress.',
  })
  overlap!: OverlapPolicy;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds after the start of a run within which a computer must take its execution. Later the execution is canceled. So a computer that was off for a week runs a minutely profile once. Null if there is no limit.',
  })
  deliverWithin!: number | null;
}

export const ScriptProfileConnection = connectionType(ScriptProfileType, 'ScriptProfile', 'script profiles');
