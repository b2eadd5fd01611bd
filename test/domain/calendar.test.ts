import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron, type SlotRange } from '../../src/domain/schedule/cron.ts';
import { addMinutes, epochSeconds, type Instant, instantOf } from '../../src/domain/time.ts';
import { at } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';
import { fallingFields, matches, textOf } from './cron-expressions.ts';

const MINUTE = 60;
const crons = fallingFields.map((fields) => ({
  text: textOf(fields),
  matches: (date: Date) => matches(fields, date),
}));

/** The oracle, which checks every minute. */
function bruteForce(matches: (date: Date) => boolean, from: Instant, before: Instant): SlotRange | undefined {
  const found: number[] = [];
  const first = Math.ceil(epochSeconds(from) / MINUTE) * MINUTE;
  for (let second = first; instantOf(second) < before; second += MINUTE) {
    if (instantOf(second) >= from && matches(new Date(second * 1000))) found.push(second);
  }
  if (found.length === 0) return undefined;
  return { firstSlot: instantOf(found[0]!), lastSlot: instantOf(found.at(-1)!), number: found.length };
}

describe('the slots between two instants', () => {
  test.each([
    ['at the start, if it matches', '0 * * * *', '2025-04-10T12:00', '2025-04-10T13:00', '12:00 12:00 1'],
    ['not at the end', '0 * * * *', '2025-04-10T11:30', '2025-04-10T12:00', null],
    ['just before the end', '0 * * * *', '2025-04-10T11:30', '2025-04-10T12:00:00.000001', '12:00 12:00 1'],
    [
      'not at a microsecond after a match',
      '0 * * * *',
      '2025-04-10T12:00:00.000001',
      '2025-04-10T12:59:59',
      null,
    ],
    ['none in an empty range', '* * * * *', '2025-04-10T12:00', '2025-04-10T12:00', null],
    ['none in a reversed range', '* * * * *', '2025-04-10T12:00', '2025-04-10T11:00', null],
    ['a whole day', '* * * * *', '2025-04-10T00:00', '2025-04-11T00:00', '00:00 23:59 1440'],
    ['over midnight', '*/30 * * * *', '2025-04-10T22:59', '2025-04-11T01:01', '23:00 01:00 5'],
    ['over the end of a year', '59 23 31 12 *', '2020-01-01T00:00', '2026-01-01T00:00', '23:59 23:59 6'],
    ['only leap days', '0 0 29 2 *', '2000-01-01T00:00', '2105-01-01T00:00', '00:00 00:00 26'],
    ['either kind of day', '0 0 13 * FRI', '2025-07-01T00:00', '2025-08-01T00:00', '00:00 00:00 5'],
  ])('are %s: %s', (_, expression, from, before, expected) => {
    const range = parseCron(expression).between(at(from), at(before));
    const shown = range && `${range.firstSlot.slice(11, 16)} ${range.lastSlot.slice(11, 16)} ${range.number}`;
    expect(shown ?? null).toBe(expected);
  });

  test('have the first, last and number that checking every minute finds, for any expression', () => {
    const START = epochSeconds(at('2095-12-27T00:00'));
    const somewhen = fc
      .tuple(fc.nat(70 * 86_400), fc.constantFrom('000000', '000001', '999999'))
      .map(([seconds, micros]) => instantOf(START + seconds).replace('.000000', `.${micros}`));
    const length = fc.oneof(fc.nat(90), fc.nat(3 * 1440));
    fc.assert(
      fc.property(crons, somewhen, length, ({ text, matches }, from, minutes) => {
        const before = addMinutes(from, minutes);
        expect(parseCron(text).between(from, before)).toEqual(bruteForce(matches, from, before));
      }),
      { numRuns: thorough(300) },
    );
  });

  test('of a range equal those of its two halves, wherever it is divided', () => {
    const moments = fc.array(fc.nat(400 * 1440), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(crons, moments, ({ text }, minutes) => {
        const cron = parseCron(text);
        const [from, cut, before] = minutes
          .sort((a, b) => a - b)
          .map((minute) => addMinutes(at('2027-11-01T00:00'), minute)) as [Instant, Instant, Instant];
        const [whole, left, right] = [
          cron.between(from, before),
          cron.between(from, cut),
          cron.between(cut, before),
        ];
        expect((left?.number ?? 0) + (right?.number ?? 0)).toBe(whole?.number ?? 0);
        expect((left ?? right)?.firstSlot).toBe(whole?.firstSlot);
        expect((right ?? left)?.lastSlot).toBe(whole?.lastSlot);
      }),
    );
  });
});
