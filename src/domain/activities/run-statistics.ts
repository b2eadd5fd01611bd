import { invalid, Refusal } from '../errors.ts';
import { addMinutes, type Instant, toRfc3339 } from '../time.ts';
import type { RunCounts } from './activity.ts';

/** How a profile's runs of some time went: ready to plot. */
export interface RunStatistics {
  readonly from: Instant;
  readonly to: Instant;
  readonly total: RunTotals;
  /** By day in UTC, days without a run included. */
  readonly days: readonly DailyTotals[];
}

export interface RunTotals {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly inProgress: number;
  /** Of all the runs together. */
  readonly executions: RunCounts;
  /** Of the runs that are over; null when there are none. */
  readonly durations: RunDurations | null;
}

/** Seconds from making a run until its last execution was over. */
export interface RunDurations {
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
}

export interface DailyTotals extends RunTotals {
  readonly startsAt: Instant;
}

export const LONGEST_STATISTICS_DAYS = 92;
const DEFAULT_DAYS = 30;
const DAY = 1440;

export const startOfDay = (instant: Instant): Instant => `${instant.slice(0, 10)}T00:00:00.000000Z`;

export interface StatisticsRange {
  readonly from?: Instant | null;
  readonly to?: Instant | null;
  /** Whole days in UTC, today being the last. */
  readonly lastDays?: number | null;
}

/** The last thirty days, unless told. @throws Refusal INVALID_INPUT */
export function statisticsRange(
  { from, to, lastDays }: StatisticsRange,
  now: Instant,
): { from: Instant; to: Instant } {
  if (lastDays != null && (from != null || to != null)) {
    throw new Refusal('INVALID_INPUT', 'lastDays cannot be combined with from or to; found both.', {
      field: 'lastDays',
      found: String(lastDays),
      allowed: 'omitted if `from` or `to` is given',
    });
  }
  const days = lastDays ?? DEFAULT_DAYS;
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_STATISTICS_DAYS) {
    throw invalid('lastDays', days, `a whole number from 1 to ${LONGEST_STATISTICS_DAYS}`);
  }
  const end = to ?? addMinutes(startOfDay(now), DAY);
  const start = from ?? addMinutes(end, -days * DAY);
  if (end <= start) throw invalid('to', toRfc3339(end), `later than ${toRfc3339(start)}`);
  if (end > addMinutes(start, LONGEST_STATISTICS_DAYS * DAY)) {
    throw invalid('to', toRfc3339(end), `at most ${LONGEST_STATISTICS_DAYS} days after ${toRfc3339(start)}`);
  }
  return { from: start, to: end };
}

/** What was counted, with the days on which there was nothing. */
export function statisticsOf(
  { from, to }: { from: Instant; to: Instant },
  total: RunTotals | undefined,
  counted: readonly DailyTotals[],
): RunStatistics {
  const byDay = new Map(counted.map((day) => [day.startsAt, day]));
  const days: DailyTotals[] = [];
  for (let startsAt = startOfDay(from); startsAt < to; startsAt = addMinutes(startsAt, DAY)) {
    days.push(byDay.get(startsAt) ?? { ...NOTHING, startsAt });
  }
  return { from, to, total: total ?? NOTHING, days };
}

const NOTHING: RunTotals = {
  runs: 0,
  succeeded: 0,
  failed: 0,
  canceled: 0,
  inProgress: 0,
  executions: { undelivered: 0, delivered: 0, canceled: 0, failed: 0, succeeded: 0 },
  durations: null,
};

/** From 0 to 1: of the executions that ended well or badly, how many ended well. Null when none did either. */
export function successRate({ executions: { succeeded, failed } }: RunTotals): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}
