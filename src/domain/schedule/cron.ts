import { invalid } from '../errors.ts';
import type { Instant } from '../time.ts';
import { type Calendar, canMatch, countMatches, firstMatch, lastMatchBefore } from './calendar.ts';

/**
 * A cron expression of five fields, in UTC. The dialect is strict: it rejects syntax that some cron programs
 * reject or interpret differently, such as `7`, `5/15` and `FRI-MON`.
 */
export interface Cron {
  /** The expression as written, with single spaces between the fields. */
  readonly expression: string;
  /** The first match at or after an instant. Undefined if there is none before the year 10000. */
  firstAtOrAfter(instant: Instant): Instant | undefined;
  /** The matches from one instant (inclusive) to another (exclusive). Undefined if there are none. */
  between(from: Instant, before: Instant): SlotRange | undefined;
}

/**
 * A range of consecutive slots. The ledger stores ranges, so a minutely cron does not write a thousand rows a
 * day.
 */
export interface SlotRange {
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
  readonly number: number;
}

interface FieldRule {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** In the order of their numbers, starting with `first`. */
  readonly names?: readonly string[];
  /** Appended to error messages, to prevent a common misunderstanding. */
  readonly note?: string;
}

const MINUTE: FieldRule = { name: 'minute', first: 0, last: 59 };
const HOUR: FieldRule = { name: 'hour', first: 0, last: 23 };
const DAY_OF_MONTH: FieldRule = { name: 'day of month', first: 1, last: 31 };
const MONTH: FieldRule = {
  name: 'month',
  first: 1,
  last: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const DAY_OF_WEEK: FieldRule = {
  name: 'day of week',
  first: 0,
  last: 6,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  // Sunday is never 7, because dashboards cannot display it.
  note: 'where Sunday is 0',
};

const FIVE_FIELDS =
  'a cron expression of five fields separated by spaces: minute, hour, day of month, month, day of week';
const MAX_EXPRESSION_LENGTH = 255;

/**
 * @param field path in the input, for the refusal
 * @throws Refusal INVALID_CRON, which names the wrong field of the expression
 */
export function parseCron(expression: string, field = 'trigger.recurring.interval'): Cron {
  const refuse = (allowed: string, found: string) => invalid(field, found, allowed, 'INVALID_CRON');
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw refuse(`a cron expression of at most ${MAX_EXPRESSION_LENGTH} characters`, expression);
  }
  const parts = expression.split(/[ \t]+/).filter((part) => part !== '');
  if (parts.length !== 5) throw refuse(FIVE_FIELDS, expression);

  const read = (text: string, rule: FieldRule) =>
    fieldValues(text, rule, (allowed, found) =>
      refuse(`a cron expression whose ${rule.name} ${allowed}`, found),
    );
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts as [string, string, string, string, string];
  const calendar: Calendar = {
    minutes: read(minute, MINUTE),
    hours: read(hour, HOUR),
    daysOfMonth: read(dayOfMonth, DAY_OF_MONTH),
    months: read(month, MONTH),
    daysOfWeek: read(dayOfWeek, DAY_OF_WEEK),
    // Only a bare `*` is unrestricted. `*/1` lists every value, which counts as a restriction.
    eitherDay: dayOfMonth !== '*' && dayOfWeek !== '*',
  };
  if (!canMatch(calendar)) {
    throw refuse('a cron expression whose day of month exists in one of its months', expression);
  }
  return {
    expression: parts.join(' '),
    firstAtOrAfter: (instant) => firstMatch(calendar, instant),
    between(from, before) {
      const firstSlot = firstMatch(calendar, from);
      if (firstSlot === undefined || firstSlot >= before) return undefined;
      const lastSlot = lastMatchBefore(calendar, before);
      return { firstSlot, lastSlot, number: countMatches(calendar, firstSlot, lastSlot) };
    },
  };
}

/**
 * `*`, a value or a range, with an optional step. `\w` is ASCII, so names in other alphabets do not match.
 */
const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/;

/** The values that a field lists. `1-10/3,20` means 1, 4, 7, 10 and 20. */
function fieldValues(
  text: string,
  rule: FieldRule,
  refuse: (allowed: string, found: string) => Error,
): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    if (item === '') throw refuse('has no empty list item', text);
    const match = ITEM.exec(item);
    if (!match) throw refuse(writtenWith(rule), item);
    const [, from, to, by] = match;
    const first = from === undefined ? rule.first : readValue(from, rule);
    const last = to === undefined ? (from === undefined ? rule.last : first) : readValue(to, rule);
    if (first === undefined || last === undefined) throw refuse(writtenWith(rule), item);
    if (last < first) throw refuse(upward(rule), item);
    // Some cron programs interpret `5/15` as `5-59/15`, others as `5`.
    if (by !== undefined && from !== undefined && to === undefined) {
      throw refuse('has steps only on `*` or on a range', item);
    }
    const size = last - first + 1;
    const step = by === undefined ? 1 : readNumber(by);
    if (!(step >= 1 && step <= size)) throw refuse(`has a step from 1 to ${size}`, item);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

function writtenWith({ first, last, names, note }: FieldRule): string {
  const numbers = `is written with \`*\` or numbers from ${first} to ${last}`;
  const named = names ? `${numbers} or names from ${names[0]} to ${names.at(-1)}` : numbers;
  return note ? `${named}, ${note}` : named;
}

function upward({ first, last, names }: FieldRule): string {
  return `has only ascending ranges from ${names?.[0] ?? first} to ${names?.at(-1) ?? last}`;
}

function readValue(text: string, { first, last, names }: FieldRule): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named < 0 ? readNumber(text) : first + named;
  return value >= first && value <= last ? value : undefined;
}

/** Numbers have at most two digits. A leading zero is allowed. */
const readNumber = (text: string): number => (/^\d{1,2}$/.test(text) ? Number(text) : Number.NaN);
