import type { Limits } from '../accounts/limits.ts';
import type { ScriptProfile } from '../script-profiles/script-profile.ts';
import type { OneTimeTrigger, RecurringTrigger } from '../script-profiles/trigger.ts';
import { addMinutes, addSeconds, type Instant, justAfter, latest } from '../time.ts';
import { parseCron } from './cron.ts';
import { nextRun, spacedFromAfterRun } from './next-run.ts';
import { entry, type SlotEntry, type SlotReason } from './slot-ledger.ts';

/**
 * What happens when a slot falls due: which slot is fired, what becomes of the others, what comes next.
 * Pure: whoever fires holds the profile's row, writes the run and the ledger, and saves the profile, in one
 * transaction, so that a slot is fired once or not at all.
 */
export interface Firing {
  /** The profile from now on. */
  readonly profile: ScriptProfile;
  /** The slot to run for; null when it was skipped. */
  readonly slot: Instant | null;
  readonly ledger: readonly SlotEntry[];
}

export interface FiringMoment {
  readonly now: Instant;
  readonly limits: Limits;
  /** Whether executions of the last run are still in progress. */
  readonly lastRunInProgress: boolean;
}

/** What a run is for: unique for a profile, so that no slot is fired twice, and no key of somebody's at one time. */
export const slotOccasion = (slot: Instant, arming: number): string => `slot:${slot}:${arming}`;
export const enrolmentOccasion = (computerId: number): string => `enrol:${computerId}`;
export const handOccasion = (personId: number, idempotencyKey: string, at: Instant): string =>
  `hand:${personId}:${idempotencyKey}:${at}`;

/** The last run is the latest one, also when one that is a little older got the lock after it. */
export const ranAt = ({ lastRun }: ScriptProfile, at: Instant): Instant => latest(at, lastRun ?? at);

/** When what a run has not delivered by then is canceled; null: never. */
export const deliveredBy = (
  { deliverWithin }: Pick<ScriptProfile, 'deliverWithin'>,
  createdAt: Instant,
): Instant | null => (deliverWithin === null ? null : addSeconds(createdAt, deliverWithin));

/** Null when nothing is due: another replica was faster, or the profile was edited meanwhile. */
export function fire(profile: ScriptProfile, moment: FiringMoment): Firing | null {
  const { trigger, nextRun: due } = profile;
  if (due === null || due > moment.now) return null;
  if (trigger.kind === 'one_time') return fireOnce(profile, trigger, moment.now);
  return trigger.kind === 'recurring' ? fireAgain(profile, trigger, due, moment) : null;
}

/** A one-time run has no later slot to wait for: it is never skipped, whatever the overlap policy. */
function fireOnce(profile: ScriptProfile, trigger: OneTimeTrigger, now: Instant): Firing {
  const slot = trigger.timestamp;
  return {
    slot,
    ledger: entry(only(slot), 'fired', null),
    profile: {
      ...profile,
      trigger: { ...trigger, isFinished: true },
      nextRun: null,
      lastRun: ranAt(profile, now),
    },
  };
}

function fireAgain(
  profile: ScriptProfile,
  trigger: RecurringTrigger,
  due: Instant,
  { now, limits, lastRunInProgress }: FiringMoment,
): Firing {
  const cron = parseCron(trigger.interval);
  const { startAfter } = trigger;
  const schedule = { cron, startAfter, minInterval: limits.minInterval };
  const tooSoon = entry(cron.between(ledgerStartsAt(profile), due), 'moved', 'spacing');

  // Was the next one due as well? Then slots were missed, and the latest stands for them all.
  const following = nextRun({ ...schedule, spacedFrom: due, now: due });
  const passed = cron.between(due, justAfter(now))!;
  const slot = following !== undefined && following <= now ? passed.lastSlot : due;

  if (profile.overlap === 'SKIP' && lastRunInProgress) {
    // Whatever has passed by now: none of it came too soon after a run, since there was none.
    const slotsFrom = justAfter(now);
    const spacedFrom = profile.spacedFrom ?? undefined;
    return {
      slot: null,
      ledger: [...tooSoon, ...entry(passed, 'skipped', 'overlap')],
      profile: {
        ...profile,
        slotsFrom,
        nextRun: nextRun({ ...schedule, spacedFrom, now: slotsFrom }) ?? null,
      },
    };
  }
  const spacedFrom = spacedFromAfterRun(slot, now);
  return {
    slot,
    ledger: [
      ...tooSoon,
      ...entry(cron.between(due, slot), 'coalesced', 'outage'),
      ...entry(only(slot), 'fired', null),
    ],
    profile: {
      ...profile,
      slotsFrom: addMinutes(slot, 1),
      spacedFrom,
      lastRun: ranAt(profile, now),
      nextRun: nextRun({ ...schedule, spacedFrom, now }) ?? null,
    },
  };
}

/**
 * Closes the ledger of a trigger that is over: its profile is archived or paused, or the trigger set anew.
 * What is due and not claimed is skipped for that reason; what passed before came too soon, or in a pause.
 */
export function closeLedger(profile: ScriptProfile, reason: SlotReason, now: Instant): SlotEntry[] {
  const { trigger, nextRun: due } = profile;
  const paused = profile.pausedAt !== null;
  if (trigger.kind === 'event') return [];
  if (trigger.kind === 'one_time') {
    const passed = !trigger.isFinished && trigger.timestamp <= now;
    return passed ? entry(only(trigger.timestamp), 'skipped', paused ? 'paused' : reason) : [];
  }
  const cron = parseCron(trigger.interval);
  const since = ledgerStartsAt(profile);
  const end = justAfter(now);
  if (paused) return entry(cron.between(since, end), 'skipped', 'paused');
  return [
    ...entry(cron.between(since, due !== null && due < end ? due : end), 'moved', 'spacing'),
    ...entry(due === null ? undefined : cron.between(due, end), 'skipped', reason),
  ];
}

/** The first slot that the ledger does not have yet is not before this. */
function ledgerStartsAt({ trigger, slotsFrom, createdAt }: ScriptProfile): Instant {
  return trigger.kind === 'recurring' ? latest(slotsFrom ?? createdAt, trigger.startAfter) : createdAt;
}

const only = (slot: Instant) => ({ firstSlot: slot, lastSlot: slot, number: 1 });
