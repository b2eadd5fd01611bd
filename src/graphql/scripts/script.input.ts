import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { ScriptStatus } from '../../domain/scripts/script.ts';
import type { ScriptFilter } from '../../services/scripts/script-ports.ts';
import { GROUP_ID } from '../accounts/access-group.input.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { ScriptStatusEnum } from './script.type.ts';

const TITLE =
  'Title: 1 to 255 characters. Surrounding spaces are removed. Refused with TITLE_TAKEN if another script of the account has it, even an archived one.';
const INTERPRETER = 'Absolute path of the program that runs the code, with or without `#!`.';
const CODE =
  'Code, without the `#!` line: 1 to 128,000 bytes of UTF-8, without NUL. Carriage returns are removed.';
const TIME_LIMIT = 'Suggested time limit for a manual run, in seconds. Minimum 1. Maximum 2,147,483,647.';
const USERNAME =
  'Suggested user for a manual run. Maximum 256 characters, without control or invisible characters, `:` or `/`. An empty string means none.';

@InputType('CreateScriptInput', { description: 'Script to create.' })
export class CreateScriptInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, { description: INTERPRETER })
  interpreter!: string;

  @Field(() => String, { description: CODE })
  code!: string;

  @Field(() => Int, { nullable: true, description: `${TIME_LIMIT} Defaults to 300.` })
  timeLimit?: number | null;

  @Field(() => String, { nullable: true, description: `${USERNAME} Defaults to none.` })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the access group to create it in. Defaults to `global`.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateScriptInput', {
  description:
    'Changes to a script. Fields that are omitted or null keep their value. Another interpreter or code creates a new version.',
})
export class UpdateScriptInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  id!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: INTERPRETER })
  interpreter?: string | null;

  @Field(() => String, { nullable: true, description: CODE })
  code?: string | null;

  @Field(() => Int, { nullable: true, description: TIME_LIMIT })
  timeLimit?: number | null;

  @Field(() => String, { nullable: true, description: USERNAME })
  username?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION.replace('version', 'revision') })
  expectedVersion?: number | null;
}

@InputType('ArchiveScriptInput', { description: 'Script to archive.' })
export class ArchiveScriptInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  id!: string;
}

@InputType('RedactScriptInput', { description: 'Script to redact.' })
export class RedactScriptInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  id!: string;
}

const DEFAULT_STATUSES: readonly ScriptStatus[] = ['ACTIVE'];

@InputType('ScriptFilter', { description: 'Filter of a list of scripts. A script must match all fields.' })
export class ScriptFilterInput implements ScriptFilter {
  @Field(() => [ScriptStatusEnum], {
    nullable: true,
    defaultValue: DEFAULT_STATUSES,
    description: 'Statuses to include. Defaults to ACTIVE only.',
  })
  statuses?: ScriptStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of the title. Case is ignored. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the creation.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the last edit.' })
  lastEditedAt?: DateTimeRangeInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of an access group. Matches scripts in it or in its ancestors, which `runScript` can run on its computers.',
  })
  runsInAccessGroup?: string | null;
}

const ScriptOrder = orderInput('Script', {
  CREATED_AT: 'Time of creation.',
  LAST_EDITED_AT: 'Time of the last edit.',
  TITLE: 'Title.',
});

@ArgsType()
export class ScriptsArgs extends ConnectionArgs {
  @Field(() => ScriptFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to active scripts.',
  })
  filter?: ScriptFilterInput | null;

  @Field(() => ScriptOrder, {
    nullable: true,
    defaultValue: defaultOrder.Script,
    description: 'Sort order. Defaults to newest first.',
  })
  orderBy?: InstanceType<typeof ScriptOrder> | null;
}

/** @throws Refusal INVALID_INPUT */
export const scriptFilter = (filter: ScriptFilterInput | null | undefined): ScriptFilter => ({
  ...checkFilter(filter ?? {}),
  statuses: filter?.statuses ?? DEFAULT_STATUSES,
});
