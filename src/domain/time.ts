/**
 * Times, as text of one fixed width: `2025-04-10T23:36:21.411941Z`, always UTC, always six decimals.
 * Text keeps the microseconds that a JavaScript `Date` would cut, and fixed width makes
 * the order of the text the order of time: `a < b` reads as "a is earlier than b".
 */
export type Instant = string;

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?$/;

/** Reads ISO 8601 with or without seconds and zone; no zone means UTC. Undefined when it is no such time. */
export function parseInstant(text: string): Instant | undefined {
  const match = ISO_8601.exec(text);
  if (!match) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = '00',
    fraction = '',
    ,
    sign,
    zoneHour,
    zoneMinute = '00',
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (sign && (Number(zoneHour) > 23 || Number(zoneMinute) > 59)) return undefined;
  // `Date.parse` turns 30 February into 2 March: the day is compared with what came back.
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  const offset = sign ? Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute)) : 0;
  const seconds = local / 1000 - offset * 60;
  if (seconds < EARLIEST || seconds > LATEST) return undefined;
  return instantOf(seconds).replace('.000000', `.${fraction.slice(0, 6).padEnd(6, '0')}`);
}

/** The same time without its microseconds. */
export const inMilliseconds = (time: Instant): Instant => `${time.slice(0, -4)}000Z`;

// Four-digit years from 1 on: what both ISO 8601 text and PostgreSQL can hold.
const EARLIEST = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LATEST = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** The instant at so many whole seconds after 1970. */
export function instantOf(epochSeconds: number): Instant {
  return new Date(epochSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, '.000000Z');
}

/** The whole seconds after 1970: cut, never rounded. */
export function epochSeconds(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) / 1000;
}

/** Cut to milliseconds; for timers. */
export const millisecondsUntil = (then: Instant | undefined, now: Instant): number | undefined =>
  then === undefined ? undefined : Date.parse(then) - Date.parse(now);

export const cutToSecond = (instant: Instant): Instant => `${instant.slice(0, 19)}.000000Z`;
export const cutToMinute = (instant: Instant): Instant => `${instant.slice(0, 16)}:00.000000Z`;

/**
 * Moves an instant by whole seconds; its microseconds stay. It gets no farther than the first or the last
 * second that there is: a fifth digit of the year would sort before all others.
 */
export function addSeconds(instant: Instant, seconds: number): Instant {
  const moved = Math.min(Math.max(epochSeconds(instant) + seconds, EARLIEST), LATEST);
  return instantOf(moved).slice(0, 19) + instant.slice(19);
}

/** Seconds from one instant to another, with their microseconds. */
export function secondsBetween(from: Instant, to: Instant): number {
  const micros = Number(to.slice(20, 26)) - Number(from.slice(20, 26));
  return epochSeconds(to) - epochSeconds(from) + micros / 1_000_000;
}

export const addMinutes = (instant: Instant, minutes: number): Instant => addSeconds(instant, minutes * 60);

/** The end of a range of minutes that has the instant in it. */
export const justAfter = (instant: Instant): Instant => cutToMinute(addMinutes(instant, 1));

export function latest(first: Instant, ...others: Instant[]): Instant {
  return [first, ...others].sort().at(-1)!;
}

/** RFC 3339, without decimals that say nothing: `2025-04-23T02:10:41Z`, `2025-04-10T23:36:21.411941Z`. */
export function toRfc3339(instant: Instant): string {
  return instant.endsWith('.000000Z') ? `${instant.slice(0, 19)}Z` : instant;
}
