import { Field, ID, InputType, Int } from 'type-graphql';
import {
  MAX_DELIVERY_SECONDS,
  MIN_DELIVERY_SECONDS,
  type OverlapPolicy,
  type ScriptProfileDraft,
} from '../../domain/script-profiles/script-profile.ts';
import { scriptNotFound } from '../../services/script-profiles/script-profile-checks.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { TriggerInput, triggerDraft, triggerEdit, UpdateTriggerInput } from '../schedule/trigger.input.ts';
import { OverlapPolicyEnum } from './script-profile.type.ts';

const TITLE =
  'Title: 1 to 255 characters. Surrounding spaces are removed. Refused with TITLE_TAKEN if another script profile of the account has it, even an archived one.';
const USERNAME =
  'User who runs the script: 1 to 256 characters, without control or invisible characters, `:` or `/`.';
const TIME_LIMIT =
  'Time limit in seconds, after which the process is killed and the execution fails. Minimum 1. Maximum 2,147,483,647.';
const ALL_COMPUTERS =
  'Whether to run on all computers in the script’s access group and its descendants, regardless of tags.';
const TAGS =
  'Tags of the computers to run on, in that access group and its descendants. A computer needs at least one of them. Each tag has 1 to 255 letters, digits, `_` and `-`, and does not start with `-`. Duplicates are removed. Maximum 1,000.';
const DELIVER_WITHIN = `Seconds after the start of a run within which a computer must take its execution. Later the execution is canceled, with the reason in \`resultText\`. Minimum ${MIN_DELIVERY_SECONDS}. Maximum ${MAX_DELIVERY_SECONDS.toLocaleString('en-US')} (a year).`;
const OVERLAP = 'Behaviour if a run falls due while the previous run is in progress.';

@InputType('CreateScriptProfileInput', { description: 'Script profile to create.' })
export class CreateScriptProfileInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => ID, {
    description:
      'Global id or number of the script. Refused with SCRIPT_NOT_FOUND if it does not exist, or with SCRIPT_NOT_ACTIVE if it is archived or redacted.',
  })
  scriptId!: string;

  @Field(() => String, { description: USERNAME })
  username!: string;

  @Field(() => Int, { description: TIME_LIMIT })
  timeLimit!: number;

  @Field(() => TriggerInput, { description: 'Trigger of a script profile. Exactly one field is required.' })
  trigger!: TriggerInput;

  @Field(() => Boolean, { nullable: true, description: `${ALL_COMPUTERS} Defaults to false.` })
  allComputers?: boolean | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} Defaults to none.` })
  tags?: string[] | null;

  @Field(() => OverlapPolicyEnum, { nullable: true, description: `${OVERLAP} Defaults to ALLOW.` })
  overlap?: OverlapPolicy | null;

  @Field(() => Int, { nullable: true, description: `${DELIVER_WITHIN} Defaults to 0, which is no limit.` })
  deliverWithin?: number | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateScriptProfileInput', {
  description: 'Changes to a script profile. Fields that are omitted or null keep their value.',
})
export class UpdateScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile.' })
  id!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: USERNAME })
  username?: string | null;

  @Field(() => Int, { nullable: true, description: TIME_LIMIT })
  timeLimit?: number | null;

  @Field(() => UpdateTriggerInput, {
    nullable: true,
    description: 'Changes to the trigger. Its kind cannot be changed.',
  })
  trigger?: UpdateTriggerInput | null;

  @Field(() => Boolean, { nullable: true, description: ALL_COMPUTERS })
  allComputers?: boolean | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} \`[]\` removes all tags.` })
  tags?: string[] | null;

  @Field(() => OverlapPolicyEnum, { nullable: true, description: OVERLAP })
  overlap?: OverlapPolicy | null;

  @Field(() => Int, {
    nullable: true,
    description: `${DELIVER_WITHIN} 0 removes the limit. Applies to later runs.`,
  })
  deliverWithin?: number | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

@InputType('ArchiveScriptProfileInput', { description: 'Script profile to archive.' })
export class ArchiveScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
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
