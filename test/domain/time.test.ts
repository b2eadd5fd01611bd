import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addMinutes,
  cutToMinute,
  cutToSecond,
  epochSeconds,
  instantOf,
  latest,
  parseInstant,
  toRfc3339,
} from '../../src/domain/time.ts';

const FIRST_SECOND = epochSeconds('0001-01-01T00:00:00.000000Z');
const LAST_SECOND = epochSeconds('9999-12-31T23:59:59.000000Z');

const seconds = fc.integer({ min: FIRST_SECOND, max: LAST_SECOND });
const microseconds = fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0'));
const instants = fc
  .tuple(seconds, microseconds)
  .map(([whole, fraction]) => instantOf(whole).replace('000000Z', `${fraction}Z`));

describe('a time is parsed', () => {
  test.each([
    ['with zone Z', '2025-04-10T23:36:21.411941Z', '2025-04-10T23:36:21.411941Z'],
    ['without a zone, as UTC', '2025-04-10T23:36:21.411941', '2025-04-10T23:36:21.411941Z'],
    ['without seconds', '2025-04-10T23:36Z', '2025-04-10T23:36:00.000000Z'],
    ['without seconds and zone', '2025-04-10T23:36', '2025-04-10T23:36:00.000000Z'],
    ['with a space for T', '2025-04-10 23:36:21Z', '2025-04-10T23:36:21.000000Z'],
    ['in lower case', '2025-04-10t23:36:21z', '2025-04-10T23:36:21.000000Z'],
    ['with a zone to the east', '2025-04-11T01:06:21+05:30', '2025-04-10T19:36:21.000000Z'],
    ['with a zone to the west', '2025-04-10T23:36:21-08:00', '2025-04-11T07:36:21.000000Z'],
    ['with a zone without colon', '2025-04-10T23:36:21-0530', '2025-04-11T05:06:21.000000Z'],
    ['with a zone in hours', '2025-04-10T23:36:21+02', '2025-04-10T21:36:21.000000Z'],
    ['with a zone and no seconds', '2025-01-01T00:30+01:00', '2024-12-31T23:30:00.000000Z'],
    ['with a comma', '2025-04-10T23:36:21,5Z', '2025-04-10T23:36:21.500000Z'],
    ['with one decimal', '2025-04-10T23:36:21.4Z', '2025-04-10T23:36:21.400000Z'],
    [
      'with nine decimals, which are truncated',
      '2025-04-10T23:36:21.411941999Z',
      '2025-04-10T23:36:21.411941Z',
    ],
    ['truncated, not rounded', '2025-12-31T23:59:59.9999999Z', '2025-12-31T23:59:59.999999Z'],
    ['on a leap day', '2024-02-29T12:00Z', '2024-02-29T12:00:00.000000Z'],
    ['on the leap day of 2000', '2000-02-29T12:00Z', '2000-02-29T12:00:00.000000Z'],
    ['in the first year', '0001-01-01T00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['in year 99, not 1999', '0099-06-01T00:00Z', '0099-06-01T00:00:00.000000Z'],
    [
      'in year 0 of its zone, which is year 1 in UTC',
      '0000-12-31T23:30-01:00',
      '0001-01-01T00:30:00.000000Z',
    ],
    ['in the last second', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('%s: %s', (_, text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });
});

describe('a time is refused if it is', () => {
  test.each([
    ['empty', ''],
    ['a word', 'tomorrow'],
    ['a date', '2025-04-10'],
    ['a date with an hour', '2025-04-10T23'],
    ['a number', '1744328181'],
    ['30 February', '2024-02-30T00:00Z'],
    ['29 February of a common year', '2025-02-29T00:00Z'],
    ['29 February of 2100', '2100-02-29T00:00Z'],
    ['31 April', '2025-04-31T00:00Z'],
    ['day 0', '2025-04-00T00:00Z'],
    ['day 32', '2025-01-32T00:00Z'],
    ['month 0', '2025-00-10T00:00Z'],
    ['month 13', '2025-13-10T00:00Z'],
    ['24:00', '2025-04-10T24:00Z'],
    ['minute 60', '2025-04-10T23:60Z'],
    ['second 60', '2016-12-31T23:59:60Z'],
    ['a point without decimals', '2025-04-10T23:36:21.Z'],
    ['decimals of a minute', '2025-04-10T23:36.5Z'],
    ['a zone of 24 hours', '2025-04-10T23:36+24:00'],
    ['a zone with 60 minutes', '2025-04-10T23:36+05:60'],
    ['with a truncated zone', '2025-04-10T23:36+05:'],
    ['with a zone name', '2025-04-10T23:36 CET'],
    ['year 0', '0000-06-01T00:00Z'],
    ['in year 1 of its zone, which is year 0 in UTC', '0001-01-01T00:00+01:00'],
    ['in year 9999 of its zone, which is year 10000 in UTC', '9999-12-31T23:59:59-01:00'],
    ['year 10000', '10000-01-01T00:00Z'],
    ['a signed year', '+002025-04-10T23:36Z'],
    ['surrounded by spaces', ' 2025-04-10T23:36Z '],
    ['a line end', '2025-04-10T23:36Z\n'],
    ['in other digits', '٢٠٢٥-04-10T23:36Z'],
    ['with endless decimals', `2025-04-10T23:36:21.${'1'.repeat(100_000)}Z`],
  ])('%s', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('for any instant', () => {
  test('its own text and RFC 3339 are parsed back to it', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseInstant(instant)).toBe(instant);
        expect(parseInstant(toRfc3339(instant))).toBe(instant);
      }),
    );
  });

  test('a number converts back to the whole seconds', () => {
    fc.assert(fc.property(seconds, (whole) => expect(epochSeconds(instantOf(whole))).toBe(whole)));
  });

  test('the order of the texts is the order of the times', () => {
    // Includes close neighbours, because two independent instants would hardly ever share a second.
    const neighbours = fc
      .tuple(instants, microseconds)
      .map(([a, fraction]): [string, string] => [a, a.replace(/\d{6}Z$/, `${fraction}Z`)]);
    const ticks = (text: string) => BigInt(epochSeconds(text)) * 1_000_000n + BigInt(text.slice(20, 26));
    fc.assert(
      fc.property(fc.oneof(fc.tuple(instants, instants), neighbours), ([a, b]) => {
        expect(a < b).toBe(ticks(a) < ticks(b));
        expect(latest(a, b)).toBe(ticks(a) < ticks(b) ? b : a);
      }),
    );
  });

  test('truncating never moves it forward, or by a whole unit', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(epochSeconds(cutToSecond(instant))).toBe(epochSeconds(instant));
        expect(cutToSecond(instant) <= instant).toBe(true);
        expect(cutToMinute(instant) <= instant).toBe(true);
        expect(epochSeconds(instant) - epochSeconds(cutToMinute(instant))).toBeLessThan(60);
      }),
    );
  });

  test('another time zone denotes the same instant', () => {
    const offsets = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 });
    const inner = fc.integer({ min: FIRST_SECOND + 86_400, max: LAST_SECOND - 86_400 }).map(instantOf);
    const twoDigits = (number: number) => String(number).padStart(2, '0');
    fc.assert(
      fc.property(inner, offsets, (instant, offset) => {
        const size = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
        expect(parseInstant(addMinutes(instant, offset).replace('Z', zone))).toBe(instant);
      }),
    );
  });

  test('adding minutes keeps seconds and microseconds, and can be reversed', () => {
    const inner = instants.filter((text) => text > '0003' && text < '9997');
    const year = 366 * 24 * 60;
    fc.assert(
      fc.property(inner, fc.integer({ min: -year, max: year }), (instant, minutes) => {
        const moved = addMinutes(instant, minutes);
        expect(moved.slice(17)).toBe(instant.slice(17));
        expect(epochSeconds(moved) - epochSeconds(instant)).toBe(minutes * 60);
        expect(addMinutes(moved, -minutes)).toBe(instant);
      }),
    );
  });
});

test('adding minutes never leaves the years 1 to 9999', () => {
  expect(addMinutes('9999-12-31T23:59:30.000001Z', 1)).toBe('9999-12-31T23:59:59.000001Z');
  expect(addMinutes('2025-01-01T00:00:00.000000Z', 2 ** 53)).toBe('9999-12-31T23:59:59.000000Z');
  expect(addMinutes('0001-01-01T00:00:30.000000Z', -1)).toBe('0001-01-01T00:00:00.000000Z');
});

test.each([
  ['2025-04-23T02:10:41.000000Z', '2025-04-23T02:10:41Z'],
  ['2025-04-10T23:36:21.411941Z', '2025-04-10T23:36:21.411941Z'],
  ['2025-04-10T23:36:21.400000Z', '2025-04-10T23:36:21.400000Z'],
])('%s is printed as %s', (instant, text) => {
  expect(toRfc3339(instant)).toBe(text);
});

test.each([
  [cutToSecond, '2025-04-10T23:36:21.999999Z', '2025-04-10T23:36:21.000000Z'],
  [cutToMinute, '2025-04-10T23:36:59.999999Z', '2025-04-10T23:36:00.000000Z'],
  [cutToMinute, '2025-04-10T23:36:00.000000Z', '2025-04-10T23:36:00.000000Z'],
])('%p(%s) is %s', (cut, instant, result) => {
  expect(cut(instant)).toBe(result);
});

test('the latest of several is found at any position', () => {
  const [a, b, c] = [
    '2025-01-01T00:00:00.000000Z',
    '2025-01-01T00:00:00.000001Z',
    '2026-01-01T00:00:00.000000Z',
  ];
  for (const [first, ...others] of [[a], [a, a]]) expect(latest(first!, ...others)).toBe(a);
  for (const [first, ...others] of [
    [a, b, c],
    [c, b, a],
    [b, c, a],
  ])
    expect(latest(first!, ...others)).toBe(c);
});
