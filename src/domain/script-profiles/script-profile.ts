import type { AccessGroup } from '../accounts/access-group.ts';
import type { Limits } from '../accounts/limits.ts';
import type { Person } from '../accounts/person.ts';
import type { Target } from '../computers/association.ts';
import { tagList } from '../computers/tag.ts';
import { checkChange, editedAt, withoutNulls } from '../edit.ts';
import { check, invalid, Refusal } from '../errors.ts';
import { parseCron } from '../schedule/cron.ts';
import { nextRun } from '../schedule/next-run.ts';
import {
  checkActive,
  editedTitle,
  type Script,
  timeLimitOf,
  titleOf,
  usernameOf,
} from '../scripts/script.ts';
import { type Instant, justAfter, latest } from '../time.ts';
import { editTrigger, newTrigger, type Trigger, type TriggerDraft, type TriggerEdit } from './trigger.ts';

/**
 * The aggregate: run this script, as this user, for at most so long, on these computers, when this happens.
 *
 * trigger  when: on an event, at a time, or again and again
 * slot     a time at which the trigger falls due; `nextRun` is the coming one
 * run      one firing for one occasion: a slot, an enrolment, or someone's hand
 * arming   counts the times that the trigger was set anew, so that a slot of the old one is not taken for a new one
 *
 * Its only transitions are in this file, and in pausing.ts: draft → created → edited … → archived, which is final.
 */
export interface ScriptProfile {
  readonly id: number;
  readonly title: string;
  /** Never changes. */
  readonly scriptId: number;
  /** Copied from the script; never changes. */
  readonly accessGroup: AccessGroup;
  /** Null when the person is gone. */
  readonly createdBy: Person | null;
  readonly createdAt: Instant;
  readonly lastEditedAt: Instant;
  readonly trigger: Trigger;
  readonly allComputers: boolean;
  /** In the order given. */
  readonly tags: readonly string[];
  /** Seconds. */
  readonly timeLimit: number;
  readonly username: string;
  readonly archived: boolean;
  /** Counts the edits, from 1. */
  readonly version: number;
  readonly arming: number;
  readonly nextRun: Instant | null;
  /** When the last run's parent activity was made. */
  readonly lastRun: Instant | null;
  /** From here `minInterval` is counted to the next run. */
  readonly spacedFrom: Instant | null;
  /** Slots before it are in the ledger; null counts from the creation. */
  readonly slotsFrom: Instant | null;
  readonly pausedAt: Instant | null;
  readonly pauseNote: string | null;
  readonly overlap: OverlapPolicy;
  /** Seconds after which what a run has not delivered is canceled; null: never. */
  readonly deliverWithin: number | null;
}

/** May a run start while the last one has executions that are not final? */
export const overlapPolicies = ['ALLOW', 'SKIP'] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

export interface ScriptProfileDraft {
  readonly title: string;
  readonly scriptId: number;
  readonly username: string;
  readonly timeLimit: number;
  readonly trigger: TriggerDraft;
  readonly allComputers?: boolean | null;
  readonly tags?: readonly string[] | null;
  readonly overlap?: OverlapPolicy | null;
  readonly deliverWithin?: number | null;
}

/** What is left out, or null, stays as it is: nothing on a profile can be cleared. */
export interface ScriptProfileEdit {
  readonly title?: string | null;
  readonly username?: string | null;
  readonly timeLimit?: number | null;
  readonly trigger?: TriggerEdit | null;
  readonly allComputers?: boolean | null;
  readonly tags?: readonly string[] | null;
  readonly overlap?: OverlapPolicy | null;
  readonly deliverWithin?: number | null;
}

/** A draft whose every field has passed. */
export type CheckedDraft = ReturnType<typeof checkDraft>;

export function checkDraft(draft: ScriptProfileDraft) {
  return check({
    title: () => titleOf(draft.title),
    username: () => usernameOf(draft.username),
    timeLimit: () => timeLimitOf(draft.timeLimit),
    tags: () => tagList(draft.tags ?? []),
    allComputers: () => draft.allComputers ?? false,
    trigger: () => newTrigger(draft.trigger),
    overlap: () => draft.overlap ?? 'ALLOW',
    deliverWithin: () => deliverWithinOf(draft.deliverWithin ?? 0),
  });
}

export function createScriptProfile(
  draft: CheckedDraft,
  made: { script: Pick<Script, 'id' | 'status' | 'accessGroup'>; by: Person; at: Instant; limits: Limits },
): Omit<ScriptProfile, 'id'> {
  checkActive(made.script, 'scriptId');
  return {
    ...draft,
    scriptId: made.script.id,
    accessGroup: made.script.accessGroup,
    createdBy: made.by,
    createdAt: made.at,
    lastEditedAt: made.at,
    archived: false,
    version: 1,
    arming: 1,
    nextRun: firstSlot(draft.trigger, { spacedFrom: null, now: made.at, limits: made.limits }),
    lastRun: null,
    spacedFrom: null,
    slotsFrom: null,
    pausedAt: null,
    pauseNote: null,
  };
}

/** The profile after an edit; the same object when the edit changes nothing. */
export function editScriptProfile(
  profile: ScriptProfile,
  edit: ScriptProfileEdit,
  made: { at: Instant; limits: Limits },
): ScriptProfile {
  checkNotArchived(profile);
  const { title, username, timeLimit, tags, allComputers, trigger, overlap, deliverWithin } =
    withoutNulls(edit);
  const changes = check({
    title: () => editedTitle(profile.title, title ?? profile.title),
    username: () => checkChange(username ?? profile.username, profile.username, usernameOf),
    timeLimit: () => (timeLimit == null ? profile.timeLimit : timeLimitOf(timeLimit)),
    tags: () => (tags == null ? profile.tags : editTags(profile.tags, tags)),
    allComputers: () => allComputers ?? profile.allComputers,
    trigger: () => (trigger == null ? profile.trigger : editTrigger(profile.trigger, trigger)),
    overlap: () => overlap ?? profile.overlap,
    deliverWithin: () => (deliverWithin == null ? profile.deliverWithin : deliverWithinOf(deliverWithin)),
  });
  const edited: ScriptProfile = { ...profile, ...changes };
  if (!differs(profile, edited)) return profile;
  return {
    ...(edited.trigger === profile.trigger ? edited : rearm(edited, made)),
    ...editMadeAt(profile, made.at),
  };
}

const editMadeAt = (profile: ScriptProfile, at: Instant) => ({
  version: profile.version + 1,
  lastEditedAt: editedAt(profile, at),
});

/** Archiving is final, and shows as the last edit. Archiving again changes nothing. */
export function archiveScriptProfile(profile: ScriptProfile, at: Instant): ScriptProfile {
  if (profile.archived) return profile;
  return { ...profile, archived: true, nextRun: null, ...editMadeAt(profile, at) };
}

/** Where the ledger goes on after it was closed. A clock that was set back takes nothing out of it again. */
export const ledgerResumesAt = ({ slotsFrom, createdAt }: ScriptProfile, closedAt: Instant): Instant =>
  latest(justAfter(closedAt), slotsFrom ?? createdAt);

/** @throws Refusal PROFILE_ARCHIVED */
export function checkNotArchived(profile: Pick<ScriptProfile, 'id' | 'archived'>): void {
  if (!profile.archived) return;
  throw new Refusal('PROFILE_ARCHIVED', 'The operation cannot be performed on an archived script profile.', {
    field: 'id',
    found: String(profile.id),
    allowed: 'a script profile that is not archived',
  });
}

/** Under other limits the coming slot of a recurring profile may move; one that is due stays due. */
export function respace(profile: ScriptProfile, made: { at: Instant; limits: Limits }): ScriptProfile {
  if (profile.trigger.kind !== 'recurring' || profile.nextRun === null || profile.nextRun <= made.at) {
    return profile;
  }
  return {
    ...profile,
    nextRun: firstSlot(profile.trigger, {
      spacedFrom: profile.spacedFrom,
      now: made.at,
      limits: made.limits,
    }),
  };
}

export const scriptProfileStates = ['ACTIVE', 'PAUSED', 'FINISHED', 'ARCHIVED'] as const;
export type ScriptProfileState = (typeof scriptProfileStates)[number];

/** Archived counts first, then finished: pausing what will not run again changes nothing. */
export function stateOf({
  archived,
  pausedAt,
  trigger,
}: Pick<ScriptProfile, 'archived' | 'pausedAt' | 'trigger'>): ScriptProfileState {
  if (archived) return 'ARCHIVED';
  if (trigger.kind === 'one_time' && trigger.isFinished) return 'FINISHED';
  return pausedAt === null ? 'ACTIVE' : 'PAUSED';
}

/** Whom the clock would reach; null when nobody: event profiles wait for a computer, archived ones are done. */
export function associationTarget(
  profile: Pick<ScriptProfile, 'archived' | 'trigger' | 'accessGroup' | 'allComputers' | 'tags'>,
): Target | null {
  if (profile.archived || profile.trigger.kind === 'event') return null;
  return { accessGroupId: profile.accessGroup.id, allComputers: profile.allComputers, tags: profile.tags };
}

/** A trigger that changed is armed again. It keeps the spacing, or editing would be a way around it. */
function rearm(profile: ScriptProfile, made: { at: Instant; limits: Limits }): ScriptProfile {
  return {
    ...profile,
    arming: profile.arming + 1,
    slotsFrom: ledgerResumesAt(profile, made.at),
    nextRun:
      profile.pausedAt === null
        ? firstSlot(profile.trigger, {
            spacedFrom: profile.spacedFrom,
            now: latest(made.at, profile.slotsFrom ?? profile.createdAt),
            limits: made.limits,
          })
        : null,
  };
}

export function firstSlot(
  trigger: Trigger,
  { spacedFrom, now, limits }: { spacedFrom: Instant | null; now: Instant; limits: Limits },
): Instant | null {
  switch (trigger.kind) {
    case 'event':
      return null;
    case 'one_time':
      return trigger.isFinished ? null : trigger.timestamp;
    case 'recurring':
      return (
        nextRun({
          cron: parseCron(trigger.interval),
          startAfter: trigger.startAfter,
          spacedFrom: spacedFrom ?? undefined,
          minInterval: limits.minInterval,
          now,
        }) ?? null
      );
  }
}

export const MIN_DELIVERY_SECONDS = 60;
/** A year. */
export const MAX_DELIVERY_SECONDS = 31_536_000;

/** 0 is no limit, so that an edit, where null means nothing, can take one away. */
function deliverWithinOf(seconds: number): number | null {
  if (seconds === 0) return null;
  if (Number.isInteger(seconds) && seconds >= MIN_DELIVERY_SECONDS && seconds <= MAX_DELIVERY_SECONDS)
    return seconds;
  const allowed = `0, or a whole number of seconds from ${MIN_DELIVERY_SECONDS} to ${MAX_DELIVERY_SECONDS}`;
  throw invalid('deliverWithin', seconds, allowed);
}

/** The same list when nothing changed: tags that are resent must not count the computers anew. */
function editTags(before: readonly string[], given: readonly string[]): readonly string[] {
  const after = tagList(given);
  return after.join() === before.join() ? before : after;
}

function differs(before: ScriptProfile, after: ScriptProfile): boolean {
  return (
    before.title !== after.title ||
    before.username !== after.username ||
    before.timeLimit !== after.timeLimit ||
    before.allComputers !== after.allComputers ||
    before.trigger !== after.trigger ||
    before.overlap !== after.overlap ||
    before.deliverWithin !== after.deliverWithin ||
    before.tags !== after.tags
  );
}
