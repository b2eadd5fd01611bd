import { invalid } from './errors.ts';
import { addSeconds, epochSeconds, type Instant } from './time.ts';

/** Maps a time, in seconds since 1970, to the zone's offset from UTC in seconds. East is positive. */
export type TimeZone = (epochSeconds: number) => number;

const DAY = 86_400;
const EPOCH: Instant = '1970-01-01T00:00:00.000000Z';
const OFFSET = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/;

/** Looks up a time zone by its IANA name. Defaults to UTC. @throws Refusal INVALID_INPUT */
export function timeZoneOf(name: string | null | undefined, field = 'timeZone'): TimeZone {
  if (name == null || name === 'UTC') return () => 0;
  // Some versions of Intl accept offsets such as "+02:00", which ignore daylight saving time.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) throw unknownZone(name, field);
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    return (seconds) => offsetOf(format, seconds);
  } catch (error) {
    throw error instanceof RangeError ? unknownZone(name, field) : error;
  }
}

const unknownZone = (name: string, field: string) =>
  invalid(field, name, 'the name of a time zone of the IANA database, such as "Europe/Berlin"');

function offsetOf(format: Intl.DateTimeFormat, seconds: number): number {
  const [, sign = '+', hours = 0, minutes = 0, rest = 0] = OFFSET.exec(format.format(seconds * 1000))!;
  return Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(rest));
}

/** The calendar day of an instant, as a number of days since 1 January 1970. */
export const dayOf = (instant: Instant, zone: TimeZone): number => dayAt(epochSeconds(instant), zone);

const dayAt = (seconds: number, zone: TimeZone) => Math.floor((seconds + zone(seconds)) / DAY);

/**
 * The first instant of a day. It is later than midnight if the zone skips midnight. A day that the zone skips
 * starts with the next day.
 */
export function startOfDay(day: number, zone: TimeZone): Instant {
  const midnight = day * DAY;
  const usual = midnight - zone(midnight - zone(midnight));
  if (dayAt(usual, zone) === day && dayAt(usual - 1, zone) < day) return addSeconds(EPOCH, usual);
  // The offset changes around midnight. A binary search finds the first second of this day or a later one.
  let [before, after] = [midnight - DAY, midnight + DAY];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayAt(middle, zone) < day) before = middle;
    else after = middle;
  }
  return addSeconds(EPOCH, after);
}

/** Adds days and keeps the local time of day. */
export function addDays(instant: Instant, days: number, zone: TimeZone): Instant {
  const seconds = epochSeconds(instant);
  return addSeconds(instant, days * DAY + zone(seconds) - zone(seconds + days * DAY));
}
