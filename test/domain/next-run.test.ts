import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { nextRun, spacedFromAfterRun } from '../../src/domain/schedule/next-run.ts';
import { addMinutes, cutToMinute, epochSeconds, instantOf, parseInstant } from '../../src/domain/time.ts';
import { thorough } from '../support/seed.ts';

const at = (text: string) => parseInstant(text)!;

describe('the next run, on one day', () => {
  const today = (time: string | undefined) => (time === undefined ? undefined : at(`2025-04-10T${time}`));

  test.each([
    ['is the start, if it matches', '0 * * * *', '12:00', '11:10', undefined, 30, '12:00'],
    ['is after the start, if that does not match', '0 * * * *', '12:01', '11:10', undefined, 30, '13:00'],
    ['is not before now', '0 * * * *', '00:00', '11:10:00.5', undefined, 30, '12:00'],
    ['is now, if it matches', '0 * * * *', '00:00', '11:00', undefined, 30, '11:00'],
    ['keeps its hour after a run some seconds late', '0 * * * *', '00:00', '11:00:07', '11:00', 60, '12:00'],
    [
      'is spaced if the cron expression is more frequent',
      '* * * * *',
      '00:00',
      '11:00:07',
      '11:00',
      30,
      '11:30',
    ],
    ['is a match even when spaced', '*/20 * * * *', '00:00', '11:00:07', '11:00', 30, '11:40'],
    ['is spaced from a catch-up', '0 * * * *', '00:00', '11:45:07', '11:45', 30, '13:00'],
    ['is spaced even if the start is later', '*/10 * * * *', '11:10', '11:05', '11:00', 30, '11:30'],
    ['is a different slot, even without spacing', '* * * * *', '00:00', '11:00', '11:00', 0, '11:01'],
    ['is a different slot, even within its minute', '* * * * *', '00:00', '11:00', '11:00:30', 0, '11:01'],
  ])('%s', (_, expression, startAfter, now, spacedFrom, minInterval, expected) => {
    const times = { startAfter: today(startAfter)!, now: today(now)!, spacedFrom: today(spacedFrom) };
    expect(nextRun({ cron: parseCron(expression), ...times, minInterval })).toBe(today(expected));
  });
});

describe('the run after a run, spaced by 30 minutes,', () => {
  test.each([
    ['is a year later', '30 23 31 12 *', '2025-12-31T23:30', '2026-12-31T23:30'],
    ['is spaced into the new year', '*/15 * * * *', '2025-12-31T23:45', '2026-01-01T00:15'],
    ['is on the leap day', '0 0 * * *', '2024-02-28T00:00', '2024-02-29T00:00'],
    ['is not on a leap day that does not exist', '0 0 * * *', '2100-02-28T00:00', '2100-03-01T00:00'],
    ['is four years later', '0 0 29 2 *', '2024-02-29T00:00', '2028-02-29T00:00'],
    ['is eight years later around 2100', '0 0 29 2 *', '2096-02-29T00:00', '2104-02-29T00:00'],
    ['does not exist after the last leap day', '0 0 29 2 *', '9996-02-29T00:00', undefined],
    ['does not exist if the years end before it', '* * * * *', '9999-12-31T23:50', undefined],
  ])('%s: %s', (_, expression, slot, expected) => {
    const last = { startAfter: at('2020-01-01T00:00'), spacedFrom: at(slot), now: at(`${slot}:01`) };
    const next = nextRun({ cron: parseCron(expression), ...last, minInterval: 30 });
    expect(next).toBe(expected && at(expected));
  });
});

test('a start after the last possible match has no next run', () => {
  const [startAfter, now] = [at('9999-01-01T00:00:01'), at('2025-01-01T00:00')];
  expect(nextRun({ cron: parseCron('0 0 1 1 *'), startAfter, now, minInterval: 30 })).toBeUndefined();
});

/** The times of one schedule are so close to each other that they interact. */
const START = epochSeconds(at('2095-12-20T00:00'));
const DAYS = 80;
const times = fc.integer({ min: 0, max: DAYS * 86_400 }).map((seconds) => instantOf(START + seconds));
const crons = fc
  .constantFrom(
    '* * * * *',
    '*/7 * * * *',
    '0 * * * *',
    '59 23 * * *',
    '0 0 1 * *',
    '0 12 31 12 *',
    '0 0 29 2 *',
    '30 4 */3 * MON-FRI',
    '5,55 8-17/3 * JAN,MAR 2',
  )
  .map((expression) => parseCron(expression));
const schedules = fc.record(
  {
    cron: crons,
    startAfter: times,
    now: times,
    spacedFrom: times,
    minInterval: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 20_160 })),
  },
  { requiredKeys: ['cron', 'startAfter', 'now', 'minInterval'] },
);

describe('for any schedule, the next run', () => {
  test('matches the cron expression, and is never before the start, before now or too close to the last run', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { cron, startAfter, now, spacedFrom, minInterval } = schedule;
        const next = nextRun(schedule)!;
        expect(cron.firstAtOrAfter(next)).toBe(next);
        expect(next >= startAfter).toBe(true);
        expect(next >= now).toBe(true);
        if (spacedFrom === undefined) return;
        expect(next > spacedFrom).toBe(true);
        expect(epochSeconds(next) - epochSeconds(spacedFrom)).toBeGreaterThanOrEqual(minInterval * 60);
      }),
      { numRuns: thorough(1000) },
    );
  });

  test('is the first such slot: every earlier match breaks a rule', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { cron, startAfter, now, spacedFrom, minInterval } = schedule;
        const allowed = (match: string) =>
          match >= startAfter &&
          match >= now &&
          (spacedFrom === undefined ||
            (match > spacedFrom && epochSeconds(match) >= epochSeconds(spacedFrom) + minInterval * 60));
        let match = cron.firstAtOrAfter(instantOf(START))!;
        while (!allowed(match)) match = cron.firstAtOrAfter(addMinutes(match, 1))!;
        expect(nextRun(schedule)).toBe(match);
      }),
      { numRuns: thorough(100) },
    );
  });

  test('keeps the distance run after run, however late each run is, and never drifts from the cron expression', () => {
    // Usually a few seconds late, sometimes hours, as after an outage.
    const delays = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200_000 }));
    const intervals = fc.integer({ min: 1, max: 600 });
    fc.assert(
      fc.property(crons, times, intervals, fc.array(delays), (cron, startAfter, minInterval, lateness) => {
        let slot = nextRun({ cron, startAfter, now: startAfter, minInterval })!;
        for (const late of lateness) {
          const madeAt = instantOf(epochSeconds(slot) + late);
          const spacedFrom = spacedFromAfterRun(slot, madeAt);
          const next = nextRun({ cron, startAfter, now: madeAt, spacedFrom, minInterval })!;
          expect(cron.firstAtOrAfter(next)).toBe(next);
          const counted = late <= 300 ? slot : cutToMinute(madeAt);
          expect(epochSeconds(next) - epochSeconds(counted)).toBeGreaterThanOrEqual(minInterval * 60);
          expect(next > slot).toBe(true);
          slot = next;
        }
      }),
    );
  });
});

describe('the spacing counts from', () => {
  test.each([
    ['the slot, if the run was punctual', '2025-04-10T12:00', '2025-04-10T12:00', '2025-04-10T12:00'],
    ['the slot, some seconds later', '2025-04-10T12:00', '2025-04-10T12:00:07.25', '2025-04-10T12:00'],
    ['the slot, five minutes later', '2025-04-10T12:00', '2025-04-10T12:05', '2025-04-10T12:00'],
    [
      'the run, a microsecond after that',
      '2025-04-10T12:00',
      '2025-04-10T12:05:00.000001',
      '2025-04-10T12:05',
    ],
    [
      'the run, truncated to its minute',
      '2025-04-10T12:00',
      '2025-04-13T07:08:59.999999',
      '2025-04-13T07:08',
    ],
    ['the slot, across the end of a year', '2025-12-31T23:59', '2026-01-01T00:03', '2025-12-31T23:59'],
  ])('%s', (_, slot, madeAt, expected) => {
    expect(spacedFromAfterRun(at(slot), at(madeAt))).toBe(at(expected));
  });
});

test('a week of downtime leads to one catch-up run, and then the schedule continues', () => {
  const schedule = { cron: parseCron('0 6 * * *'), startAfter: at('2025-01-01T00:00'), minInterval: 60 };
  const slot = at('2025-04-03T06:00');
  const back = at('2025-04-10T05:30:12.5');
  const spacedFrom = spacedFromAfterRun(slot, back);
  // 06:00 of the same day would be half an hour after the catch-up run, which is too close.
  expect(nextRun({ ...schedule, spacedFrom, now: back })).toBe(at('2025-04-11T06:00'));
});
