import type { Limits } from '../accounts/limits.ts';
import { invalid } from '../errors.ts';
import { isVisibleInLines } from '../text.ts';
import type { Instant } from '../time.ts';
import { checkNotArchived, firstSlot, ledgerResumesAt, type ScriptProfile } from './script-profile.ts';
import type { Trigger } from './trigger.ts';

/**
 * Pauses a profile. Due slots are skipped, and no slot falls due until the profile is resumed. Pausing again
 * only changes the note. Null leaves the note unchanged, and an empty note removes it.
 */
export function pauseScriptProfile(profile: ScriptProfile, note: string | null, at: Instant): ScriptProfile {
  checkNotArchived(profile);
  const pauseNote = note === null ? profile.pauseNote : noteOf(note) || null;
  if (profile.pausedAt !== null && profile.pauseNote === pauseNote) return profile;
  const changed = { ...profile, pauseNote, version: profile.version + 1 };
  if (profile.pausedAt !== null) return changed;
  return {
    ...changed,
    trigger: finishedIfPassed(profile.trigger, at),
    pausedAt: at,
    slotsFrom: ledgerResumesAt(profile, at),
    nextRun: null,
  };
}

/**
 * Resumes a profile. Slots that passed during the pause are not made up. A one-time profile whose time has
 * passed is finished without a run.
 */
export function resumeScriptProfile(
  profile: ScriptProfile,
  made: { at: Instant; limits: Limits },
): ScriptProfile {
  checkNotArchived(profile);
  if (profile.pausedAt === null) return profile;
  const { spacedFrom } = profile;
  const slotsFrom = ledgerResumesAt(profile, made.at);
  const resumed: ScriptProfile = {
    ...profile,
    trigger: finishedIfPassed(profile.trigger, made.at),
    pausedAt: null,
    pauseNote: null,
    slotsFrom,
    version: profile.version + 1,
  };
  return {
    ...resumed,
    nextRun: firstSlot(resumed.trigger, { spacedFrom, now: slotsFrom, limits: made.limits }),
  };
}

/** Finishes a one-time trigger whose time has passed, because the ledger records its only slot as skipped. */
const finishedIfPassed = (trigger: Trigger, at: Instant): Trigger =>
  trigger.kind === 'one_time' && trigger.timestamp <= at ? { ...trigger, isFinished: true } : trigger;

const MAX_NOTE_LENGTH = 1000;

function noteOf(note: string): string {
  if ([...note].length > MAX_NOTE_LENGTH || !isVisibleInLines(note)) {
    const allowed = `at most ${MAX_NOTE_LENGTH} characters, without control or invisible characters other than line ends and tabs`;
    throw invalid('note', note, allowed);
  }
  return note;
}
