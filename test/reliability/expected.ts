import type { Instant } from '../../src/domain/time.ts';
import type { Known } from './world.ts';

const MINUTE = 60_000;
/** Milliseconds. A change this close to the end of a minute may come before or after a run of the next minute. */
const NEAR = 4_000;

export interface Expected {
  /** Slots that the ledger must contain exactly once, in milliseconds since 1970. */
  readonly due: ReadonlySet<number>;
  /** Slots that the ledger may contain once. */
  readonly perhaps: ReadonlySet<number>;
}

/**
 * The slots of a profile from its creation to its archiving. Checks each minute instead of calculating with calendars.
 */
export function expectedSlots(profile: Known): Expected {
  const due = new Set<number>();
  const perhaps = new Set<number>();
  const ends = [...profile.triggers.slice(1).map(({ since }) => since), profile.archivedAt!];
  profile.triggers.forEach(({ value, since }, index) => {
    const [from, until] = [ms(since), ms(ends[index]!)];
    if (profile.kind === 'one_time') {
      const slot = ms(value);
      if (Math.abs(slot - until) < NEAR) perhaps.add(slot);
      else if (slot <= until) due.add(slot);
      return;
    }
    const matches = matcher(value);
    for (let minute = Math.floor(from / MINUTE) * MINUTE; minute <= until; minute += MINUTE) {
      if (!matches(new Date(minute))) continue;
      if (minute > from) due.add(minute);
    }
  });
  for (const at of [profile.createdAt, ...ends]) {
    const past = ms(at) % MINUTE;
    if (past >= NEAR && past <= MINUTE - NEAR) continue;
    const minute = Math.round(ms(at) / MINUTE) * MINUTE;
    if (profile.kind === 'recurring') due.delete(minute);
    if (profile.kind === 'recurring') perhaps.add(minute);
  }
  return { due, perhaps };
}

export const ms = (instant: Instant): number => Date.parse(instant.replace(/(\.\d{3})\d*Z$/, '$1Z'));

/** Matches five fields with numbers, lists, ranges and steps. Shares no code with the domain, and so no bug. */
function matcher(expression: string): (date: Date) => boolean {
  const fields = expression.split(' ');
  const [minute, hour, day, month, weekday] = fields.map(
    (field) => (value: number) =>
      field.split(',').some((item) => {
        const [range = '', step = '1'] = item.split('/');
        const [first = 0, last = range === '*' ? 99 : first] =
          range === '*' ? [] : range.split('-').map(Number);
        const base = range === '*' ? (field === fields[2] || field === fields[3] ? 1 : 0) : first;
        return value >= first && value <= last && (value - base) % Number(step) === 0;
      }),
  ) as [Field, Field, Field, Field, Field];
  const eitherDay = fields[2] !== '*' && fields[4] !== '*';
  return (date) => {
    const [byDay, byWeekday] = [day(date.getUTCDate()), weekday(date.getUTCDay())];
    return (
      minute(date.getUTCMinutes()) &&
      hour(date.getUTCHours()) &&
      month(date.getUTCMonth() + 1) &&
      (eitherDay ? byDay || byWeekday : byDay && byWeekday)
    );
  };
}

type Field = (value: number) => boolean;
