import { describe, expect, test } from '@jest/globals';
import {
  type ActivityStatus,
  countedStatuses,
  type RunCounts,
  rollUp,
} from '../../src/domain/activities/activity.ts';
import { firstRows } from '../../src/domain/page.ts';
import { slotOccasion } from '../../src/domain/schedule/firing.ts';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import {
  type DueWork,
  dueProfiles,
  lateDeliveries,
  overdueExecutions,
} from '../../src/scheduling/due-work.ts';
import { createTick, type TickOptions } from '../../src/scheduling/tick.ts';
import type { Services } from '../../src/services/index.ts';
import { atOnce, tally, times } from '../services/at-once.ts';
import { at, NOW } from '../support/builders.ts';
import { ReplicaWorld } from '../support/replicas.ts';
import { insert } from '../support/rows.ts';
import { waitUntil } from '../support/waiting.ts';

export function races(): void {
  // Only on PostgreSQL, because the embedded database runs one transaction after another and hides every race.

  let now: Instant;
  const FLEET = times(10, (index) => 2000 + index);

  const world = new ReplicaWorld(
    async ({ database, account, replicas }) => {
      now = NOW;
      await replicas[0].limits.update(account.caller, { minInterval: 60 });
      await insert(database.prisma, 'script', account, [{ id: 1000 }]);
      await insert(
        database.prisma,
        'computer',
        account,
        FLEET.map((id) => ({ id })),
      );
    },
    async () => now,
  );

  const RECURRING = {
    triggerKind: 'recurring',
    timestamp: null,
    isFinished: null,
    interval: '0 * * * *',
    startAfter: NOW,
  };
  const profiles = (number: number, more: object = {}) => {
    const ids = times(number, (index) => 1000 + index);
    return insert(
      world.database.prisma,
      'script_profile',
      world.account,
      ids.map((id) => ({ id, ...RECURRING, nextRun: at('2025-04-10T13:00'), ...more })),
    ).then(() => ids);
  };
  const faults: unknown[] = [];
  const tickOf = (work: DueWork, observe?: TickOptions['observe']) =>
    createTick({ work, concurrency: 3, report: (fault) => faults.push(fault), observe });
  const ALL = firstRows(10_000);
  const NEWEST = { field: 'CREATION_TIME', direction: 'DESC' } as const;
  const runsOf = (ids: readonly number[]) =>
    world.replicas[0].activities
      .pagesOf(world.account.caller, 'scriptProfileId', ids, { order: NEWEST, window: ALL })
      .then((pages) => pages.map(({ rows }) => rows));
  const childrenOf = async (id: number) =>
    (
      await world.replicas[0].activities.pagesOf(world.account.caller, 'parentId', [id], {
        order: NEWEST,
        window: ALL,
      })
    )[0]!.rows;
  const as = (computerId: number) => ({ accountId: world.account.id, computerId });

  /** Checks that the counters and the status of every run match its executions. */
  async function expectCounted(): Promise<Map<number, ActivityStatus>> {
    const parents = await world.database.prisma.activity.findMany({ where: { parentId: null } });
    const statuses = new Map<number, ActivityStatus>();
    for (const parent of parents) {
      const children = await childrenOf(Number(parent.id));
      const recount = Object.fromEntries(
        countedStatuses.map((status) => [status, children.filter((child) => child.status === status).length]),
      ) as unknown as RunCounts;
      expect({
        undelivered: parent.numUndelivered,
        delivered: parent.numDelivered,
        canceled: parent.numCanceled,
        failed: parent.numFailed,
        succeeded: parent.numSucceeded,
      }).toEqual(recount);
      expect(parent.status).toBe(rollUp(recount));
      statuses.set(Number(parent.id), parent.status as ActivityStatus);
    }
    return statuses;
  }

  describe('two replicas with the same due profiles (P1, P5)', () => {
    test('fire each slot exactly once, hour after hour, with one run and one execution for each computer', async () => {
      const ids = await profiles(40);
      // A replica that has fired waits for the other, so that both take part even if one is slow.
      const haveFired = new Set<number>();
      const ticks = world.replicas.map(({ runs }, replica) =>
        tickOf(dueProfiles(runs), async (fire) => {
          const fired = await fire();
          if (fired) {
            haveFired.add(replica);
            await waitUntil(
              'both replicas have fired',
              () => haveFired.size,
              (size) => size === 2,
            );
          }
          return fired;
        }),
      );
      for (let hour = 13; hour < 18; hour += 1) {
        now = addMinutes(at('2025-04-10T00:00'), hour * 60);
        const fired = await Promise.all([...ticks, ...ticks].map((tick) => tick.fire()));
        // A replica that skipped profiles in the other's hands returns for the rest.
        const rest = await ticks[0]!.fire();
        expect(fired.reduce((sum, number) => sum + number, rest)).toBe(40);
        expect(haveFired.size).toBe(2);
      }
      expect(faults).toEqual([]);
      for (const runs of await runsOf(ids)) {
        expect(runs).toHaveLength(5);
        for (const run of runs) expect(await childrenOf(run.id)).toHaveLength(10);
      }
      const entries = await world.database.prisma.slotEntry.groupBy({
        by: ['scriptProfileId', 'firstSlot'],
        _count: true,
      });
      expect(entries).toHaveLength(200);
      expect(entries.every(({ _count }) => _count === 1)).toBe(true);
      await expectCounted();
    });

    test('skip each other’s profiles without waiting, and one of them fires each', async () => {
      const [id] = (await profiles(1)) as [number];
      now = at('2025-04-10T13:00:01');
      await createStore(world.other.prisma, async () => now).transaction(async (tx) => {
        await tx.scriptProfiles.claim(world.account.id, id);
        expect(await world.replicas[0].runs.fireDue({ accountId: world.account.id, id })).toBe(false);
      });
      expect(await world.replicas[0].runs.fireDue({ accountId: world.account.id, id })).toBe(true);
      expect(await world.replicas[1].runs.fireDue({ accountId: world.account.id, id })).toBe(false);
    });

    test('cannot create two runs for one slot, even if both considered it due', async () => {
      const [id] = (await profiles(1)) as [number];
      const slot = at('2025-04-10T13:00');
      now = addMinutes(slot, 0);
      await world.replicas[0].runs.fireDue({ accountId: world.account.id, id });
      // As if the save had been lost, so that the slot is still next.
      await world.database.prisma.scriptProfile.updateMany({
        data: { nextRun: new Date(slot), slotsFrom: null },
      });
      await world.replicas[1].runs.fireDue({ accountId: world.account.id, id });
      expect(await world.database.prisma.run.findMany({ select: { occasion: true } })).toEqual([
        { occasion: slotOccasion(slot, 1) },
      ]);
      expect(await world.database.prisma.activity.count()).toBe(11);
      // The profile continues, instead of trying that slot forever.
      expect(
        (await world.replicas[0].scriptProfiles.byIds(world.account.caller, [id]))[0]!.nextRun! > slot,
      ).toBe(true);
    });

    test('are not disturbed by concurrent edits, pauses, archiving and manual runs of the profiles (P10)', async () => {
      const ids = await profiles(24);
      for (let hour = 13; hour < 16; hour += 1) {
        now = addMinutes(at('2025-04-10T00:00:02'), hour * 60);
        const ticks = world.replicas.map(({ runs }) => tickOf(dueProfiles(runs)));
        const acts = ids.map((id) => (services: Services): Promise<unknown> => {
          const { scriptProfiles, runs } = services;
          if (id % 4 === 0) return scriptProfiles.update(world.account.caller, id, { timeLimit: 60 + hour });
          if (id % 4 === 1)
            return runs.runNow(world.account.caller, id, { idempotencyKey: `${id} at ${hour}` });
          if (id % 4 === 2)
            return scriptProfiles[hour % 2 ? 'pause' : 'resume'](world.account.caller, id, null);
          return hour === 15 ? scriptProfiles.archive(world.account.caller, id) : Promise.resolve();
        });
        const [outcomes] = await Promise.all([
          atOnce(world.replicas, acts),
          ...ticks.map((tick) => tick.fire()),
        ]);
        expect(tally(outcomes)).toEqual({ done: 24 });
        await ticks[0]!.fire();
      }
      expect(faults).toEqual([]);
      for (const [index, runs] of (await runsOf(ids)).entries()) {
        const slots = runs.filter(({ creationTime }) => creationTime.slice(17, 19) === '02').length;
        if (ids[index]! % 4 === 0) expect(slots).toBe(3);
        if (ids[index]! % 4 === 1) expect(slots).toBe(6);
      }
      // Each slot is in the ledger at most once, whatever its outcome.
      const entries = await world.database.prisma.slotEntry.groupBy({
        by: ['scriptProfileId', 'firstSlot'],
        _count: true,
      });
      expect(entries.filter(({ _count }) => _count > 1)).toEqual([]);
      await expectCounted();
    });
  });

  describe('concurrently,', () => {
    test('takes, reports, cancels, removals and the archiving of the profile never deadlock, and keep the counters right', async () => {
      for (let round = 0; round < 8; round += 1) {
        const computers = FLEET.map((id) => id + 100 * (round + 1));
        await insert(
          world.database.prisma,
          'computer',
          world.account,
          computers.map((id) => ({ id })),
        );
        const id = 1000 + round;
        await insert(world.database.prisma, 'script_profile', world.account, [
          { id, ...RECURRING, overlap: round % 2 ? 'SKIP' : 'ALLOW' },
        ]);
        const runs = await Promise.all(
          times(3, (index) =>
            world.replicas[0].runs.runNow(world.account.caller, id, {
              idempotencyKey: `${id} ${index}`,
              computerIds: computers,
            }),
          ),
        );
        const taken = new Map<number, number[]>();
        for (const computerId of computers.slice(0, 6)) {
          const list = await world.replicas[0].executions.take(as(computerId), 100);
          taken.set(
            computerId,
            list.map((one) => one.id),
          );
        }
        const outcomes = await atOnce(world.replicas, [
          ...[...taken].flatMap(([computerId, list]) =>
            list.map(
              (execution) => (services: Services) =>
                services.executions.report(as(computerId), execution, { succeeded: execution % 2 === 0 }),
            ),
          ),
          ...computers
            .slice(4, 8)
            .map((one) => (services: Services) => services.computers.remove(world.account.caller, one)),
          ...runs
            .toReversed()
            .map((run) => (services: Services) => services.executions.cancel(world.account.caller, run.id)),
          ...computers.slice(6).map((one) => (services: Services) => services.executions.take(as(one), 100)),
          (services) => services.scriptProfiles.archive(world.account.caller, id),
          (services) => tickOf(overdueExecutions(services.executions)).fire(),
        ]);
        expect(tally(outcomes)).toEqual({ done: outcomes.length });
        expect(faults).toEqual([]);
        const statuses = await expectCounted();
        for (const run of runs) expect(['failed', 'canceled', 'succeeded']).toContain(statuses.get(run.id));
      }
    });

    test('replicas cancel undelivered executions once at their time, but none that is taken at that moment', async () => {
      const [id] = (await profiles(1, { deliverWithin: 60 })) as [number];
      for (let round = 0; round < 10; round += 1) {
        const idempotencyKey = `${round}`;
        const { runs } = world.replicas[0];
        const run = await runs.runNow(world.account.caller, id, { idempotencyKey, computerIds: FLEET });
        // The time passes during the requests, so some of them are in time.
        const outcomes = await atOnce(world.replicas, [
          ...FLEET.slice(0, 6).map((one) => (services: Services) => services.executions.take(as(one), 100)),
          async () => {
            now = addMinutes(now, 1);
          },
          ...FLEET.slice(6).map((one) => (services: Services) => services.executions.take(as(one), 100)),
          (services) => tickOf(lateDeliveries(services.executions)).fire(),
          (services) => tickOf(lateDeliveries(services.executions)).fire(),
        ]);
        expect(tally(outcomes)).toEqual({ done: outcomes.length });
        await tickOf(lateDeliveries(world.replicas[1].executions)).fire();
        for (const { status, deliveryTime } of await childrenOf(run.id))
          expect(status).toBe(deliveryTime === null ? 'canceled' : 'delivered');
      }
      expect(faults).toEqual([]);
      await expectCounted();
    });

    test('a report, its repeats and a cancel have one outcome: the report counts', async () => {
      const [id] = (await profiles(1)) as [number];
      for (let round = 0; round < 10; round += 1) {
        const run = await world.replicas[0].runs.runNow(world.account.caller, id, {
          idempotencyKey: `${round}`,
          computerIds: [FLEET[0]!],
        });
        const [execution] = await world.replicas[0].executions.take(as(FLEET[0]!), 100);
        const outcomes = await atOnce(world.replicas, [
          ...times(
            4,
            () => (services: Services) =>
              services.executions.report(as(FLEET[0]!), execution!.id, { succeeded: true }),
          ),
          (services) => services.executions.cancel(world.account.caller, run.id),
        ]);
        expect(tally(outcomes)).toEqual({ done: 5 });
        expect((await expectCounted()).get(run.id)).toBe('succeeded');
      }
    });

    test('a run that is created while computers are removed leaves nothing open on them (P11)', async () => {
      for (let round = 0; round < 15; round += 1) {
        const computers = FLEET.map((id) => id + 100 * (round + 1));
        await insert(
          world.database.prisma,
          'computer',
          world.account,
          computers.map((id) => ({ id })),
        );
        const ids = times(3, (index) => 1000 + 10 * round + index);
        const nextRun = addMinutes(now, 1);
        await insert(
          world.database.prisma,
          'script_profile',
          world.account,
          ids.map((id) => ({
            id,
            ...RECURRING,
            startAfter: nextRun,
            interval: '* * * * *',
            nextRun,
            overlap: id % 2 ? 'SKIP' : 'ALLOW',
          })),
        );
        now = addMinutes(now, 2);
        const outcomes = await atOnce(world.replicas, [
          ...ids.map(
            (id) => (services: Services) => services.runs.fireDue({ accountId: world.account.id, id }),
          ),
          ...computers.map(
            (one) => (services: Services) => services.computers.remove(world.account.caller, one),
          ),
          ...ids.map(
            (id) => (services: Services) =>
              services.runs.runNow(world.account.caller, id, { idempotencyKey: `${id}` }),
          ),
        ]);
        expect(outcomes.slice(0, 13)).toEqual(times(13, () => 'done'));
        const open = await world.database.prisma.activity.count({
          where: { computerId: { in: computers }, status: { in: ['undelivered', 'delivered'] } },
        });
        expect(open).toBe(0);
        await expectCounted();
        for (const id of ids) await world.replicas[0].scriptProfiles.archive(world.account.caller, id);
      }
    });

    test('accepting computers that trigger the same profiles in different orders never deadlocks, and each profile runs once', async () => {
      await insert(
        world.database.prisma,
        'script_profile',
        world.account,
        ['a', 'b', 'c'].map((tag, index) => ({
          id: 1000 + index,
          triggerKind: 'event',
          eventType: 'post_enrollment',
          timestamp: null,
          isFinished: null,
          allComputers: false,
          tags: [tag],
        })),
      );
      const principal = { kind: 'person', caller: world.account.caller } as const;
      for (let round = 0; round < 10; round += 1) {
        const batches: number[][] = [];
        for (const order of ['abc', 'cba', 'bca', 'acb']) {
          const batch: number[] = [];
          for (const tag of order) {
            const { computer } = await world.replicas[0].computers.enrol(principal, {
              hostname: tag,
              tags: [tag],
            });
            batch.push(computer.id);
          }
          batches.push(batch);
        }
        const outcomes = await atOnce(world.replicas, [
          ...batches.map(
            (ids) => (services: Services) => services.computers.accept(world.account.caller, ids, {}),
          ),
          ...times(
            3,
            (index) => (services: Services) =>
              services.runs.runNow(world.account.caller, 1000 + index, {
                idempotencyKey: `${index} ${round}`,
              }),
          ),
          (services) => services.computers.remove(world.account.caller, batches[0]![0]!),
          (services) => services.computers.remove(world.account.caller, batches[1]![2]!),
        ]);
        // An acceptance may come first, or find its computer removed. No other outcome is allowed.
        expect(
          Object.keys(tally(outcomes)).filter((outcome) => !['done', 'NOT_FOUND'].includes(outcome)),
        ).toEqual([]);
        expect(outcomes.slice(2)).toEqual(times(7, () => 'done'));
      }
      const runs = await world.database.prisma.run.groupBy({
        by: ['scriptProfileId', 'occasion'],
        _count: true,
      });
      expect(runs.every(({ _count }) => _count === 1)).toBe(true);
      await expectCounted();
    });
  });
}
