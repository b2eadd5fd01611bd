import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import type { ActivityStatus } from '../../domain/activities/activity.ts';
import {
  LONGEST_DELIVERY,
  type OverlapPolicy,
  type ScriptProfileDraft,
  type ScriptProfileState,
  SHORTEST_DELIVERY,
} from '../../domain/script-profiles/script-profile.ts';
import type { TriggerKind } from '../../domain/script-profiles/trigger.ts';
import { scriptNotFound } from '../../services/script-profiles/script-profile-checks.ts';
import type { ScriptProfileFilter } from '../../services/script-profiles/script-profile-ports.ts';
import { GROUP_IDS } from '../accounts/access-group.input.ts';
import { ActivityStatusEnum } from '../activities/activity.type.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { TriggerInput, triggerDraft, triggerEdit, UpdateTriggerInput } from '../schedule/trigger.input.ts';
import { OverlapPolicyEnum, ScriptProfileStateEnum } from './script-profile.type.ts';

const TITLE =
  'Trimmed; 1 to 255 characters, unique among the account’s script profiles, archived ones included (TITLE_TAKEN).';
const USERNAME =
  'The user as whom the script runs: 1 to 256 characters, no control or invisible characters, `:` or `/`.';
const TIME_LIMIT = 'In seconds, from 1 to 2147483647: the process is killed and counted as failed after it.';
const ALL_COMPUTERS = 'For all computers in the script’s access group and below, whatever their tags.';
const TAGS =
  'For computers with any of these tags, in that access group and below. At most 1,000, each 1 to 255 letters, digits, `_` and `-`, not starting with `-`; duplicates collapse.';
const DELIVER_WITHIN = `In seconds: executions that a computer has not taken this long after the run was made are canceled, with the reason in \`resultText\`. From ${SHORTEST_DELIVERY} to ${LONGEST_DELIVERY.toLocaleString('en-US')} (a year).`;
const OVERLAP = 'What happens when a run falls due while the last one is not over.';

@InputType('CreateScriptProfileInput', { description: 'A new script profile.' })
export class CreateScriptProfileInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => ID, {
    description:
      'The script, by its global id or its number; it must be active (SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE).',
  })
  scriptId!: string;

  @Field(() => String, { description: USERNAME })
  username!: string;

  @Field(() => Int, { description: TIME_LIMIT })
  timeLimit!: number;

  @Field(() => TriggerInput, { description: 'When to run: exactly one kind.' })
  trigger!: TriggerInput;

  @Field(() => Boolean, { nullable: true, description: `${ALL_COMPUTERS} False unless told.` })
  allComputers?: boolean | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} None unless told.` })
  tags?: string[] | null;

  @Field(() => OverlapPolicyEnum, { nullable: true, description: `${OVERLAP} ALLOW unless told.` })
  overlap?: OverlapPolicy | null;

  @Field(() => Int, { nullable: true, description: `${DELIVER_WITHIN} Defaults to 0, which is no limit.` })
  deliverWithin?: number | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateScriptProfileInput', {
  description: 'A change of a script profile: what is left out, or null, stays as it is.',
})
export class UpdateScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: USERNAME })
  username?: string | null;

  @Field(() => Int, { nullable: true, description: TIME_LIMIT })
  timeLimit?: number | null;

  @Field(() => UpdateTriggerInput, { nullable: true, description: 'When to run: the kind that it has.' })
  trigger?: UpdateTriggerInput | null;

  @Field(() => Boolean, { nullable: true, description: ALL_COMPUTERS })
  allComputers?: boolean | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} \`[]\` takes all tags away.` })
  tags?: string[] | null;

  @Field(() => OverlapPolicyEnum, { nullable: true, description: OVERLAP })
  overlap?: OverlapPolicy | null;

  @Field(() => Int, {
    nullable: true,
    description: `${DELIVER_WITHIN} 0 takes the limit away. Applies to later runs.`,
  })
  deliverWithin?: number | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType('ArchiveScriptProfileInput', { description: 'A script profile to put out of use, for good.' })
export class ArchiveScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

export const StatusFilterEnum = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED', ALL: 'ALL' } as const;

registerEnumType(StatusFilterEnum, {
  name: 'ScriptProfileStatusFilter',
  description: 'Which script profiles to list.',
  valuesConfig: {
    ACTIVE: { description: 'Those that are not archived.' },
    ARCHIVED: { description: 'Those that are archived.' },
    ALL: { description: 'Both.' },
  },
});

const TriggerKindEnum = {
  EVENT: 'event',
  ONE_TIME: 'one_time',
  RECURRING: 'recurring',
} as const satisfies Record<string, TriggerKind>;

registerEnumType(TriggerKindEnum, {
  name: 'TriggerType',
  description: 'The kinds of trigger.',
  valuesConfig: {
    EVENT: { description: 'On an event.' },
    ONE_TIME: { description: 'Once, at a time.' },
    RECURRING: { description: 'Again and again.' },
  },
});

@InputType('ScriptProfileFilter', {
  description: 'Which script profiles to list: those that match all of it.',
})
export class ScriptProfileFilterInput {
  @Field(() => StatusFilterEnum, {
    nullable: true,
    defaultValue: 'ACTIVE',
    description: 'Whether archived or not. Defaults to ACTIVE.',
  })
  status?: ScriptProfileFilter['status'] | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the title, in upper or lower case. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'Whole titles, any of them. At most 1,000.' })
  titles?: string[] | null;

  @Field(() => [TriggerKindEnum], { nullable: true, description: 'Kinds of trigger, any of them.' })
  triggerTypes?: TriggerKind[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags of the profile, any of them. At most 1,000.' })
  tags?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Scripts, any of them, by global id or number. At most 1,000.',
  })
  scriptIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of access groups: in any of them, or below. At most 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], { nullable: true, description: GROUP_IDS })
  accessGroupIds?: string[] | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Made in this time.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'Edited last in this time, archiving included.',
  })
  lastEditedAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'With their next run in this time.' })
  nextRun?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'With their last run made in this time.',
  })
  lastRun?: DateTimeRangeInput | null;

  @Field(() => [ScriptProfileStateEnum], {
    nullable: true,
    description: 'Any of these states. ARCHIVED needs `status` ARCHIVED or ALL.',
  })
  states?: ScriptProfileState[] | null;

  @Field(() => [ActivityStatusEnum], {
    nullable: true,
    description: 'Any of these statuses of the last run. Profiles without a run have none.',
  })
  lastRunStatuses?: ActivityStatus[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Created by any of these people, by global id or number. Maximum 1,000.',
  })
  createdByIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'With a next run that would reach this computer, by its global id or number: paused profiles included, event profiles not. None where the caller may not see the computer.',
  })
  reachesComputerId?: string | null;
}

const ScriptProfileOrder = orderInput('ScriptProfile', {
  CREATED_AT: 'When it was made.',
  LAST_EDITED_AT: 'When it was edited last.',
  TITLE: 'Its title.',
  NEXT_RUN: 'When it will run next. Those that have no next run come last, in both directions.',
  LAST_RUN: 'When its last run was made. Those that never ran come last, in both directions.',
  NUM_COMPUTERS: 'Number of computers that its next run would reach.',
});

@ArgsType()
export class ScriptProfilesOrderArgs extends ConnectionArgs {
  @Field(() => ScriptProfileOrder, {
    nullable: true,
    defaultValue: defaultOrder.ScriptProfile,
    description: 'Order of the list. Defaults to the newest first.',
  })
  orderBy?: InstanceType<typeof ScriptProfileOrder> | null;
}

@ArgsType()
export class ScriptProfilesArgs extends ScriptProfilesOrderArgs {
  @Field(() => ScriptProfileFilterInput, {
    nullable: true,
    description: 'Which ones to list. Defaults to those that are not archived.',
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

/** @throws Refusal SCRIPT_NOT_FOUND */
export function draftOf(input: Omit<CreateScriptProfileInput, 'idempotencyKey'>): ScriptProfileDraft {
  const scriptId = databaseIdOf('Script', input.scriptId);
  if (scriptId === 0) throw scriptNotFound(input.scriptId);
  return { ...input, scriptId, trigger: triggerDraft(input.trigger) };
}

/** @throws Refusal NOT_FOUND */
export const editOf = ({ id, trigger, expectedVersion, ...edit }: UpdateScriptProfileInput) => ({
  id: existingId('ScriptProfile', 'script profile', id),
  edit: { ...edit, trigger: trigger && triggerEdit(trigger) },
  expectedVersion,
});
