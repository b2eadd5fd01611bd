import fc from 'fast-check';
import { instantOf } from '../../src/domain/time.ts';

/** A part of an expression with its meaning, so that tests need not parse cron text. */
interface Meaning {
  readonly text: string;
  has(value: number): boolean;
}

interface Field {
  readonly first: number;
  readonly last: number;
  readonly names?: string;
}

const MINUTES: Field = { first: 0, last: 59 };
const HOURS: Field = { first: 0, last: 23 };
const DAYS_OF_MONTH: Field = { first: 1, last: 31 };
const MONTHS: Field = { first: 1, last: 12, names: 'jan feb MAR APR May Jun jul AUG Sep OCT nov dec' };
const DAYS_OF_WEEK: Field = { first: 0, last: 6, names: 'sun MON Tue wEd THU fri Sat' };

/** One way to write a value: `5`, `05` or a name. */
function written({ first, names }: Field, value: number): fc.Arbitrary<string> {
  const name = names?.split(' ')[value - first];
  return fc.constantFrom(String(value), String(value).padStart(2, '0'), ...(name ? [name] : []));
}

function item(field: Field): fc.Arbitrary<Meaning> {
  const { first, last } = field;
  const value = fc.integer({ min: first, max: last });
  const star = fc.constant({ text: '*', from: first, to: last });
  const range = fc.tuple(value, value).chain(([a, b]) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    return fc
      .tuple(written(field, from), written(field, to))
      .map(([x, y]) => ({ text: `${x}-${y}`, from, to }));
  });
  const stepped = fc.oneof(star, range).chain(({ text, from, to }) =>
    fc.integer({ min: 1, max: to - from + 1 }).map((step) => ({
      text: `${text}/${step}`,
      has: (it: number) => it >= from && it <= to && (it - from) % step === 0,
    })),
  );
  return fc.oneof(
    value.chain((one) => written(field, one).map((text) => ({ text, has: (it: number) => it === one }))),
    range.map(({ text, from, to }) => ({ text, has: (it: number) => it >= from && it <= to })),
    stepped,
  );
}

const anyValue: Meaning = { text: '*', has: () => true };

/** A single `*`, or a list. */
const fieldOf = (field: Field): fc.Arbitrary<Meaning> =>
  fc.oneof(
    fc.constant(anyValue),
    fc.array(item(field), { minLength: 1, maxLength: 3 }).map((items) => ({
      text: items.map(({ text }) => text).join(','),
      has: (value: number) => items.some((one) => one.has(value)),
    })),
  );

export type Fields = readonly [Meaning, Meaning, Meaning, Meaning, Meaning];

/** If day of month and day of week are both restricted, a match of either is enough. */
const matchesDay = ([, , dayOfMonth, month, dayOfWeek]: Fields, date: Date): boolean => {
  if (!month.has(date.getUTCMonth() + 1)) return false;
  const days = [dayOfMonth, dayOfWeek].filter((day) => day !== anyValue);
  const matched = [dayOfMonth.has(date.getUTCDate()), dayOfWeek.has(date.getUTCDay())];
  return days.length === 2 ? matched.includes(true) : !matched.includes(false);
};

export const matches = (fields: Fields, date: Date): boolean =>
  fields[0].has(date.getUTCMinutes()) && fields[1].has(date.getUTCHours()) && matchesDay(fields, date);

/** Every date of a leap year. An expression that matches none of them never matches. */
export const leapYear = Array.from(
  { length: 366 },
  (_, day) => new Date(Date.UTC(2096, 0, 1) + day * 86_400_000),
);

const anyFields = fc.tuple(
  fieldOf(MINUTES),
  fieldOf(HOURS),
  fieldOf(DAYS_OF_MONTH),
  fieldOf(MONTHS),
  fieldOf(DAYS_OF_WEEK),
);
/** Expressions of all kinds that match at least one date. */
export const fallingFields = anyFields.filter((fields) => leapYear.some((day) => matchesDay(fields, day)));
export const textOf = (fields: Fields) => fields.map(({ text }) => text).join(' ');

export const instants = fc
  .tuple(
    fc.integer({ min: 0, max: Date.UTC(2150, 0, 1) / 1000 }),
    // Half of all instants are whole minutes, like slots.
    fc.option(fc.integer({ min: 0, max: 999_999 }), { freq: 1 }),
  )
  .map(([seconds, fraction]) =>
    fraction === null
      ? instantOf(seconds - (seconds % 60))
      : instantOf(seconds).replace('000000Z', `${String(fraction).padStart(6, '0')}Z`),
  );
