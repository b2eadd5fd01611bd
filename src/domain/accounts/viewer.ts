import { type Activity, isFinal } from '../activities/activity.ts';
import type { Computer } from '../computers/computer.ts';
import { Refusal, refusalsOf } from '../errors.ts';
import { checkNotArchived, type ScriptProfile } from '../script-profiles/script-profile.ts';
import { checkActive, type ScriptHead } from '../scripts/script.ts';
import { checkDeletable, type Role } from './role.ts';

/** Reasons why a viewer cannot perform an action. */
export const denialReasons = [
  'FORBIDDEN',
  'ARCHIVED',
  'NOT_PAUSED',
  'RUN_IN_PROGRESS',
  'SCRIPT_NOT_ACTIVE',
  'PROFILE_LIMIT',
  'OVER',
  'NOT_OVER',
  'NOT_UNAPPROVED',
  'ACCEPTED',
  'FIXED',
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** Whether an action is possible. If it is, `reason` and `message` are null. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reason: DenialReason | null;
  /** A sentence to show to the user. */
  readonly message: string | null;
}

export const acts = ['update', 'archive', 'pause', 'resume', 'run', 'duplicate'] as const;
export type Act = (typeof acts)[number];

/**
 * The facts that decide what a viewer may do with a profile. Each function throws a refusal if its rule is
 * violated.
 */
export interface ViewerFacts {
  readonly profile: ScriptProfile;
  /** Undefined if the viewer cannot see the script. */
  readonly script: ScriptHead | undefined;
  readonly lastRunInProgress: boolean;
  readonly mayManage: () => void;
  /** Checks the permission in the script's access group, because the duplicate is created there. */
  readonly mayDuplicate: () => void;
  readonly belowProfileLimit: () => void;
}

/**
 * Whether each action is permitted and would change something. The reason is the first rule that is violated.
 */
export function verdictsOf(facts: ViewerFacts): Record<Act, Verdict> {
  const { profile, script } = facts;
  const mayManage: Rule = ['FORBIDDEN', facts.mayManage];
  const notArchived: Rule = ['ARCHIVED', () => checkNotArchived(profile)];
  const paused: Rule = [
    'NOT_PAUSED',
    () => unless(profile.pausedAt !== null, 'The script profile is not paused.'),
  ];
  const mayStart: Rule = [
    'RUN_IN_PROGRESS',
    () =>
      unless(
        profile.overlap === 'ALLOW' || !facts.lastRunInProgress,
        'The last run is still in progress, and runs of this script profile may not overlap.',
      ),
  ];
  const active: Rule = [
    'SCRIPT_NOT_ACTIVE',
    () => (script ? checkActive(script, 'id') : unless(false, 'The script cannot be used.')),
  ];
  return {
    update: verdict(mayManage, notArchived),
    archive: verdict(mayManage, notArchived),
    pause: verdict(mayManage, notArchived),
    resume: verdict(mayManage, notArchived, paused),
    run: verdict(mayManage, notArchived, mayStart),
    duplicate: verdict(['FORBIDDEN', facts.mayDuplicate], active, ['PROFILE_LIMIT', facts.belowProfileLimit]),
  };
}

/** Rules about a viewer and an object. Each function throws a refusal if its rule is violated. */
type Facts<Name extends string> = { readonly [Fact in Name]: () => void };

export const scriptActs = ['update', 'archive', 'redact', 'createProfile'] as const;
export type ScriptVerdicts = Record<(typeof scriptActs)[number], Verdict>;

export function scriptVerdicts(
  script: Pick<ScriptHead, 'id' | 'status'>,
  facts: Facts<'mayManage' | 'mayRedact' | 'mayUse'>,
): ScriptVerdicts {
  const active: Rule = ['SCRIPT_NOT_ACTIVE', () => checkActive(script, 'id')];
  const notRedacted: Rule = [
    'SCRIPT_NOT_ACTIVE',
    () => unless(script.status !== 'REDACTED', 'The script is already redacted.'),
  ];
  return {
    update: verdict(['FORBIDDEN', facts.mayManage], active),
    archive: verdict(['FORBIDDEN', facts.mayManage], active),
    redact: verdict(['FORBIDDEN', facts.mayRedact], notRedacted),
    createProfile: verdict(['FORBIDDEN', facts.mayUse], active),
  };
}

export const computerActs = ['accept', 'reject', 'update', 'retag', 'regroup', 'remove'] as const;
export type ComputerVerdicts = Record<(typeof computerActs)[number], Verdict>;

export function computerVerdicts(
  { status }: Pick<Computer, 'status'>,
  facts: Facts<'mayManage' | 'mayManagePending'>,
): ComputerVerdicts {
  const mayManage: Rule = ['FORBIDDEN', facts.mayManage];
  const pending: readonly Rule[] = [
    ['FORBIDDEN', facts.mayManagePending],
    ['ACCEPTED', () => unless(status === 'pending', 'The computer is already accepted.')],
  ];
  return {
    accept: verdict(...pending),
    reject: verdict(...pending),
    update: verdict(mayManage),
    retag: verdict(mayManage),
    regroup: verdict(mayManage),
    remove: verdict(mayManage),
  };
}

export const activityActs = ['cancel', 'approve', 'reapply'] as const;
export type ActivityVerdicts = Record<(typeof activityActs)[number], Verdict>;

export function activityVerdicts(
  { status }: Pick<Activity, 'status'>,
  facts: Facts<'mayManage' | 'profileRuns' | 'scriptRuns'>,
): ActivityVerdicts {
  const open: Rule = ['OVER', () => unless(!isFinal(status), `The activity is already ${status}.`)];
  const mayManage: Rule = ['FORBIDDEN', facts.mayManage];
  return {
    cancel: verdict(mayManage, open),
    approve: verdict(mayManage, [
      'NOT_UNAPPROVED',
      () => unless(status === 'unapproved', 'The activity does not wait for approval.'),
    ]),
    reapply: verdict(
      mayManage,
      ['NOT_OVER', () => unless(isFinal(status), 'The activity has not ended.')],
      ['ARCHIVED', facts.profileRuns],
      ['SCRIPT_NOT_ACTIVE', facts.scriptRuns],
    ),
  };
}

export const roleActs = ['update', 'delete'] as const;
export type RoleVerdicts = Record<(typeof roleActs)[number], Verdict>;

export function roleVerdicts(role: Role, facts: Facts<'mayManage'>): RoleVerdicts {
  const mayManage: Rule = ['FORBIDDEN', facts.mayManage];
  return {
    update: verdict(mayManage),
    delete: verdict(mayManage, ['FIXED', () => checkDeletable(role)]),
  };
}

type Rule = readonly [DenialReason, () => void];

function verdict(...rules: readonly Rule[]): Verdict {
  for (const [reason, rule] of rules) {
    const [refusal] = refusalsOf(rule);
    if (refusal) return { allowed: false, reason, message: refusal.message };
  }
  return { allowed: true, reason: null, message: null };
}

function unless(condition: boolean, message: string): void {
  if (!condition) throw new Refusal('INVALID_INPUT', message);
}
