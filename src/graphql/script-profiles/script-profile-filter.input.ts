import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { ActivityStatus } from '../../domain/activities/activity.ts';
import type { ScriptProfileState } from '../../domain/script-profiles/script-profile.ts';
import type { TriggerKind } from '../../domain/script-profiles/trigger.ts';
import type { ScriptProfileFilter } from '../../services/script-profiles/script-profile-ports.ts';
import { GROUP_IDS } from '../accounts/access-group.input.ts';
import { ActivityStatusEnum } from '../activities/activity.type.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { ScriptProfileStateEnum } from './script-profile.type.ts';

export const StatusFilterEnum = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED', ALL: 'ALL' } as const;

registerEnumType(StatusFilterEnum, {
  name: 'ScriptProfileStatusFilter',
  description: 'Which script profiles to include in a list.',
  valuesConfig: {
    ACTIVE: { description: 'Script profiles that are not archived.' },
    ARCHIVED: { description: 'Archived script profiles.' },
    ALL: { description: 'All script profiles, archived or not.' },
  },
});

const TriggerKindEnum = {
  EVENT: 'event',
  ONE_TIME: 'one_time',
  RECURRING: 'recurring',
} as const satisfies Record<string, TriggerKind>;

registerEnumType(TriggerKindEnum, {
  name: 'TriggerType',
  description: 'Kind of trigger.',
  valuesConfig: {
    EVENT: { description: 'Runs when an event occurs.' },
    ONE_TIME: { description: 'Runs once, at a given time.' },
    RECURRING: { description: 'Runs repeatedly, on a schedule.' },
  },
});

@InputType('ScriptProfileFilter', {
  description: 'Filter of a list of script profiles. A profile must match all fields.',
})
export class ScriptProfileFilterInput {
  @Field(() => StatusFilterEnum, {
    nullable: true,
    defaultValue: 'ACTIVE',
    description: 'Archived profiles, profiles that are not archived, or both. Defaults to ACTIVE.',
  })
  status?: ScriptProfileFilter['status'] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of the title. Case is ignored. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Exact titles, of which a profile must have one. Maximum 1,000.',
  })
  titles?: string[] | null;

  @Field(() => [TriggerKindEnum], {
    nullable: true,
    description: 'Kinds of triggers to include. Defaults to all.',
  })
  triggerTypes?: TriggerKind[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Tags, of which a profile must have at least one. Maximum 1,000.',
  })
  tags?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids or numbers of scripts, of which a profile must run one. Maximum 1,000.',
  })
  scriptIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of access groups. Matches objects in any of these groups or their descendants. Maximum 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], { nullable: true, description: GROUP_IDS })
  accessGroupIds?: string[] | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the creation.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'Time range of the last edit or archiving.',
  })
  lastEditedAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the next run.' })
  nextRun?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'Time range of the last run.',
  })
  lastRun?: DateTimeRangeInput | null;

  @Field(() => [ScriptProfileStateEnum], {
    nullable: true,
    description: 'States to include. ARCHIVED requires `status` ARCHIVED or ALL. Defaults to all.',
  })
  states?: ScriptProfileState[] | null;

  @Field(() => [ActivityStatusEnum], {
    nullable: true,
    description: 'Statuses of the last run to include. Excludes profiles without a run. Defaults to all.',
  })
  lastRunStatuses?: ActivityStatus[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Global ids or numbers of people. Matches script profiles that one of them created. Maximum 1,000.',
  })
  createdByIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Global id or number of a computer that the next run must reach. Includes paused profiles and excludes profiles with an event trigger. Matches nothing if the caller may not see the computer.',
  })
  reachesComputerId?: string | null;
}

const ScriptProfileOrder = orderInput('ScriptProfile', {
  CREATED_AT: 'Time of creation.',
  LAST_EDITED_AT: 'Time of the last edit.',
  TITLE: 'Title.',
  NEXT_RUN: 'Time of the next run. Profiles without one come last in both directions.',
  LAST_RUN: 'Time of the last run. Profiles that never ran come last in both directions.',
  NUM_COMPUTERS: 'Number of computers that the next run would reach.',
});

@ArgsType()
export class ScriptProfilesOrderArgs extends ConnectionArgs {
  @Field(() => ScriptProfileOrder, {
    nullable: true,
    defaultValue: defaultOrder.ScriptProfile,
    description: 'Sort order. Defaults to newest first.',
  })
  orderBy?: InstanceType<typeof ScriptProfileOrder> | null;
}

@ArgsType()
export class ScriptProfilesArgs extends ScriptProfilesOrderArgs {
  @Field(() => ScriptProfileFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to profiles that are not archived.',
  })
  filter?: ScriptProfileFilterInput | null;
}

/** @throws Refusal INVALID_INPUT */
export function scriptProfileFilter(input: ScriptProfileFilterInput | null | undefined): ScriptProfileFilter {
  const { scriptIds, accessGroupIds, createdByIds, reachesComputerId, triggerTypes, status, ...filter } =
    checkFilter(input ?? {});
  return {
    ...filter,
    status: status ?? 'ACTIVE',
    triggerKinds: triggerTypes,
    scriptIds: scriptIds?.map((id) => databaseIdOf('Script', id)),
    accessGroupIds: accessGroupIds?.map((id) => databaseIdOf('AccessGroup', id)),
    createdByIds: createdByIds?.map((id) => databaseIdOf('Person', id)),
    reachesComputerId: reachesComputerId == null ? null : databaseIdOf('Computer', reachesComputerId),
  };
}
