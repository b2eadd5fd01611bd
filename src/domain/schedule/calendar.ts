import { cutToMinute, epochSeconds, type Instant, instantOf } from '../time.ts';

/** The minutes that match a cron expression, in UTC. */
export interface Calendar {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  /** 1 is January. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  /**
   * Whether a match of one kind of day suffices. True if both kinds are restricted. Otherwise both must
   * match, and at least one of them always does.
   */
  readonly eitherDay: boolean;
}

const LAST_YEAR = 9999;
const MINUTES_OF_DAY = 1440;
/** Days of each month in a leap year. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether any date can match. Days that never occur, such as 30 February, would make the search endless.
 * Every month contains every day of the week.
 */
export function canMatch({ eitherDay, daysOfMonth, months }: Calendar): boolean {
  const earliestDay = Math.min(...daysOfMonth);
  return eitherDay || [...months].some((month) => earliestDay <= LONGEST_MONTHS[month - 1]!);
}

/**
 * The first match at or after an instant. Skips whole months, days and hours that do not match, so even the
 * longest gap takes only about 300 steps.
 */
export function firstMatch(calendar: Calendar, instant: Instant): Instant | undefined {
  const minute = cutToMinute(instant);
  const date = new Date(epochSeconds(minute) * 1000);
  if (minute < instant) date.setUTCMinutes(date.getUTCMinutes() + 1);

  while (date.getUTCFullYear() <= LAST_YEAR) {
    if (!calendar.months.has(date.getUTCMonth() + 1)) {
      date.setUTCMonth(date.getUTCMonth() + 1, 1);
      date.setUTCHours(0, 0);
    } else if (!matchesDay(calendar, date)) {
      date.setUTCHours(24, 0);
    } else if (!calendar.hours.has(date.getUTCHours())) {
      date.setUTCMinutes(60);
    } else if (!calendar.minutes.has(date.getUTCMinutes())) {
      date.setUTCMinutes(date.getUTCMinutes() + 1);
    } else {
      return instantOf(date.getTime() / 1000);
    }
  }
  return undefined;
}

function matchesDay({ daysOfMonth, daysOfWeek, eitherDay }: Calendar, date: Date): boolean {
  const byMonth = daysOfMonth.has(date.getUTCDate());
  const byWeek = daysOfWeek.has(date.getUTCDay());
  return eitherDay ? byMonth || byWeek : byMonth && byWeek;
}

/**
 * The last match before an instant. Searches backwards day by day.
 * @param before an instant that is later than at least one match
 */
export function lastMatchBefore(calendar: Calendar, before: Instant): Instant {
  const minute = cutToMinute(before);
  const date = new Date(epochSeconds(minute) * 1000);
  // The loop checks the minute before `date`.
  if (minute < before) date.setUTCMinutes(date.getUTCMinutes() + 1);
  for (;;) {
    date.setUTCMinutes(date.getUTCMinutes() - 1);
    if (!matchesDate(calendar, date)) date.setUTCHours(0, 0);
    else if (!calendar.hours.has(date.getUTCHours())) date.setUTCMinutes(0);
    else if (calendar.minutes.has(date.getUTCMinutes())) return instantOf(date.getTime() / 1000);
  }
}

/**
 * Number of matches from one match to another, including both. Takes one step per day, whatever the
 * expression.
 */
export function countMatches(calendar: Calendar, first: Instant, last: Instant): number {
  const ofDay = timesOfDay(calendar);
  const [start, end] = [epochSeconds(first), epochSeconds(last)];
  let count = 0;
  for (let day = Math.floor(start / 86_400) * 86_400; day <= end; day += 86_400) {
    if (!matchesDate(calendar, new Date(day * 1000))) continue;
    const from = Math.max(0, (start - day) / 60);
    const to = Math.min(MINUTES_OF_DAY - 1, (end - day) / 60);
    count += ofDay[to + 1]! - ofDay[from]!;
  }
  return count;
}

/** For each minute of a day: the number of earlier minutes that match. */
function timesOfDay({ hours, minutes }: Calendar): number[] {
  const before = [0];
  for (let minute = 0; minute < MINUTES_OF_DAY; minute += 1) {
    const matches = hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60);
    before.push(before[minute]! + (matches ? 1 : 0));
  }
  return before;
}

const matchesDate = (calendar: Calendar, date: Date): boolean =>
  calendar.months.has(date.getUTCMonth() + 1) && matchesDay(calendar, date);
