const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The zone of the browser, which is where the viewer is. */
export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are expensive to create, and a list shows hundreds of times. */
function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', options);
  formats.set(key, known);
  return known.format(at);
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** `14:05` today, `Mon 14:05` within six days, `3 Dec 14:05` this year, or with the year. */
export function shortTime(at: string, now: number): string {
  const date = new Date(at);
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const time = format(date, clock);
  if (localDay(date) === localDay(new Date(now))) return time;
  if (Math.abs(date.getTime() - now) < 6 * DAY_MS) return `${format(date, { weekday: 'short' })} ${time}`;
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return `${format(date, { day: 'numeric', month: 'short', year })}, ${time}`;
}

/** `in 3 hr.`, `5 min. ago`: how far a time is from now, in its largest unit. */
export function relativeTime(at: string, now: number): string {
  const distance = Date.parse(at) - now;
  const size = Math.abs(distance);
  // The clock of the page and that of the gateway may differ by seconds.
  if (size < MINUTE_MS) return distance > MINUTE_MS / 2 ? 'in a moment' : 'just now';
  if (size < HOUR_MS) return relative.format(Math.round(distance / MINUTE_MS), 'minute');
  if (size < 2 * DAY_MS) return relative.format(Math.round(distance / HOUR_MS), 'hour');
  const days = distance / DAY_MS;
  if (Math.abs(days) < 60) return relative.format(Math.round(days), 'day');
  if (Math.abs(days) < 730) return relative.format(Math.round(days / 30.44), 'month');
  return relative.format(Math.round(days / 365.25), 'year');
}

/** The whole time in the viewer's zone, with the zone's name. */
export const localTime = (at: string): string =>
  format(new Date(at), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });

export const utcTime = (at: string): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `2026-12-01 14:05 UTC`: as much of it as a column has room for. */
export const utcMinute = (at: string): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `Mon 1 Dec`, for the days of a chart. */
export const dayName = (at: string): string =>
  format(new Date(at), { weekday: 'short', day: 'numeric', month: 'short' });

/** Key of the day in the viewer's zone: `2026-12-01`. */
export const localDay = (at: Date): string =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
