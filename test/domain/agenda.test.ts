import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cohort, Reach } from '../../src/domain/computers/cohort.ts';
import { agenda, agendaRange, MAX_OCCURRENCES } from '../../src/domain/schedule/agenda.ts';
import { MAX_CONFLICTS } from '../../src/domain/schedule/conflicts.ts';
import type { Moment } from '../../src/domain/schedule/forecast.ts';
import type { ScriptProfile } from '../../src/domain/script-profiles/script-profile.ts';
import { addMinutes, epochSeconds, type Instant, instantOf } from '../../src/domain/time.ts';
import { anAccessGroup, aProfile, at, every, LIMITS, once, refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

const NOW = at('2025-04-10T12:00:30');
const cohort = (tags: string[], number: number): Cohort => ({ tags, number, groupAndAbove: [2, 1] });
const fleet = [cohort(['a'], 3), cohort(['b'], 4), cohort(['a', 'b'], 5), cohort([], 6)];
const limits = { ...LIMITS, minInterval: 0, maxNumComputers: 1000 };
const moment: Moment = { now: NOW, limits };
const timed = (id: number, time: string, overrides: Partial<ScriptProfile> = {}) =>
  aProfile({
    id,
    scriptId: id,
    trigger: once(time),
    nextRun: at(time),
    tags: ['a'],
    timeLimit: 600,
    ...overrides,
  });
const range = (to = '2025-04-12T00:00', from = NOW) => ({ from, to: at(to) });
const of = (profiles: ScriptProfile[], within = range(), when = moment) =>
  drained(agenda(profiles, new Reach(fleet), within, when));

/** Returns the result of work that is done in steps. */
function drained<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

describe('the agenda of an account', () => {
  test('lists every run by time, then by id, with the reached computers and the latest end', () => {
    const daily = aProfile({
      id: 9,
      trigger: every('0 6 * * *'),
      nextRun: at('2025-04-11T06:00'),
      tags: ['b'],
    });
    const { occurrences, completeUntil } = of([
      daily,
      timed(4, '2025-04-11T06:00'),
      timed(3, '2025-04-11T06:00'),
    ]);
    expect(
      occurrences.map(({ scriptProfile, at, mayRunUntil, expectedComputers }) => [
        scriptProfile.id,
        at,
        mayRunUntil,
        expectedComputers,
      ]),
    ).toEqual([
      [3, at('2025-04-11T06:00'), at('2025-04-11T06:10'), 8],
      [4, at('2025-04-11T06:00'), at('2025-04-11T06:10'), 8],
      [9, at('2025-04-11T06:00'), at('2025-04-11T06:05'), 9],
    ]);
    expect(completeUntil).toBe(at('2025-04-12T00:00'));
  });

  test('includes its start, and excludes its end', () => {
    const hourly = aProfile({ trigger: every('0 * * * *'), nextRun: at('2025-04-10T13:00') });
    const { occurrences } = of([hourly], range('2025-04-11T03:00', at('2025-04-11T01:00')));
    expect(occurrences.map(({ at }) => at)).toEqual([at('2025-04-11T01:00'), at('2025-04-11T02:00')]);
  });

  test('expects no more computers than a run may cover', () => {
    const when = { ...moment, limits: { ...limits, maxNumComputers: 7 } };
    expect(of([timed(1, '2025-04-11T06:00')], range(), when).occurrences[0]!.expectedComputers).toBe(7);
  });

  test('sums up the load by hour, and omits hours without a run', () => {
    const profiles = [
      timed(1, '2025-04-11T06:10'),
      timed(2, '2025-04-11T06:50', { tags: ['b'] }),
      timed(3, '2025-04-11T09:00'),
    ];
    expect(of(profiles).load).toEqual([
      { startsAt: at('2025-04-11T06:00'), runs: 2, executions: 17 },
      { startsAt: at('2025-04-11T09:00'), runs: 1, executions: 8 },
    ]);
  });

  test('stops at the 5,000th run from now, and states until when it is complete', () => {
    const minutely = aProfile({ trigger: every('* * * * *'), nextRun: at('2025-04-10T12:01') });
    const first = of([minutely], range('2025-06-01T00:00'));
    expect(first.occurrences).toHaveLength(MAX_OCCURRENCES);
    expect(first.completeUntil).toBe(addMinutes(at('2025-04-10T12:01'), MAX_OCCURRENCES));
    const late = of([minutely], range('2025-06-01T00:00', at('2025-05-20T00:00')));
    expect(late).toMatchObject({ occurrences: [], completeUntil: first.completeUntil });
  });
});

describe('two runs conflict', () => {
  const conflict = (
    one: Partial<ScriptProfile>,
    other: Partial<ScriptProfile>,
    times = ['06:00', '06:09'],
  ) => {
    const found = of([timed(1, `2025-04-11T${times[0]}`, one), timed(2, `2025-04-11T${times[1]}`, other)]);
    const conflicting = found.occurrences.map((occurrence) => occurrence.conflicting);
    expect(conflicting).toEqual(found.conflicts.length > 0 ? [true, true] : [false, false]);
    const [only] = found.conflicts;
    return only && [only.profiles[0].id, only.profiles[1].id, only.sharedComputers, only.sameScript];
  };

  test.each<[string, Partial<ScriptProfile>, Partial<ScriptProfile>, string[], unknown]>([
    ['on computers that both reach', { tags: ['a'] }, { tags: ['b'] }, ['06:00', '06:09'], [1, 2, 5, false]],
    ['whichever starts first', { tags: ['a'] }, { tags: ['b'] }, ['06:09', '06:00'], [1, 2, 5, false]],
    ['in the same minute', { tags: ['a'] }, { tags: ['a'] }, ['06:00', '06:00'], [1, 2, 8, false]],
    ['unless one ends when the other starts', {}, {}, ['06:00', '06:10'], undefined],
    ['unless on different computers', { tags: ['a'] }, { tags: ['c'] }, ['06:00', '06:09'], undefined],
    [
      'on different computers too, if they run the same script',
      { scriptId: 31, tags: ['a'] },
      { scriptId: 31, tags: ['b'], accessGroup: anAccessGroup({ id: 1 }) },
      ['06:00', '06:09'],
      [1, 2, 5, true],
    ],
    [
      'unless one reaches no computer',
      { scriptId: 31, tags: ['a'] },
      { scriptId: 31, tags: ['c'] },
      ['06:00', '06:09'],
      undefined,
    ],
  ])('%s', (_, one, other, times, expected) => {
    expect(conflict(one, other, times)).toEqual(expected);
  });

  test('if runs of one profile take longer than its interval, unless its policy skips such runs', () => {
    const slow = {
      trigger: every('*/5 * * * *'),
      nextRun: at('2025-04-10T12:05'),
      tags: ['a'],
      timeLimit: 301,
    };
    const [own] = of([aProfile(slow)], range('2025-04-10T12:30')).conflicts;
    expect(own).toMatchObject({
      sharedComputers: 8,
      sameScript: true,
      firstAt: at('2025-04-10T12:10'),
      number: 4,
    });
    expect(of([aProfile({ ...slow, overlap: 'SKIP' })]).conflicts).toEqual([]);
    expect(of([aProfile({ ...slow, timeLimit: 300 })]).conflicts).toEqual([]);
  });

  test('the thousand earliest conflicts are listed', () => {
    const profiles = Array.from({ length: 60 }, (_, index) => timed(index + 1, '2025-04-11T06:00'));
    expect(of(profiles).conflicts).toHaveLength(MAX_CONFLICTS);
  });
});

test('if more than a thousand runs overlap, the agenda ends there', () => {
  const profiles = Array.from({ length: 1500 }, (_, index) => timed(index + 1, '2025-04-11T06:00'));
  const found = of(profiles);
  expect(found.completeUntil).toBe(at('2025-04-11T06:00'));
  expect(found.occurrences.length).toBeGreaterThan(1000);
  expect(found.occurrences.length).toBeLessThan(1100);
});

describe('the range of an agenda', () => {
  test.each<[string, { from?: Instant; to: Instant }, { from: Instant; to: Instant }]>([
    ['begins now by default', { to: at('2025-04-11T00:00') }, { from: NOW, to: at('2025-04-11T00:00') }],
    [
      'begins now if its start has passed',
      { from: at('2025-04-01T00:00'), to: at('2025-04-11T00:00') },
      { from: NOW, to: at('2025-04-11T00:00') },
    ],
    ['covers 92 days', { to: addMinutes(NOW, 92 * 1440) }, { from: NOW, to: addMinutes(NOW, 92 * 1440) }],
  ])('%s', (_, asked, expected) => {
    expect(agendaRange(asked, NOW)).toEqual(expected);
  });

  test.each<[string, { from?: Instant; to: Instant }]>([
    ['more than 92 days ahead', { to: addMinutes(NOW, 92 * 1440 + 1) }],
    ['empty', { to: NOW }],
    ['reversed', { from: at('2025-04-12T00:00'), to: at('2025-04-11T00:00') }],
    ['in the past', { from: at('2025-04-01T00:00'), to: at('2025-04-02T00:00') }],
  ])('is refused if it is %s', (_, asked) => {
    expect(refusalOf(() => agendaRange(asked, NOW))).toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field: 'to' },
    });
  });
});

test('an agenda equals the result of checking every minute and every pair of runs', () => {
  const tags = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c'), { maxLength: 2 });
  const profilesOf = fc.array(
    fc.record({
      every: fc.constantFrom(3, 5, 20, 60),
      offset: fc.nat(2),
      scriptId: fc.constantFrom(31, 32),
      tags,
      allComputers: fc.boolean(),
      group: fc.constantFrom<number>(1, 2, 3),
      timeLimit: fc.constantFrom(30, 61, 600, 4000),
      overlap: fc.constantFrom('ALLOW' as const, 'SKIP' as const),
    }),
    { minLength: 1, maxLength: 5 },
  );
  const cohorts = fc.array(
    fc.record({
      tags,
      number: fc.integer({ min: 1, max: 4 }),
      groupAndAbove: fc.constantFrom<number[]>([1], [2, 1], [3, 2, 1]),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(profilesOf, cohorts, fc.nat(180), (specs, alike, skip) => {
      const start = epochSeconds(NOW);
      const profiles = specs.map(({ every: step, offset, group, ...rest }, index) => {
        const interval = step === 60 ? `${offset} * * * *` : `${offset}-59/${step} * * * *`;
        const matches = (minute: number) => minute % 60 >= offset && ((minute % 60) - offset) % step === 0;
        const first = Array.from({ length: 120 }, (_, index) => Math.ceil(start / 60) + index).find(matches)!;
        const profile = aProfile({
          id: index + 1,
          trigger: every(interval),
          nextRun: instantOf(first * 60),
          accessGroup: anAccessGroup({ id: group }),
          ...rest,
        });
        return { profile, matches };
      });
      const from = addMinutes(NOW, skip);
      const to = addMinutes(NOW, 300);

      // For each computer, minute and pair.
      const computers = alike.flatMap((one) => Array.from({ length: one.number }, () => one));
      const reachedBy = ({ accessGroup, allComputers, tags: wanted }: ScriptProfile) =>
        computers.flatMap((computer, index) =>
          computer.groupAndAbove.includes(accessGroup.id) &&
          (allComputers || wanted.some((tag) => computer.tags.includes(tag)))
            ? [index]
            : [],
        );
      const runs: { profile: ScriptProfile; second: number }[] = [];
      for (let minute = Math.ceil(start / 60); minute * 60 < epochSeconds(to); minute += 1) {
        for (const { profile, matches } of profiles)
          if (matches(minute)) runs.push({ profile, second: minute * 60 });
      }
      const shown = runs.filter(({ second }) => instantOf(second) >= from);
      const pairs = new Map<string, number>();
      for (const [index, later] of runs.entries()) {
        if (instantOf(later.second) < from) continue;
        const met = new Set<number>();
        for (const earlier of runs.slice(0, index)) {
          if (earlier.second + earlier.profile.timeLimit <= later.second || met.has(earlier.profile.id))
            continue;
          met.add(earlier.profile.id);
          const [mine, theirs] = [reachedBy(later.profile), reachedBy(earlier.profile)];
          const both = mine.filter((computer) => theirs.includes(computer)).length;
          if (earlier.profile === later.profile && later.profile.overlap === 'SKIP') continue;
          if (mine.length === 0 || theirs.length === 0) continue;
          if (both === 0 && earlier.profile.scriptId !== later.profile.scriptId) continue;
          const key = [earlier.profile.id, later.profile.id].sort().join();
          pairs.set(`${key} ${both}`, (pairs.get(`${key} ${both}`) ?? 0) + 1);
        }
      }

      const found = drained(
        agenda(
          profiles.map(({ profile }) => profile),
          new Reach(alike),
          { from, to },
          moment,
        ),
      );
      expect(
        found.occurrences.map(({ at, scriptProfile: { id }, expectedComputers }) => [
          at,
          id,
          expectedComputers,
        ]),
      ).toEqual(
        shown.map(({ second, profile }) => [instantOf(second), profile.id, reachedBy(profile).length]),
      );
      expect(
        new Map(
          found.conflicts.map((one) => [
            `${one.profiles.map(({ id }) => id).join()} ${one.sharedComputers}`,
            one.number,
          ]),
        ),
      ).toEqual(pairs);
      expect(found.load.reduce((sum, hour) => sum + hour.executions, 0)).toBe(
        shown.reduce((sum, { profile }) => sum + reachedBy(profile).length, 0),
      );
    }),
    { numRuns: thorough(100) },
  );
});
