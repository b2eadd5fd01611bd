import { describe, expect, test } from '@jest/globals';
import { Cron as Croner } from 'croner';
import fc from 'fast-check';
import { Refusal } from '../../src/domain/errors.ts';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { epochSeconds, instantOf, parseInstant } from '../../src/domain/time.ts';
import { thorough } from '../support/seed.ts';
import { type Fields, fallingFields, instants, leapYear, matches, textOf } from './cron-expressions.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Rounds an instant up to a whole step, in milliseconds. */
const roundUp = (instant: string, step: number) => {
  const cut = Math.floor((epochSeconds(instant) * 1000) / step) * step;
  return instantOf(cut / 1000) < instant ? cut + step : cut;
};

describe('the first match of an expression', () => {
  test('equals the result of trying every minute for two weeks', () => {
    fc.assert(
      fc.property(fallingFields, instants, (fields, instant) => {
        const start = roundUp(instant, MINUTE);
        const end = start + 14 * DAY;
        let time = start;
        while (time < end && !matches(fields, new Date(time))) time += MINUTE;
        const found = parseCron(textOf(fields)).firstAtOrAfter(instant)!;
        if (time < end) expect(found).toBe(instantOf(time / 1000));
        else expect(found >= instantOf(end / 1000)).toBe(true);
      }),
      { numRuns: thorough(400) },
    );
  });

  test('is on the day that trying every day finds, for nine years', () => {
    const zero = { text: '0', has: (value: number) => value === 0 };
    const atMidnight = fallingFields.map(([, , ...days]): Fields => [zero, zero, ...days]);
    fc.assert(
      fc.property(atMidnight, instants, (fields, instant) => {
        let time = roundUp(instant, DAY);
        const end = time + 9 * 366 * DAY;
        while (time < end && !matches(fields, new Date(time))) time += DAY;
        expect(parseCron(textOf(fields)).firstAtOrAfter(instant)).toBe(instantOf(time / 1000));
      }),
    );
  });

  test('equals the result of croner', () => {
    fc.assert(
      fc.property(fallingFields, instants, (fields, instant) => {
        // In croner, a range that ends with SUN ends with 7.
        fc.pre(!/-sun/.test(textOf(fields)));
        const croner = new Croner(textOf(fields), { mode: '5-part', utcOffset: 0 });
        // Croner searches strictly after the given time.
        const found = croner.nextRun(new Date(roundUp(instant, MINUTE) - 1000))!;
        expect(parseCron(textOf(fields)).firstAtOrAfter(instant)).toBe(instantOf(found.getTime() / 1000));
      }),
      { numRuns: thorough(1000) },
    );
  });

  test('is itself the first match at or after it', () => {
    fc.assert(
      fc.property(fallingFields, instants, (fields, instant) => {
        const cron = parseCron(textOf(fields));
        const found = cron.firstAtOrAfter(instant)!;
        expect(found >= instant).toBe(true);
        expect(cron.firstAtOrAfter(found)).toBe(found);
      }),
    );
  });

  test.each([
    ['exactly on a minute, that minute', '* * * * *', '2025-04-10T23:36', '2025-04-10T23:36'],
    ['a microsecond later, the next', '* * * * *', '2025-04-10T23:36:00.000001', '2025-04-10T23:37'],
    [
      'in the last second of a year, the next minute',
      '* * * * *',
      '2025-12-31T23:59:59.999999',
      '2026-01-01T00:00',
    ],
    ['across the end of a year', '0 0 1 1 *', '2025-01-01T00:01', '2026-01-01T00:00'],
    ['across the short months', '0 0 31 * *', '2025-03-31T00:01', '2025-05-31T00:00'],
    ['steps begin at the start of the range', '10-40/15 * * * *', '2025-04-10T23:11', '2025-04-10T23:25'],
    ['a step longer than the range', '*/60 * * * *', '2025-04-10T22:01', '2025-04-10T23:00'],
    ['names in every field', '0 9 * jan-MAR,Dec mOn-fri/2', '2025-04-01T00:00', '2025-12-01T09:00'],
    ['Sunday is 0', '0 0 * * 0', '2025-04-10T00:00', '2025-04-13T00:00'],
    ['two digits', '05 09 01 02 *', '2025-01-01T00:00', '2025-02-01T09:05'],
    ['either day, matched by the week', '0 0 13 * FRI', '2025-04-10T00:00', '2025-04-11T00:00'],
    ['either day, matched by the month', '0 0 13 * FRI', '2025-04-12T00:00', '2025-04-13T00:00'],
    ['`*/2` restricts too, matched by the month', '0 0 */2 * MON', '2025-04-10T00:00', '2025-04-11T00:00'],
    ['`*/2` restricts too, matched by the week', '0 0 */2 * MON', '2025-04-14T00:00', '2025-04-14T00:00'],
    ['`*/1` also counts as a restriction', '0 0 */1 * MON', '2025-04-15T00:00', '2025-04-15T00:00'],
    ['no 30 February, but a Monday', '0 0 30 2 MON', '2025-01-01T00:00', '2025-02-03T00:00'],
    ['no leap day in 2100', '0 0 29 2 *', '2096-02-29T00:01', '2104-02-29T00:00'],
    ['in year 1', '0 0 1 7 *', '0001-01-01T00:00', '0001-07-01T00:00'],
    ['up to the last minute', '59 23 31 12 *', '9999-01-01T00:00', '9999-12-31T23:59'],
  ])('%s: %s after %s is %s', (_, expression, after, first) => {
    expect(parseCron(expression).firstAtOrAfter(parseInstant(after)!)).toBe(parseInstant(first));
  });

  test.each([
    ['* * * * *', '9999-12-31T23:59:00.000001Z'],
    ['0 0 29 2 *', '9996-02-29T00:00:00.000001Z'],
  ])('does not exist if only the year 10000 contains it: %s', (expression, after) => {
    expect(parseCron(expression).firstAtOrAfter(after)).toBeUndefined();
  });
});

function refusalOf(expression: string, path?: string): Refusal | undefined {
  try {
    parseCron(expression, path);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

describe('an expression is refused with the position and the reason', () => {
  const names = ['minute', 'hour', 'day of month', 'month', 'day of week'];
  const inField = (name: string, text: string) => names.map((it) => (it === name ? text : '*')).join(' ');

  const numbers = (from: number, to: number) => `is written with \`*\` or numbers from ${from} to ${to}`;
  const steps = 'has steps only on `*` or on a range';

  test.each(
    [
      ['minute', numbers(0, 59), '60 -1 +1 .5 1e1 0x1 005 ٥ H MON ** 1-2-3 1- 5-* */ */-1 */5/5'],
      ['minute', steps, '5/15 0/1'],
      ['minute', 'has a step from 1 to 60', '*/0 */00 */61 */x'],
      ['minute', 'has a step from 1 to 5', '1-5/6 0,10-14/6'],
      ['minute', 'has no empty list item', '1,,2 , 1, ,1'],
      ['hour', numbers(0, 23), '24 0,24 ? 20-24'],
      ['hour', 'has only ascending ranges from 0 to 23', '22-2'],
      ['day of month', numbers(1, 31), '0 32 L 15W LW ?'],
      ['month', `${numbers(1, 12)} or names from JAN to DEC`, '0 13 JANUARY MON'],
      ['month', 'has only ascending ranges from JAN to DEC', 'DEC-FEB'],
      [
        'day of week',
        `${numbers(0, 6)} or names from SUN to SAT, where Sunday is 0`,
        '7 5-7 MON#2 5L ? ſun *\n *\0',
      ],
      ['day of week', 'has only ascending ranges from SUN to SAT', 'SAT-SUN 6-0 fri-1'],
      ['day of week', steps, 'SUN/2'],
    ].flatMap(([name, reason, texts]) => texts!.split(' ').map((text) => [name!, text, reason!] as const)),
  )('%s %j: it %s', (name, text, reason) => {
    const refusal = refusalOf(inField(name, text));
    expect(refusal?.message).toContain(`must be a cron expression whose ${name} ${reason}; found "`);
    expect(text).toContain(JSON.parse(refusal!.detail.found!));
  });

  test.each([
    ['', 'five fields'],
    ['@daily', 'five fields'],
    ['* * * *', 'five fields'],
    ['0 * * * * *', 'five fields'],
    [' * * * *', 'five fields'],
    ['*  * * *', 'five fields'],
    ['* * * *\n*', 'five fields'],
    ['*\u00a0* * * *', 'five fields'],
    ['0 0 30 2 *', 'day of month exists in one of its months'],
    ['0 0 31 FEB,APR,6,9,NOV *', 'day of month exists in one of its months'],
    [`${'0,'.repeat(123)}00 * * * *`, 'at most 255 characters'],
    [' '.repeat(1_000_000), 'at most 255 characters'],
  ])('%j: %s', (expression, reason) => {
    const refusal = refusalOf(expression);
    expect(refusal).toMatchObject({ code: 'INVALID_CRON', detail: { field: 'trigger.recurring.interval' } });
    expect(refusal?.message).toContain(reason);
  });

  test('if and only if no leap year contains its day', () => {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= 31; day++) {
        const exists = leapYear.some((date) => date.getUTCMonth() + 1 === month && date.getUTCDate() === day);
        expect([day, month, refusalOf(`0 0 ${day} ${month} *`) === undefined]).toEqual([day, month, exists]);
      }
    }
  });

  test('with the path of the field', () => {
    expect(refusalOf('@daily', 'interval')?.detail.field).toBe('interval');
  });

  test('and no other error is thrown, for any text', () => {
    const pieces = fc.constantFrom(...'0159*/-, @LW#?+'.split(''), 'MON', 'feb', '* * * *', '\0', '\n', 'ſ');
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((them) => them.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(refusalOf(text)?.code ?? 'INVALID_CRON').toBe('INVALID_CRON');
      }),
    );
  });
});

test('an expression is stored as written', () => {
  fc.assert(
    fc.property(fallingFields, (fields) => {
      expect(parseCron(textOf(fields)).expression).toBe(textOf(fields));
    }),
  );
});

test('spaces and tabs between fields are reduced to one space, and outer ones are removed', () => {
  const gap = fc.stringMatching(/^[ \t]{1,3}$/);
  const around = fc.stringMatching(/^[ \t]{0,3}$/);
  fc.assert(
    fc.property(fallingFields, fc.tuple(around, gap, gap, gap, gap, around), (fields, gaps) => {
      const text = fields.map(({ text }, index) => gaps[index] + text).join('') + gaps[5];
      fc.pre(text.length <= 255);
      expect(parseCron(text).expression).toBe(textOf(fields));
    }),
  );
});

test('an expression of 255 characters is accepted', () => {
  expect(refusalOf(`${'0,'.repeat(123)}0 * * * *`)).toBeUndefined();
});
