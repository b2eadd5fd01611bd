import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochSeconds, instantOf } from '../../src/domain/time.ts';
import { addDays, dayOf, startOfDay, timeZoneOf } from '../../src/domain/time-zone.ts';
import { at, refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

const UTC = timeZoneOf('UTC');
const day = (date: string) => dayOf(at(`${date}T00:00`), UTC);
const starts = (zone: string, date: string) => startOfDay(day(date), timeZoneOf(zone)).slice(0, 19);

test.each([
  ['UTC', '2025-03-30', '2025-03-30T00:00:00'],
  ['Europe/Berlin', '2025-03-30', '2025-03-29T23:00:00'],
  ['Asia/Kathmandu', '2025-03-30', '2025-03-29T18:15:00'],
  ['Pacific/Kiritimati', '2025-03-30', '2025-03-29T10:00:00'],
  ['Etc/GMT+12', '2025-03-30', '2025-03-30T12:00:00'],
  ['america/new_york', '2025-03-30', '2025-03-30T04:00:00'],
])('in %s the day %s starts at %s UTC', (zone, date, start) => {
  expect(starts(zone, date)).toBe(start);
});

test.each([
  ['an hour shorter where the clocks are set forward', 'Europe/Berlin', '2025-03-30', 23],
  ['an hour longer where they are set back', 'Europe/Berlin', '2025-10-26', 25],
  ['half an hour shorter on Lord Howe', 'Australia/Lord_Howe', '2025-10-05', 23.5],
  ['an hour shorter if the clocks skip its midnight', 'Africa/Cairo', '2025-04-25', 23],
  [
    'an hour longer if the clocks show its midnight twice, west of Greenwich',
    'America/Havana',
    '2025-11-02',
    25,
  ],
  ['an hour longer if they do so east of Greenwich', 'Asia/Amman', '2021-10-29', 25],
  ['empty if the zone skips it', 'Pacific/Apia', '2011-12-30', 0],
])('a day is %s', (_, zone, date, hours) => {
  const [start, end] = [0, 1].map((later) => epochSeconds(startOfDay(day(date) + later, timeZoneOf(zone))));
  expect(end! - start!).toBe(hours * 3600);
});

test('a day starts at the first second that a wall clock shows of it, in every zone', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 25_000 }), (name, number) => {
      const zone = timeZoneOf(name);
      const start = startOfDay(number, zone);
      expect(dayOf(start, zone)).toBeGreaterThanOrEqual(number);
      expect(dayOf(instantOf(epochSeconds(start) - 1), zone)).toBeLessThan(number);
    }),
    { numRuns: thorough(800) },
  );
});

test.each([
  ['Europe/Berlin', '2025-03-29T11:00', 1, '2025-03-30T10:00'],
  ['Europe/Berlin', '2025-03-31T10:00', -2, '2025-03-29T11:00'],
  ['UTC', '2025-03-29T11:00:00.25', 30, '2025-04-28T11:00:00.25'],
])('in %s, %s moved by %s days is %s, at the same time of day', (zone, from, days, to) => {
  expect(addDays(at(from), days, timeZoneOf(zone))).toBe(at(to));
});

test('days are in UTC by default', () => {
  expect(startOfDay(0, timeZoneOf(null))).toBe(at('1970-01-01T00:00'));
});

describe('a time zone is refused if it is', () => {
  test.each([
    ['empty', ''],
    ['unknown', 'Mars/Olympus'],
    ['an offset', '+02:00'],
    ['an offset from GMT', 'GMT+2'],
    ['with NUL', 'UTC\0'],
    ['with a space', ' UTC'],
    ['very long', 'x'.repeat(100_000)],
  ])('%s', (_, name) => {
    const refusal = refusalOf(() => timeZoneOf(name));
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', detail: { field: 'timeZone' } });
    expect(refusal.message).toContain('IANA');
    expect(refusal.message.length).toBeLessThan(250);
  });
});
