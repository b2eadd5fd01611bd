import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firings, type Moment, mayRunUntil, runTimes } from '../../src/domain/schedule/forecast.ts';
import {
  checkDraft,
  createScriptProfile,
  type ScriptProfile,
} from '../../src/domain/script-profiles/script-profile.ts';
import { addMinutes, epochSeconds, type Instant, instantOf } from '../../src/domain/time.ts';
import {
  aDraft,
  aProfile,
  aScript,
  at,
  every,
  john,
  LIMITS,
  once,
  onEnrolment,
} from '../support/builders.ts';
import { thorough } from '../support/seed.ts';
import { fallingFields, matches, textOf } from './cron-expressions.ts';

const take = <Value>(number: number, values: Iterable<Value>): Value[] => {
  const taken: Value[] = [];
  for (const value of values) if (taken.push(value) >= number) break;
  return taken;
};
const moment = (now: Instant, minInterval = 30): Moment => ({ now, limits: { ...LIMITS, minInterval } });
const NOON = at('2025-04-10T12:00:30.25');
const shortly = (instant: Instant) => instant.slice(5, 19);

describe('the forecast', () => {
  test('is empty for an event trigger, and for a finished, paused or archived profile', () => {
    for (const trigger of [onEnrolment, once('2025-04-01T08:00', true), every('* * * * *')]) {
      const profile = aProfile({ trigger, nextRun: null });
      expect(take(5, firings(profile, moment(NOON)))).toEqual([]);
      expect(take(5, runTimes(profile, moment(NOON)))).toEqual([]);
    }
  });

  test('has one run for a one-time profile, at its time, or immediately if that has passed', () => {
    const soon = aProfile({ trigger: once('2025-05-01T08:00'), nextRun: at('2025-05-01T08:00') });
    expect(take(5, runTimes(soon, moment(NOON)))).toEqual([at('2025-05-01T08:00')]);
    const passed = aProfile({ trigger: once('2025-04-01T08:00'), nextRun: at('2025-04-01T08:00') });
    expect(take(5, runTimes(passed, moment(NOON)))).toEqual([NOON]);
    expect(take(5, firings(passed, moment(NOON)))).toMatchObject([
      { at: NOON, slot: at('2025-04-01T08:00') },
    ]);
  });

  test('includes the slots that come too soon', () => {
    const profile = aProfile({ trigger: every('*/20 * * * *'), nextRun: at('2025-04-10T12:20') });
    const seen = take(3, firings(profile, moment(NOON))).map((firing) => [
      shortly(firing.at),
      ...firing.ledger.map((entry) => `${entry.status} ${shortly(entry.firstSlot)}`),
    ]);
    expect(seen).toEqual([
      ['04-10T12:20:00', 'fired 04-10T12:20:00'],
      ['04-10T13:00:00', 'moved 04-10T12:40:00', 'fired 04-10T13:00:00'],
      ['04-10T13:40:00', 'moved 04-10T13:20:00', 'fired 04-10T13:40:00'],
    ]);
  });

  test('starts with one catch-up run if slots were missed', () => {
    const profile = aProfile({ trigger: every('0 * * * *'), nextRun: at('2025-04-10T08:00') });
    const [first, second] = take(2, firings(profile, moment(NOON)));
    expect(first).toMatchObject({ at: NOON, slot: at('2025-04-10T12:00') });
    expect(first!.ledger).toContainEqual(expect.objectContaining({ status: 'coalesced', number: 4 }));
    expect(second!.at).toBe(at('2025-04-10T13:00'));
  });

  test('ends before the year 10000', () => {
    const profile = aProfile({ trigger: every('0 0 1 1 *'), nextRun: at('9998-01-01T00:00') });
    expect(take(5, runTimes(profile, moment(NOON)))).toEqual([
      at('9998-01-01T00:00'),
      at('9999-01-01T00:00'),
    ]);
  });
});

test('assumes that a run may take until its time limit', () => {
  expect(mayRunUntil(NOON, { timeLimit: 90 })).toBe(at('2025-04-10T12:02:00.25'));
  expect(mayRunUntil(NOON, { timeLimit: 2_147_483_647 }).slice(0, 4)).toBe('2093');
});

const spacings = fc.constantFrom(0, 1, 2, 7, 60, 61, 360, 1440);
const START = epochSeconds(at('2095-12-20T00:00'));
const somewhen = fc.nat(20 * 86_400).map((seconds) => instantOf(START + seconds));

function madeAt(now: Instant, interval: string, startAfter: Instant, minInterval: number): ScriptProfile {
  const draft = checkDraft(aDraft({ trigger: { kind: 'recurring', interval, startAfter } }));
  const { limits } = moment(now, minInterval);
  return { ...createScriptProfile(draft, { script: aScript(), by: john, at: now, limits }), id: 1 };
}

test('the forecast equals the result of checking every minute, for any expression, start and spacing', () => {
  const DAYS = 5;
  fc.assert(
    fc.property(fallingFields, somewhen, somewhen, spacings, (fields, now, startAfter, minInterval) => {
      const end = addMinutes(now, DAYS * 1440);
      const expected: Instant[] = [];
      let last = Number.NEGATIVE_INFINITY;
      for (let second = Math.ceil(epochSeconds(now) / 60) * 60; instantOf(second) < end; second += 60) {
        const slot = instantOf(second);
        if (slot < startAfter || slot < now || second < last + Math.max(minInterval, 1) * 60) continue;
        if (!matches(fields, new Date(second * 1000))) continue;
        expected.push(slot);
        last = second;
      }
      const profile = madeAt(now, textOf(fields), startAfter, minInterval);
      const forecast: Instant[] = [];
      for (const time of runTimes(profile, moment(now, minInterval))) {
        if (time >= end) break;
        forecast.push(time);
      }
      expect(forecast).toEqual(expected);
    }),
    { numRuns: thorough(40) },
  );
});

test('the fast algorithm equals the scheduler’s own rule, overdue or not', () => {
  fc.assert(
    fc.property(
      fallingFields,
      somewhen,
      somewhen,
      fc.nat(5000),
      spacings,
      (fields, made, startAfter, later, minInterval) => {
        const profile = madeAt(made, textOf(fields), startAfter, minInterval);
        const now = addMinutes(made, later);
        const slow = take(30, firings(profile, moment(now, minInterval))).map((firing) => firing.at);
        expect(take(30, runTimes(profile, moment(now, minInterval)))).toEqual(slow);
      },
    ),
    { numRuns: thorough(40) },
  );
});
