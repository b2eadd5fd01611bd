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
  'Trimmed; 1 to 255 characters, unique among the account’s scripts, archived ones included (TITLE_TAKEN).';
const INTERPRETER = 'The absolute path of the program that runs it, with or without `#!`.';
const CODE =
  'Its text, without the `#!` line: 1 to 128000 bytes of UTF-8, no NUL. Carriage returns are taken out.';
const TIME_LIMIT = 'In seconds, from 1 to 2147483647: offered to whoever runs it by hand.';
const USERNAME =
  'As whom it runs when run by hand: empty for unset, or up to 256 characters, no control or invisible characters, `:` or `/`.';

@InputType('CreateScriptInput', { description: 'A new script.' })
export class CreateScriptInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, { description: INTERPRETER })
  interpreter!: string;

  @Field(() => String, { description: CODE })
  code!: string;

  @Field(() => Int, { nullable: true, description: `${TIME_LIMIT} 300 unless told.` })
  timeLimit?: number | null;

  @Field(() => String, { nullable: true, description: `${USERNAME} Unset unless told.` })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the group to put it in. Defaults to `global`.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateScriptInput', {
  description:
    'A change of a script: what is left out, or null, stays. Another interpreter or code makes a new version.',
})
export class UpdateScriptInput {
  @Field(() => ID, { description: 'The script, by its global id or its number.' })
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

@InputType('ArchiveScriptInput', { description: 'A script to put out of use, for good.' })
export class ArchiveScriptInput {
  @Field(() => ID, { description: 'The script, by its global id or its number.' })
  id!: string;
}

@InputType('RedactScriptInput', { description: 'A script to put out of use and to delete the code of.' })
export class RedactScriptInput {
  @Field(() => ID, { description: 'The script, by its global id or its number.' })
  id!: string;
}

const DEFAULT_STATUSES: readonly ScriptStatus[] = ['ACTIVE'];

@InputType('ScriptFilter', { description: 'Which scripts to list: those that match all of it.' })
export class ScriptFilterInput implements ScriptFilter {
  @Field(() => [ScriptStatusEnum], {
    nullable: true,
    defaultValue: DEFAULT_STATUSES,
    description: 'Scripts in any of these statuses. Defaults to ACTIVE alone.',
  })
  statuses?: ScriptStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the title, in upper or lower case. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Made in this time.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Edited last in this time.' })
  lastEditedAt?: DateTimeRangeInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of an access group: scripts in it or above it, which `runScript` can run on its computers.',
  })
  runsInAccessGroup?: string | null;
}

const ScriptOrder = orderInput('Script', {
  CREATED_AT: 'When it was made.',
  LAST_EDITED_AT: 'When it was edited last.',
  TITLE: 'Its title.',
});

@ArgsType()
export class ScriptsArgs extends ConnectionArgs {
  @Field(() => ScriptFilterInput, {
    nullable: true,
    description: 'Which ones to list. Defaults to active scripts.',
  })
  filter?: ScriptFilterInput | null;

  @Field(() => ScriptOrder, {
    nullable: true,
    defaultValue: defaultOrder.Script,
    description: 'Order of the list. Defaults to the newest first.',
  })
  orderBy?: InstanceType<typeof ScriptOrder> | null;
}

/** @throws Refusal INVALID_INPUT */
export const scriptFilter = (filter: ScriptFilterInput | null | undefined): ScriptFilter => ({
  ...checkFilter(filter ?? {}),
  statuses: filter?.statuses ?? DEFAULT_STATUSES,
});
