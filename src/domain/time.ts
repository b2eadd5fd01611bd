/**
 * A time as fixed-width text in UTC with six decimals: `2025-04-10T23:36:21.411941Z`. Text preserves
 * microseconds, which a JavaScript `Date` would drop. The fixed width makes text order equal to time order,
 * so `a < b` means "a is earlier than b".
 */
export type Instant = string;

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?$/;

/**
 * Parses an ISO 8601 time. Seconds and zone are optional, and the zone defaults to UTC. Undefined if the text
 * is invalid.
 */
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
  // `Date.parse` turns 30 February into 2 March, so the day is compared with the result.
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  const offset = sign ? Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute)) : 0;
  const seconds = local / 1000 - offset * 60;
  if (seconds < EARLIEST || seconds > LATEST) return undefined;
  return instantOf(seconds).replace('.000000', `.${fraction.slice(0, 6).padEnd(6, '0')}`);
}

/** Drops the microseconds. */
export const inMilliseconds = (time: Instant): Instant => `${time.slice(0, -4)}000Z`;

// The range of years that both ISO 8601 text and PostgreSQL can represent.
const EARLIEST = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LATEST = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** Converts seconds since 1970 to an instant. */
export function instantOf(epochSeconds: number): Instant {
  return new Date(epochSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, '.000000Z');
}

/** Seconds since 1970, rounded down. */
export function epochSeconds(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) / 1000;
}

/** Milliseconds between two instants, for timers. Microseconds are dropped. */
export const millisecondsUntil = (then: Instant | undefined, now: Instant): number | undefined =>
  then === undefined ? undefined : Date.parse(then) - Date.parse(now);

export const cutToSecond = (instant: Instant): Instant => `${instant.slice(0, 19)}.000000Z`;
export const cutToMinute = (instant: Instant): Instant => `${instant.slice(0, 16)}:00.000000Z`;

/**
 * Adds whole seconds and preserves the microseconds. The result is limited to the years 1 to 9999, because a
 * fifth digit would break the text order.
 */
export function addSeconds(instant: Instant, seconds: number): Instant {
  const moved = Math.min(Math.max(epochSeconds(instant) + seconds, EARLIEST), LATEST);
  return instantOf(moved).slice(0, 19) + instant.slice(19);
}

/** Seconds between two instants, including microseconds. */
export function secondsBetween(from: Instant, to: Instant): number {
  const micros = Number(to.slice(20, 26)) - Number(from.slice(20, 26));
  return epochSeconds(to) - epochSeconds(from) + micros / 1_000_000;
}

export const addMinutes = (instant: Instant, minutes: number): Instant => addSeconds(instant, minutes * 60);

/** The start of the next minute: the exclusive end of a range of minutes that includes the instant. */
export const justAfter = (instant: Instant): Instant => cutToMinute(addMinutes(instant, 1));

export function latest(first: Instant, ...others: Instant[]): Instant {
  return [first, ...others].sort().at(-1)!;
}

/**
 * Formats an instant as RFC 3339, without trailing zero decimals: `2025-04-23T02:10:41Z`,
 * `2025-04-10T23:36:21.411941Z`.
 */
export function toRfc3339(instant: Instant): string {
  return instant.endsWith('.000000Z') ? `${instant.slice(0, 19)}Z` : instant;
}
