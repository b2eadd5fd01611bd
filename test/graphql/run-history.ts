import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Activity } from '../../src/domain/activities/activity.ts';
import type { RunTotals } from '../../src/domain/activities/run-statistics.ts';
import { addMinutes } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, type Payload } from './mutate.ts';

// Now is 2025-04-10T12:00:30.25.
export function runHistory(): void {
  let app: TestApp;
  let account: TestAccount;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });
  const PROFILE = 7;
  beforeEach(async () => {
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
    await insert(app.database.prisma, 'script_profile', account, [{ id: PROFILE }, { id: 8 }]);
  });

  /** Creates a run at a time and of the given duration in minutes, with executions in these statuses. */
  async function run(
    id: number,
    time: string,
    minutes: number | null,
    statuses: readonly string[],
    status: string,
    profile = PROFILE,
  ) {
    const creationTime = at(time);
    const [parent, ...parts] = aRun(
      id,
      profile,
      statuses.map((each, index) => ({ computerId: index + 1, status: each })),
      status,
    );
    const completionTime = minutes === null ? null : addMinutes(creationTime, minutes);
    const all = [{ ...parent!, completionTime }, ...parts].map((row) => ({ ...row, creationTime }));
    await insert(app.database.prisma, 'activity', account, all);
  }

  const TOTALS =
    'runs succeeded failed canceled inProgress executions { undelivered delivered canceled failed succeeded } successRate durations { shortest median longest }';
  const statistics = async (args: string, id = PROFILE): Promise<Payload> =>
    (
      await ask(
        app,
        `{ scriptProfile(id: ${id}) { runStatistics${args} { from to total { ${TOTALS} } days { startsAt ${TOTALS} } } } }`,
      )
    ).scriptProfile.runStatistics;

  describe('the statistics of a profile', () => {
    test('are counts, success rate and durations, in total and by day', async () => {
      await run(2000, '2025-04-08T23:59:59.999999', 1, ['succeeded', 'succeeded'], 'succeeded');
      await run(2010, '2025-04-09T00:00', 4, ['succeeded', 'failed'], 'failed');
      await run(2020, '2025-04-09T12:00', 2, ['canceled', 'succeeded'], 'canceled');
      await run(2030, '2025-04-10T12:00', null, ['undelivered', 'delivered', 'failed'], 'delivered');
      await run(2040, '2025-04-09T12:00', 9, ['failed'], 'failed', 8);
      const found = await statistics('(lastDays: 2)');
      expect([found.from, found.to]).toEqual(['2025-04-09T00:00:00Z', '2025-04-11T00:00:00Z']);
      const none = { runs: 0, succeeded: 0, failed: 0, canceled: 0, inProgress: 0 };
      const day9 = {
        ...none,
        runs: 2,
        failed: 1,
        canceled: 1,
        successRate: 2 / 3,
        executions: { undelivered: 0, delivered: 0, canceled: 1, failed: 1, succeeded: 2 },
        durations: { shortest: 120, median: 180, longest: 240 },
      };
      const day10 = {
        ...none,
        runs: 1,
        inProgress: 1,
        successRate: 0,
        executions: { undelivered: 1, delivered: 1, canceled: 0, failed: 1, succeeded: 0 },
        durations: null,
      };
      expect(found.days).toEqual([
        { startsAt: '2025-04-09T00:00:00Z', ...day9 },
        { startsAt: '2025-04-10T00:00:00Z', ...day10 },
      ]);
      expect(found.total).toEqual({
        ...none,
        runs: 3,
        failed: 1,
        canceled: 1,
        inProgress: 1,
        successRate: 0.5,
        executions: { undelivered: 1, delivered: 1, canceled: 1, failed: 2, succeeded: 2 },
        durations: { shortest: 120, median: 180, longest: 240 },
      });
    });

    test('cover the last thirty days by default, with every day, so that they can be plotted', async () => {
      const { from, to, days, total } = await statistics('');
      expect([from, to, days.length]).toEqual(['2025-03-12T00:00:00Z', '2025-04-11T00:00:00Z', 30]);
      expect(total).toMatchObject({ runs: 0, successRate: null, durations: null });
      expect(new Set(days.map((day: Payload) => day.startsAt)).size).toBe(30);
    });

    test('of a range include the runs that were created in it', async () => {
      await run(2000, '2025-04-08T10:00', 1, ['succeeded'], 'succeeded');
      await run(2010, '2025-04-09T09:59:59.999999', 1, ['succeeded'], 'succeeded');
      await run(2020, '2025-04-09T10:00', 1, ['succeeded'], 'succeeded');
      const { total, days } = await statistics('(from: "2025-04-08T10:00:00Z", to: "2025-04-09T10:00:00Z")');
      expect([total.runs, days.map((day: Payload) => day.runs)]).toEqual([2, [1, 1]]);
    });

    test('use the days of a time zone, one of which has 23 hours', async () => {
      await run(2000, '2025-03-29T22:59:59', 1, ['succeeded'], 'succeeded');
      await run(2010, '2025-03-29T23:00', 1, ['failed'], 'failed');
      await run(2020, '2025-03-30T21:59:59', 1, ['failed'], 'failed');
      await run(2030, '2025-03-30T22:00', 1, ['succeeded'], 'succeeded');
      const berlin = await statistics('(lastDays: 13, timeZone: "Europe/Berlin")');
      expect([berlin.from, berlin.to]).toEqual(['2025-03-28T23:00:00Z', '2025-04-10T22:00:00Z']);
      const days = berlin.days.map(({ startsAt, runs }: Payload) => [startsAt, runs]);
      expect(days.slice(0, 4)).toEqual([
        ['2025-03-28T23:00:00Z', 1],
        ['2025-03-29T23:00:00Z', 2],
        ['2025-03-30T22:00:00Z', 1],
        ['2025-03-31T22:00:00Z', 0],
      ]);
      expect([days.length, days.at(-1)]).toEqual([13, ['2025-04-09T22:00:00Z', 0]]);
      const tokyo = await statistics('(to: "2025-03-31T15:00:00Z", timeZone: "Asia/Tokyo")');
      expect([tokyo.from, tokyo.days.length]).toEqual(['2025-03-01T15:00:00Z', 30]);
      expect(tokyo.days.slice(-3).map((day: Payload) => day.runs)).toEqual([0, 2, 2]);
    });

    test.each<[string, string]>([
      ['lastDays: 0', 'lastDays'],
      ['lastDays: 93', 'lastDays'],
      ['lastDays: 3, from: "2025-04-01T00:00:00Z"', 'lastDays'],
      ['from: "2025-05-01T00:00:00Z"', 'to'],
      ['from: "2025-04-01T00:00:00Z", to: "2025-04-01T00:00:00Z"', 'to'],
      ['from: "2025-01-01T00:00:00Z", to: "2025-04-04T00:00:00Z"', 'to'],
      ['timeZone: "Mars/Olympus"', 'timeZone'],
    ])('are refused for (%s)', async (args, field) => {
      const { errors } = await app.graphql(
        `{ scriptProfile(id: ${PROFILE}) { runStatistics(${args}) { from } } }`,
        {},
        app.token('jane@example.com', 'acme'),
      );
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    });

    test('add up to the values of the activities themselves', async () => {
      const statuses = fc.array(
        fc.constantFrom('undelivered', 'delivered', 'canceled', 'failed', 'succeeded'),
        { maxLength: 4 },
      );
      const someRuns = fc.array(
        fc.record({
          minute: fc.nat(5 * 1440),
          minutes: fc.option(fc.nat(90)),
          statuses,
          status: fc.constantFrom('delivered', 'canceled', 'failed', 'succeeded'),
        }),
        { maxLength: 12 },
      );
      let next = 10_000;
      await fc.assert(
        fc.asyncProperty(someRuns, async (runs) => {
          await app.database.prisma.activity.deleteMany({ where: { parentId: { not: null } } });
          await app.database.prisma.activity.deleteMany({});
          for (const { minute, minutes, statuses: parts, status } of runs) {
            next += 10;
            const over = ['canceled', 'failed', 'succeeded'].includes(status);
            await run(
              next,
              addMinutes(at('2025-04-05T12:00'), minute),
              over ? (minutes ?? 0) : null,
              parts,
              status,
            );
          }
          const { activities } = await ask(
            app,
            '{ activities(first: 1000) { nodes { type status duration creationTime } } }',
          );
          const parents: Payload[] = activities.nodes.filter(
            ({ type }: Payload) => type === 'ACTIVITY_GROUP',
          );
          const children: Payload[] = activities.nodes.filter(
            ({ type }: Payload) => type !== 'ACTIVITY_GROUP',
          );
          const { total, days } = await statistics('(lastDays: 10)');
          for (const [found, of] of [
            [total, (): boolean => true],
            ...days.map((day: Payload) => [
              day,
              ({ creationTime }: Activity) => creationTime.slice(0, 10) === day.startsAt.slice(0, 10),
            ]),
          ] as [RunTotals, (activity: Activity) => boolean][]) {
            const [mine, parts] = [parents.filter(of), children.filter(of)];
            const number = (list: Payload[], status: string) =>
              list.filter((one) => one.status === status).length;
            const durations = mine
              .flatMap(({ duration }) => (duration === null ? [] : [duration]))
              .sort((a, b) => a - b);
            const middle = durations.length / 2;
            expect(found).toMatchObject({
              runs: mine.length,
              succeeded: number(mine, 'SUCCEEDED'),
              failed: number(mine, 'FAILED'),
              canceled: number(mine, 'CANCELED'),
              inProgress: number(mine, 'DELIVERED'),
              executions: Object.fromEntries(
                ['undelivered', 'delivered', 'canceled', 'failed', 'succeeded'].map((status) => [
                  status,
                  number(parts, status.toUpperCase()),
                ]),
              ),
              durations:
                durations.length === 0
                  ? null
                  : {
                      shortest: durations[0],
                      median: (durations[Math.ceil(middle) - 1] + durations[Math.floor(middle)]) / 2,
                      longest: durations.at(-1),
                    },
            });
          }
        }),
        { numRuns: thorough(12) },
      );
    });
  });

  describe('a run', () => {
    test('shows its first failures with their texts and computers', async () => {
      await insert(app.database.prisma, 'computer', account, [{ id: 1 }, { id: 2 }, { id: 3 }]);
      await run(2000, '2025-04-10T10:00', 5, ['failed', 'succeeded', 'failed'], 'failed');
      await app.database.prisma.activity.updateMany({
        where: { id: 2001 },
        data: { resultText: 'No space left', resultCode: 103 },
      });
      const FAILURES = 'databaseId resultText resultCode computer { title }';
      const { activity } = await ask(
        app,
        `{ activity(id: 2000) { duration counts { failed } one: failures(first: 1) { ${FAILURES} } failures { ${FAILURES} failures { databaseId } } none: failures(first: 0) { databaseId } } }`,
      );
      const first = {
        databaseId: 2001,
        resultText: 'No space left',
        resultCode: 103,
        computer: { title: 'Computer 1' },
      };
      expect(activity).toEqual({
        duration: 300,
        counts: { failed: 2 },
        one: [first],
        failures: [
          { ...first, failures: [] },
          {
            databaseId: 2003,
            resultText: null,
            resultCode: null,
            computer: { title: 'Computer 3' },
            failures: [],
          },
        ],
        none: [],
      });
    });

    test('has a duration once it has ended, and an execution has one from its delivery', async () => {
      await run(2000, '2025-04-10T10:00:00.5', null, ['succeeded', 'canceled'], 'delivered');
      await app.database.prisma.activity.updateMany({
        where: { id: 2001 },
        data: { deliveryTime: '2025-04-10T10:00:10.25Z', completionTime: '2025-04-10T10:00:12Z' },
      });
      const durations = (
        await ask(
          app,
          '{ activities(orderBy: { field: CREATION_TIME, direction: ASC }) { nodes { duration } } }',
        )
      ).activities.nodes;
      expect(durations.map((one: Payload) => one.duration)).toEqual([null, 1.75, null]);
    });

    test.each([-1, 51])('refuses to show %s failures', async (first) => {
      await run(2000, '2025-04-10T10:00', 5, ['failed'], 'failed');
      const { errors } = await app.graphql(
        `{ activity(id: 2000) { failures(first: ${first}) { id } } }`,
        {},
        app.token('jane@example.com', 'acme'),
      );
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'first' } }]);
    });
  });
}
