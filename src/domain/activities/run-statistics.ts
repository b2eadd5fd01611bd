import { invalid, Refusal } from '../errors.ts';
import { type Instant, toRfc3339 } from '../time.ts';
import { addDays, dayOf, startOfDay, type TimeZone, timeZoneOf } from '../time-zone.ts';
import type { RunCounts } from './activity.ts';

/** How some runs of some time went: ready to plot. */
export interface RunStatistics {
  readonly from: Instant;
  readonly to: Instant;
  readonly total: RunTotals;
  /** By day, days without a run included. */
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

/** What was counted of some runs: nothing where there are none. */
export interface CountedRuns {
  readonly total?: RunTotals;
  readonly days: readonly DailyTotals[];
}

/** How the runs of one script profile went. */
export interface ProfileTotals extends RunTotals {
  readonly scriptProfileId: number;
}

/** How the executions on one computer went. */
export interface ComputerTotals {
  readonly computerId: number;
  readonly executions: RunCounts;
}

export const MAX_STATISTICS_DAYS = 92;
/** Failed executions that are looked at to find out which computers have the most. */
export const MAX_FAILURES_COUNTED = 100_000;
const DEFAULT_DAYS = 30;

export interface StatisticsRange {
  readonly from?: Instant | null;
  readonly to?: Instant | null;
  /** Whole days, today being the last. */
  readonly lastDays?: number | null;
  /** Whose days; UTC's for none. */
  readonly timeZone?: string | null;
}

/** Some time, from `from` on and before `to`. */
export interface StatisticsPeriod {
  readonly from: Instant;
  readonly to: Instant;
  /** Where each of its days starts: the first one at `from` or before. */
  readonly days: readonly Instant[];
}

/** Defaults to the last thirty days. @throws Refusal INVALID_INPUT */
export function statisticsPeriod(asked: StatisticsRange, now: Instant): StatisticsPeriod {
  const zone = timeZoneOf(asked.timeZone);
  const { from, to } = rangeOf(asked, zone, now);
  const first = dayOf(from, zone);
  const number = dayOf(to, zone) - first + 1;
  const starts = Array.from({ length: number }, (_, index) => startOfDay(first + index, zone));
  // A day that a zone skipped starts where the next one does.
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

/** What was counted, with the days on which there was nothing. */
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

/** From 0 to 1: of the executions that ended well or badly, how many ended well. Null when none did either. */
export function successRate({
  executions: { succeeded, failed },
}: Pick<RunTotals, 'executions'>): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}
