import { Refusal, refusalsOf } from './errors.ts';
import { checkActive, type ScriptHead } from './script.ts';
import { checkNotArchived, type ScriptProfile } from './script-profile.ts';

/** Why somebody can't do something with a profile just now. */
export const denialReasons = [
  'FORBIDDEN',
  'ARCHIVED',
  'NOT_PAUSED',
  'RUN_IN_PROGRESS',
  'SCRIPT_NOT_ACTIVE',
  'PROFILE_LIMIT',
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** Whether something can be done. Both are null when it can. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reason: DenialReason | null;
  /** A sentence for a person. */
  readonly message: string | null;
}

export const acts = ['update', 'archive', 'pause', 'resume', 'run', 'duplicate'] as const;
export type Act = (typeof acts)[number];

/** What is known of a viewer and a profile. A rule throws its refusal, and passes otherwise. */
export interface ViewerFacts {
  readonly profile: ScriptProfile;
  /** Undefined when the viewer sees none. */
  readonly script: ScriptHead | undefined;
  readonly lastRunInProgress: boolean;
  readonly mayManage: () => void;
  /** In the script's group, where the duplicate would be. */
  readonly mayDuplicate: () => void;
  readonly hasPlace: () => void;
}

/** For each act whether it would be done, and would change something. The first rule that says no is the reason. */
export function verdictsOf(facts: ViewerFacts): Record<Act, Verdict> {
  const { profile, script } = facts;
  const mayManage: Rule = ['FORBIDDEN', facts.mayManage];
  const notArchived: Rule = ['ARCHIVED', () => checkNotArchived(profile)];
  const paused: Rule = ['NOT_PAUSED', () => unless(profile.pausedAt !== null, 'It is not paused.')];
  const mayStart: Rule = [
    'RUN_IN_PROGRESS',
    () =>
      unless(
        profile.overlap === 'ALLOW' || !facts.lastRunInProgress,
        'The last run is still in progress, and the profile’s runs may not overlap.',
      ),
  ];
  const active: Rule = [
    'SCRIPT_NOT_ACTIVE',
    () => (script ? checkActive(script, 'id') : unless(false, 'Its script can’t be used.')),
  ];
  return {
    update: verdict(mayManage, notArchived),
    archive: verdict(mayManage, notArchived),
    pause: verdict(mayManage, notArchived),
    resume: verdict(mayManage, notArchived, paused),
    run: verdict(mayManage, notArchived, mayStart),
    duplicate: verdict(['FORBIDDEN', facts.mayDuplicate], active, ['PROFILE_LIMIT', facts.hasPlace]),
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
