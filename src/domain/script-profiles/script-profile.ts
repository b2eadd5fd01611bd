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
 * A script profile: runs a script on matching computers when its trigger fires.
 *
 * - slot: a time at which the trigger falls due. `nextRun` is the next slot.
 * - run: one firing, caused by a slot, an enrolment or a person.
 * - arming: incremented by each change of the trigger, so that its slots differ from those of the old one.
 *
 * All transitions are here and in pausing.ts: draft → created → edited … → archived, which is final.
 */
export interface ScriptProfile {
  readonly id: number;
  readonly title: string;
  /** Never changes. */
  readonly scriptId: number;
  /** Copied from the script. Never changes. */
  readonly accessGroup: AccessGroup;
  /** Null if the person was deleted. */
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
  /** Incremented by each edit. Starts at 1. */
  readonly version: number;
  readonly arming: number;
  readonly nextRun: Instant | null;
  /** When the last run was created. */
  readonly lastRun: Instant | null;
  /** The start of the minimum interval to the next run. */
  readonly spacedFrom: Instant | null;
  /** The ledger contains all slots before this time. Null means the time of creation. */
  readonly slotsFrom: Instant | null;
  readonly pausedAt: Instant | null;
  readonly pauseNote: string | null;
  readonly overlap: OverlapPolicy;
  /** Seconds after which a run's undelivered executions are canceled. Null if never. */
  readonly deliverWithin: number | null;
}

/** Whether a run may start while executions of the last run are in progress. */
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

/**
 * Fields that callers set and edit. Edits, the comparison of versions, duplicates and the event log derive from this
 * list, so it is the only list that a new field joins.
 */
export const editableFields = [
  'title',
  'username',
  'timeLimit',
  'trigger',
  'allComputers',
  'tags',
  'overlap',
  'deliverWithin',
] as const satisfies readonly (keyof ScriptProfile & keyof ScriptProfileDraft)[];
export type EditableField = (typeof editableFields)[number];

/** Changes to a profile. A field that is absent or null keeps its value: no field can be cleared. */
export type ScriptProfileEdit = {
  readonly [Field in Exclude<EditableField, 'trigger'>]?: ScriptProfileDraft[Field] | null;
} & { readonly trigger?: TriggerEdit | null };

/** Values of the fields that a draft may omit. */
export const profileDefaults = {
  allComputers: false,
  tags: [],
  overlap: 'ALLOW',
  deliverWithin: null,
} as const;

export type CheckedDraft = ReturnType<typeof checkDraft>;

export function checkDraft(draft: ScriptProfileDraft) {
  return check<Pick<ScriptProfile, EditableField>>({
    title: () => titleOf(draft.title),
    username: () => usernameOf(draft.username),
    timeLimit: () => timeLimitOf(draft.timeLimit),
    tags: () => tagList(draft.tags ?? profileDefaults.tags),
    allComputers: () => draft.allComputers ?? profileDefaults.allComputers,
    trigger: () => newTrigger(draft.trigger),
    overlap: () => draft.overlap ?? profileDefaults.overlap,
    deliverWithin: () => deliverWithinOf(draft.deliverWithin ?? profileDefaults.deliverWithin),
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
    ...newProfileState,
    nextRun: firstSlot(draft.trigger, { spacedFrom: null, now: made.at, limits: made.limits }),
  };
}

/** Values of a profile that was never edited, run, paused or archived. */
export const newProfileState = {
  archived: false,
  version: 1,
  arming: 1,
  nextRun: null,
  lastRun: null,
  spacedFrom: null,
  slotsFrom: null,
  pausedAt: null,
  pauseNote: null,
} as const;

/** Returns the edited profile, or the same object if the edit changes nothing. */
export function editScriptProfile(
  profile: ScriptProfile,
  edit: ScriptProfileEdit,
  made: { at: Instant; limits: Limits },
): ScriptProfile {
  checkNotArchived(profile);
  const { title, username, timeLimit, tags, allComputers, trigger, overlap, deliverWithin } =
    withoutNulls(edit);
  const changes = check<Pick<ScriptProfile, EditableField>>({
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
  if (editableFields.every((field) => edited[field] === profile[field])) return profile;
  return {
    ...(edited.trigger === profile.trigger ? edited : rearm(edited, made)),
    ...editMadeAt(profile, made.at),
  };
}

const editMadeAt = (profile: ScriptProfile, at: Instant) => ({
  version: profile.version + 1,
  lastEditedAt: editedAt(profile, at),
});

/** Archives a profile permanently. Counts as an edit. Archiving again changes nothing. */
export function archiveScriptProfile(profile: ScriptProfile, at: Instant): ScriptProfile {
  if (profile.archived) return profile;
  return { ...profile, archived: true, nextRun: null, ...editMadeAt(profile, at) };
}

/**
 * Where the ledger continues after it was closed. The time never goes back, even if the clock was set back.
 */
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

/** Recomputes the next slot of a recurring profile after a change of limits. A slot that is due stays due. */
export function respace(
  profile: ScriptProfile,
  { at: now, limits }: { at: Instant; limits: Limits },
): ScriptProfile {
  const { trigger, nextRun, spacedFrom } = profile;
  if (trigger.kind !== 'recurring' || nextRun === null || nextRun <= now) return profile;
  return { ...profile, nextRun: firstSlot(trigger, { spacedFrom, now, limits }) };
}

export const scriptProfileStates = ['ACTIVE', 'PAUSED', 'FINISHED', 'ARCHIVED'] as const;
export type ScriptProfileState = (typeof scriptProfileStates)[number];

/** Archived precedes finished, and finished precedes paused, because a finished profile never runs again. */
export function stateOf({
  archived,
  pausedAt,
  trigger,
}: Pick<ScriptProfile, 'archived' | 'pausedAt' | 'trigger'>): ScriptProfileState {
  if (archived) return 'ARCHIVED';
  if (trigger.kind === 'one_time' && trigger.isFinished) return 'FINISHED';
  return pausedAt === null ? 'ACTIVE' : 'PAUSED';
}

/** The computers that scheduled runs match. Null for an event profile and for an archived profile. */
export function associationTarget(
  profile: Pick<ScriptProfile, 'archived' | 'trigger' | 'accessGroup' | 'allComputers' | 'tags'>,
): Target | null {
  if (profile.archived || profile.trigger.kind === 'event') return null;
  return { accessGroupId: profile.accessGroup.id, allComputers: profile.allComputers, tags: profile.tags };
}

/**
 * Restarts the schedule. The minimum interval still counts from the last run, so an edit cannot bypass it.
 */
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
/** 365 days. */
export const MAX_DELIVERY_SECONDS = 31_536_000;

/** Converts 0 to null, which means no limit. Null in an edit means no change, so it cannot remove a limit. */
function deliverWithinOf(seconds: number | null): number | null {
  if (seconds === 0 || seconds === null) return null;
  if (Number.isInteger(seconds) && seconds >= MIN_DELIVERY_SECONDS && seconds <= MAX_DELIVERY_SECONDS)
    return seconds;
  const allowed = `0, or a whole number of seconds from ${MIN_DELIVERY_SECONDS} to ${MAX_DELIVERY_SECONDS}`;
  throw invalid('deliverWithin', seconds, allowed);
}

/** Returns the same list if the tags are equal, so that resending them does not cause the computers to be counted again. */
function editTags(before: readonly string[], given: readonly string[]): readonly string[] {
  const after = tagList(given);
  return after.join() === before.join() ? before : after;
}
