import { invalid, Refusal } from '../errors.ts';
import { type Instant, toRfc3339 } from '../time.ts';
import { addDays, dayOf, startOfDay, type TimeZone, timeZoneOf } from '../time-zone.ts';
import type { RunCounts } from './activity.ts';

/** Results of runs within a period, ready to plot. */
export interface RunStatistics {
  readonly from: Instant;
  readonly to: Instant;
  readonly total: RunTotals;
  /** In chronological order, including days without a run. */
  readonly days: readonly DailyTotals[];
}

export interface RunTotals {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly inProgress: number;
  /** Executions of all these runs by status. */
  readonly executions: RunCounts;
  /** Durations of the runs that have ended. Null if there are none. */
  readonly durations: RunDurations | null;
}

/** Seconds from the creation of a run to the end of its last execution. */
export interface RunDurations {
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
}

export interface DailyTotals extends RunTotals {
  readonly startsAt: Instant;
}

/** Totals from the database. Periods and days without runs are missing. */
export interface CountedRuns {
  readonly total?: RunTotals;
  readonly days: readonly DailyTotals[];
}

/** Results of the runs of one script profile. */
export interface ProfileTotals extends RunTotals {
  readonly scriptProfileId: number;
}

/** Results of the executions on one computer. */
export interface ComputerTotals {
  readonly computerId: number;
  readonly executions: RunCounts;
}

export const MAX_STATISTICS_DAYS = 92;
/** Maximum number of failed executions that are read to find the computers with the most failures. */
export const MAX_FAILURES_COUNTED = 100_000;
const DEFAULT_DAYS = 30;

export interface StatisticsRange {
  readonly from?: Instant | null;
  readonly to?: Instant | null;
  /** Number of whole days, including today. */
  readonly lastDays?: number | null;
  /** IANA name of the zone that defines the days. Defaults to UTC. */
  readonly timeZone?: string | null;
}

/** A period from `from` (inclusive) to `to` (exclusive). */
export interface StatisticsPeriod {
  readonly from: Instant;
  readonly to: Instant;
  /** The start of each day. The first may be earlier than `from`. */
  readonly days: readonly Instant[];
}

/** Defaults to the last thirty days. @throws Refusal INVALID_INPUT */
export function statisticsPeriod(asked: StatisticsRange, now: Instant): StatisticsPeriod {
  const zone = timeZoneOf(asked.timeZone);
  const { from, to } = rangeOf(asked, zone, now);
  const first = dayOf(from, zone);
  const number = dayOf(to, zone) - first + 1;
  const starts = Array.from({ length: number }, (_, index) => startOfDay(first + index, zone));
  // A day that the zone skipped starts at the same time as the next day.
  return { from, to, days: [...new Set(starts)].filter((start) => start < to) };
}

function rangeOf(
  { from, to, lastDays }: StatisticsRange,
  zone: TimeZone,
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
  if (!Number.isInteger(days) || days < 1 || days > MAX_STATISTICS_DAYS) {
    throw invalid('lastDays', days, `a whole number from 1 to ${MAX_STATISTICS_DAYS}`);
  }
  const today = dayOf(now, zone);
  const end = to ?? startOfDay(today + 1, zone);
  const start = from ?? (to == null ? startOfDay(today + 1 - days, zone) : addDays(to, -days, zone));
  if (end <= start) throw invalid('to', toRfc3339(end), `later than ${toRfc3339(start)}`);
  if (end > addDays(start, MAX_STATISTICS_DAYS, zone)) {
    throw invalid('to', toRfc3339(end), `at most ${MAX_STATISTICS_DAYS} days after ${toRfc3339(start)}`);
  }
  return { from: start, to: end };
}

/** Adds the days without runs to the totals from the database. */
export function statisticsOf(
  { from, to, days }: StatisticsPeriod,
  { total = NOTHING, days: counted }: CountedRuns,
): RunStatistics {
  const byDay = new Map(counted.map((day) => [day.startsAt, day]));
  return { from, to, total, days: days.map((startsAt) => byDay.get(startsAt) ?? { ...NOTHING, startsAt }) };
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

/** Ratio of successes to successes and failures, from 0 to 1. Null if there are neither. */
export function successRate({
  executions: { succeeded, failed },
}: Pick<RunTotals, 'executions'>): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}
