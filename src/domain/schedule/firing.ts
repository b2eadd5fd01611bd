import type { Limits } from '../accounts/limits.ts';
import type { ScriptProfile } from '../script-profiles/script-profile.ts';
import type { OneTimeTrigger, RecurringTrigger } from '../script-profiles/trigger.ts';
import { addMinutes, addSeconds, type Instant, justAfter, latest } from '../time.ts';
import { parseCron } from './cron.ts';
import { nextRun, spacedFromAfterRun } from './next-run.ts';
import { entry, type SlotEntry, type SlotReason } from './slot-ledger.ts';

/**
 * The effects of a slot that falls due: the slot to fire, the ledger entries, and the updated profile. The
 * computation is pure. The caller locks the profile's row and stores all effects in one transaction, so a
 * slot is fired at most once.
 */
export interface Firing {
  /** The updated profile. */
  readonly profile: ScriptProfile;
  /** The slot to fire. Null if it is skipped. */
  readonly slot: Instant | null;
  readonly ledger: readonly SlotEntry[];
}

export interface FiringMoment {
  readonly now: Instant;
  readonly limits: Limits;
  /** Whether executions of the last run are still in progress. */
  readonly lastRunInProgress: boolean;
}

/**
 * Identifies the cause of a run. It is unique for each profile, so no slot, enrolment or idempotency key
 * starts two runs.
 */
export const slotOccasion = (slot: Instant, arming: number): string => `slot:${slot}:${arming}`;
export const enrolmentOccasion = (computerId: number): string => `enrol:${computerId}`;
export const manualOccasion = (personId: number, idempotencyKey: string, at: Instant): string =>
  `hand:${personId}:${idempotencyKey}:${at}`;

/**
 * Time of the profile's last run after a new run. It never goes back if a slightly older run obtains the lock
 * later.
 */
export const ranAt = ({ lastRun }: ScriptProfile, at: Instant): Instant => latest(at, lastRun ?? at);

/** When the run's undelivered executions are canceled. Null if never. */
export const deliveredBy = (
  { deliverWithin }: Pick<ScriptProfile, 'deliverWithin'>,
  createdAt: Instant,
): Instant | null => (deliverWithin === null ? null : addSeconds(createdAt, deliverWithin));

/** Null if nothing is due. Another replica may have fired the slot, or the profile may have been edited. */
export function fire(profile: ScriptProfile, moment: FiringMoment): Firing | null {
  const { trigger, nextRun: due } = profile;
  if (due === null || due > moment.now) return null;
  if (trigger.kind === 'one_time') return fireOnce(profile, trigger, moment.now);
  return trigger.kind === 'recurring' ? fireAgain(profile, trigger, due, moment) : null;
}

/** A one-time run has no later slot, so it is never skipped, whatever the overlap policy. */
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

  // If the following slot is due as well, slots were missed. The latest one then stands for all of them.
  const following = nextRun({ ...schedule, spacedFrom: due, now: due });
  const passed = cron.between(due, justAfter(now))!;
  const slot = following !== undefined && following <= now ? passed.lastSlot : due;

  if (profile.overlap === 'SKIP' && lastRunInProgress) {
    // Everything up to now is skipped for the overlap. No run was created, so no slot was too soon after one.
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
 * Closes the ledger of a trigger that ends because its profile is archived or paused, or because the trigger
 * changes. Due slots are skipped for that reason. Earlier slots came too soon after a run, or fell into a
 * pause.
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

/** The first slot that is missing in the ledger is at or after this time. */
function ledgerStartsAt({ trigger, slotsFrom, createdAt }: ScriptProfile): Instant {
  return trigger.kind === 'recurring' ? latest(slotsFrom ?? createdAt, trigger.startAfter) : createdAt;
}

const only = (slot: Instant) => ({ firstSlot: slot, lastSlot: slot, number: 1 });
