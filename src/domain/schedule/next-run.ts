import { addMinutes, cutToMinute, type Instant, latest } from '../time.ts';
import type { Cron } from './cron.ts';

/**
 * A run that is at most this late counts as created at its slot, so that short delays do not shift a
 * schedule.
 */
const PUNCTUAL_MINUTES = 5;

export interface Schedule {
  readonly cron: Cron;
  readonly startAfter: Instant;
  /** The start of the minimum interval, see `spacedFromAfterRun`. Undefined before the first run. */
  readonly spacedFrom?: Instant;
  /** Minutes. */
  readonly minInterval: number;
  readonly now: Instant;
}

/**
 * When a recurring trigger falls due next. Slots that are closer together than the minimum interval are
 * skipped. The cron expression itself is not rejected. Undefined if there is no slot before the year 10000.
 */
export function nextRun({ cron, startAfter, spacedFrom, minInterval, now }: Schedule): Instant | undefined {
  const earliest = latest(startAfter, now);
  if (spacedFrom === undefined) return cron.firstAtOrAfter(earliest);
  // Even without a minimum interval, no slot falls due twice.
  const minuteAfter = addMinutes(cutToMinute(spacedFrom), 1);
  return cron.firstAtOrAfter(latest(earliest, minuteAfter, addMinutes(spacedFrom, minInterval)));
}

/**
 * The start of the minimum interval after a run. It is the slot if the run was punctual, so a delay of
 * seconds does not make an hourly cron skip every second hour. It is the time of the run if the run was late,
 * so the next one is not too close.
 */
export function spacedFromAfterRun(slot: Instant, runCreatedAt: Instant): Instant {
  return runCreatedAt <= addMinutes(slot, PUNCTUAL_MINUTES) ? slot : cutToMinute(runCreatedAt);
}
