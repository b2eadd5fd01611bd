import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import type { TriggerKind } from '../domain/trigger.ts';
import type { ScriptProfileFilter } from '../services/ports.ts';
import { ConnectionArgs } from './connection.ts';
import { databaseIdOf } from './global-id.ts';
import { checkFilter } from './lists.ts';
import { orderInput } from './order.ts';
import { TriggerInput, UpdateTriggerInput } from './trigger.input.ts';

const TITLE =
  'Trimmed; 1 to 255 characters, unique among the account’s script profiles, archived ones included (TITLE_TAKEN).';
const USERNAME = 'The user as whom the script runs: 1 to 256 characters, no control characters, `:` or `/`.';
const TIME_LIMIT = 'In seconds, from 1: the process is killed and counted as failed after it.';
const ALL_COMPUTERS = 'For all computers in the script’s access group and below, whatever their tags.';
const TAGS =
  'For computers with any of these tags, in that access group and below. Each 1 to 255 letters, digits, `_` and `-`, not starting with `-`; duplicates collapse.';

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
}

@InputType('ArchiveScriptProfileInput', { description: 'A script profile to put out of use, for good.' })
export class ArchiveScriptProfileInput {
  @Field(() => ID, { description: 'The profile, by its global id or its number.' })
  id!: string;
}

const StatusFilterEnum = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED', ALL: 'ALL' } as const;

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
  @Field(() => StatusFilterEnum, { defaultValue: 'ACTIVE', description: 'Whether archived or not.' })
  status!: ScriptProfileFilter['status'];

  @Field(() => String, { nullable: true, description: 'A part of the title, in upper or lower case.' })
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
}

const ScriptProfileOrder = orderInput('ScriptProfile', {
  CREATED_AT: 'When it was made.',
  LAST_EDITED_AT: 'When it was edited last.',
  TITLE: 'Its title.',
});

@ArgsType()
export class ScriptProfilesArgs extends ConnectionArgs {
  @Field(() => ScriptProfileFilterInput, {
    defaultValue: { status: 'ACTIVE' },
    description: 'Which ones; those that are not archived, unless told.',
  })
  filter!: ScriptProfileFilterInput;

  @Field(() => ScriptProfileOrder, {
    defaultValue: { field: 'CREATED_AT', direction: 'DESC' },
    description: 'In which order; the newest first, unless told.',
  })
  orderBy!: InstanceType<typeof ScriptProfileOrder>;
}

/** @throws Refusal INVALID_INPUT */
export function scriptProfileFilter(input: ScriptProfileFilterInput): ScriptProfileFilter {
  const { scriptIds, triggerTypes, ...filter } = checkFilter(input);
  return {
    ...filter,
    triggerKinds: triggerTypes,
    scriptIds: scriptIds?.map((id) => databaseIdOf('Script', id)),
  };
}
