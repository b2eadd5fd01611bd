import { addMinutes, cutToMinute, type Instant, latest } from '../time.ts';
import type { Cron } from './cron.ts';

/** A run this late still counts as made at its slot: nobody's schedule drifts for a busy minute. */
const PUNCTUAL_MINUTES = 5;

export interface Schedule {
  readonly cron: Cron;
  readonly startAfter: Instant;
  /** What the last scheduled run counts from, see `spacedFromAfterRun`; undefined before the first. */
  readonly spacedFrom?: Instant;
  /** Minutes. */
  readonly minInterval: number;
  readonly now: Instant;
}

/**
 * When a recurring trigger falls due next. A cron that asks for more than the spacing allows
 * is not refused: the slots that come too soon are passed over. Undefined: not before the year 10000.
 */
export function nextRun({ cron, startAfter, spacedFrom, minInterval, now }: Schedule): Instant | undefined {
  const earliest = latest(startAfter, now);
  if (spacedFrom === undefined) return cron.firstAtOrAfter(earliest);
  // Without any spacing too, no slot is due twice.
  const minuteAfter = addMinutes(cutToMinute(spacedFrom), 1);
  return cron.firstAtOrAfter(latest(earliest, minuteAfter, addMinutes(spacedFrom, minInterval)));
}

/**
 * What the spacing counts from after a run: the slot, so that a run made some seconds late does not
 * push an hourly cron to every second hour; after a catch-up the run itself, so that the next one keeps its distance.
 */
export function spacedFromAfterRun(slot: Instant, runCreatedAt: Instant): Instant {
  return runCreatedAt <= addMinutes(slot, PUNCTUAL_MINUTES) ? slot : cutToMinute(runCreatedAt);
}
