import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActivityStatus, count, type RunCounts, rollUp } from '../../src/domain/activities/activity.ts';
import { firstRows } from '../../src/domain/page.ts';
import { every } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';
import { thorough } from '../support/seed.ts';

export function executions(): void {
  // Runs as computers and operators see them: the status of a run and of its executions.

  const MINUTES_TO_REPORT = 1 + 10;
  let world: ClockWorld;
  let fleet: number[];
  beforeAll(async () => {
    world = await clockWorld();
    world.setNow('2025-05-01T08:00');
    const listing = {
      filter: { statuses: ['accepted'] as const },
      order: { field: 'ID', direction: 'ASC' } as const,
      window: firstRows(4),
    };
    fleet = (await world.services.computers.page(world.caller, listing)).rows.map(({ id }) => id);
  });
  afterAll(() => world.close());
  beforeEach(() => world.passMinutes(1440));

  let number = 0;
  const profile = (overrides: object = {}) => {
    number += 1;
    return world.create(`Profile ${number}`, every('0 6 * * *'), overrides);
  };
  /** Starts a manual run on these computers of the fleet. */
  async function run(computerIds: readonly number[] = fleet, id?: number): Promise<number> {
    number += 1;
    const idempotencyKey = `run ${number}`;
    const of = id ?? (await profile());
    return (await world.services.runs.runNow(world.caller, of, { computerIds, idempotencyKey })).id;
  }
  const as = (computerId: number) => ({ accountId: world.caller.accountId, computerId });
  const take = (computerId: number, most = 100) => world.services.executions.take(as(computerId), most);
  const report = (computerId: number, id: number, what: object = { succeeded: true }) =>
    world.services.executions.report(as(computerId), id, what as never);
  const activity = async (id: number) => {
    const [[found], [resultText]] = await Promise.all([
      world.services.activities.byIds(world.caller, [id]),
      world.services.activities.resultTexts(world.caller, [id]),
    ]);
    return { ...found!, resultText };
  };
  const cancel = (id: number) => world.services.executions.cancel(world.caller, id);
  async function children(runId: number) {
    const window = firstRows(100);
    const listing = { order: { field: 'CREATION_TIME', direction: 'ASC' } as const, window };
    const [page] = await world.services.activities.pagesOf(world.caller, 'parentId', [runId], listing);
    return page!.rows.toSorted((a, b) => a.id - b.id);
  }
  const childOf = async (runId: number, computerId: number) =>
    (await children(runId)).find((child) => child.computerId === computerId)!;
  const failOverdue = () => world.overdue.fire();

  const NONE: RunCounts = { undelivered: 0, delivered: 0, canceled: 0, failed: 0, succeeded: 0 };
  /** Checks that the run's counters and status match its executions. */
  async function expectCounted(runId: number): Promise<ActivityStatus[]> {
    const [parent, list] = [await activity(runId), await children(runId)];
    const recount = list.reduce(
      (counts, { status }) => count(counts, [{ from: 'undelivered', to: status, number: 1 }]),
      { ...NONE, undelivered: list.length },
    );
    expect(parent.counts).toEqual(recount);
    expect(parent.status).toBe(rollUp(recount));
    expect(parent.completionTime === null).toBe(['undelivered', 'delivered'].includes(parent.status));
    return list.map(({ status }) => status);
  }

  describe('a computer', () => {
    test('takes only its own waiting executions, repeatedly until it has reported them', async () => {
      const [one, other] = fleet as [number, number];
      const [first, second] = [await run([one, other]), await run([one])];
      const taken = await take(one);
      expect(taken.map(({ id }) => id)).toEqual([
        (await childOf(first, one)).id,
        (await childOf(second, one)).id,
      ]);
      const deliveredAt = world.now();
      world.passMinutes(5);
      // As if the answer was lost. The executions are returned again, with the time of the first delivery.
      expect(await take(one)).toEqual(taken);
      expect(await childOf(first, one)).toMatchObject({ status: 'delivered', deliveryTime: deliveredAt });
      expect(await childOf(first, other)).toMatchObject({ status: 'undelivered', deliveryTime: null });
      await report(one, taken[0]!.id);
      expect((await take(one)).map(({ id }) => id)).toEqual([taken[1]!.id]);
      await report(one, taken[1]!.id, { succeeded: false, resultCode: 103, resultText: 'no\0pe' });
      expect(await take(one)).toEqual([]);
      expect(await activity(taken[1]!.id)).toMatchObject({
        status: 'failed',
        resultCode: 103,
        resultText: 'no\uFFFDpe',
        completionTime: world.now(),
      });
      await cancel(first);
    });

    test('takes at most the requested number of new executions, in addition to those that it has', async () => {
      const [one] = fleet as [number];
      for (let time = 0; time < 3; time += 1) await run([one]);
      expect(await take(one, 0)).toEqual([]);
      expect(await take(one, 1)).toHaveLength(1);
      expect(await take(one, 1)).toHaveLength(2);
      const all = await take(one, 1000);
      expect(all).toHaveLength(3);
      for (const { id } of all) await report(one, id);
      for (const most of [-1, 1001])
        await expect(take(one, most)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    test('gets everything that the script needs, in its newest version at that time, and keeps that version', async () => {
      const [one, other] = fleet as [number, number];
      const { scripts, computers } = world.services;
      const script = await scripts.create(world.caller, {
        title: `Script ${number}`,
        interpreter: '/bin/sh',
        code: 'echo 1\n',
      } as never);
      const id = await profile({ scriptId: script.id, username: 'www', timeLimit: 77 });
      await computers.retag(world.caller, [one], { add: ['b', 'a'] });
      const runId = await run([one, other], id);
      await scripts.edit(world.caller, script.id, { code: 'echo 2\n', interpreter: '/bin/bash' } as never);
      const [taken] = await take(one);
      const { creationTime } = await activity(runId);
      expect(taken).toEqual({
        id: (await childOf(runId, one)).id,
        interpreter: '/bin/bash',
        attachments: [],
        code: 'echo 2\n',
        username: 'www',
        timeLimit: 77,
        cancelRequested: false,
        environment: {
          accountName: 'standalone',
          computerId: one,
          computerTags: ['b', 'a'],
          activityId: taken!.id,
          activityCreator: { id: 1, name: 'John Smith', email: 'john@example.com' },
          activityCreationTime: creationTime,
        },
      });
      await scripts.edit(world.caller, script.id, { code: 'echo 3\n' } as never);
      expect((await take(one))[0]!.code).toBe('echo 2\n');
      expect((await take(other))[0]!.code).toBe('echo 3\n');
      await computers.retag(world.caller, [one], { remove: ['b', 'a'] });
      await cancel(runId);
      for (const computerId of [one, other]) await report(computerId, (await take(computerId))[0]!.id);
    });

    test('reports an execution once: the first report counts, and a repeat is acknowledged without effect', async () => {
      const [one] = fleet as [number];
      const runId = await run([one]);
      const { id } = (await take(one))[0]!;
      await report(one, id, { succeeded: false, resultCode: 102, resultText: 'first' });
      const [before, parent] = [await activity(id), await activity(runId)];
      world.passMinutes(1);
      await report(one, id, { succeeded: true, resultText: 'second' });
      await report(one, id, { succeeded: false, resultCode: 102, resultText: 'first' });
      expect([await activity(id), await activity(runId)]).toEqual([before, parent]);
    });

    test.each(['not taken', 'another computer’s', 'a run', 'unknown', 'canceled before it was taken'])(
      'is refused if it reports an execution that is %s, and nothing changes',
      async (which) => {
        const [one, other] = fleet as [number, number];
        const runId = await run([one, other]);
        const ids: Record<string, number> = {
          'not taken': (await childOf(runId, one)).id,
          'a run': runId,
          unknown: 9_999_999,
        };
        if (which === 'another computer’s') ids[which] = (await take(other))[0]!.id;
        if (which === 'canceled before it was taken') {
          ids[which] = ids['not taken']!;
          await cancel(ids[which]);
        }
        const before = await children(runId);
        await expect(report(one, ids[which]!)).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(await children(runId)).toEqual(before);
        await cancel(runId);
        for (const { id } of await take(other)) await report(other, id);
      },
    );
  });

  describe('the status of a run follows its executions:', () => {
    type Act = (runId: number) => Promise<unknown>;
    const takes =
      (index: number): Act =>
      () =>
        take(fleet[index]!);
    const reports =
      (index: number, what: object = { succeeded: true }): Act =>
      async (runId) =>
        report(fleet[index]!, (await childOf(runId, fleet[index]!)).id, what);
    const cancels =
      (index: number): Act =>
      async (runId) =>
        cancel((await childOf(runId, fleet[index]!)).id);
    const cancelsAll: Act = (runId) => cancel(runId);
    const isLate: Act = async () => {
      world.passMinutes(MINUTES_TO_REPORT);
      await failOverdue();
    };
    const failed = { succeeded: false, resultCode: 103 };

    // Each run has two computers.
    test.each<[string, ActivityStatus, Act[]]>([
      ['nothing happened', 'undelivered', []],
      ['one took', 'delivered', [takes(0)]],
      ['both took', 'delivered', [takes(0), takes(1)]],
      ['one succeeded, the other waits', 'delivered', [takes(0), reports(0)]],
      ['both succeeded', 'succeeded', [takes(0), reports(0), takes(1), reports(1)]],
      ['one failed, the other is in progress', 'delivered', [takes(0), reports(0, failed), takes(1)]],
      ['one failed', 'failed', [takes(0), reports(0, failed), takes(1), reports(1)]],
      ['one was canceled before delivery, the other waits', 'delivered', [cancels(0)]],
      ['one was canceled, the other succeeded', 'canceled', [cancels(0), takes(1), reports(1)]],
      ['one was canceled, the other failed', 'failed', [cancels(0), takes(1), reports(1, failed)]],
      ['both were canceled one by one', 'canceled', [cancels(0), cancels(1)]],
      ['it was canceled', 'canceled', [cancelsAll]],
      ['it was canceled twice', 'canceled', [cancelsAll, cancelsAll]],
      ['it was canceled after one succeeded', 'canceled', [takes(0), reports(0), cancelsAll]],
      [
        'it was canceled after all succeeded',
        'succeeded',
        [takes(0), reports(0), takes(1), reports(1), cancelsAll],
      ],
      ['one was overdue, the other waits', 'delivered', [takes(0), isLate]],
      ['both were overdue (P11)', 'failed', [takes(0), takes(1), isLate]],
      [
        'a late report replaced a cancellation',
        'succeeded',
        [takes(0), takes(1), cancelsAll, reports(0), reports(1)],
      ],
      [
        'a late report of a failure replaced a cancellation',
        'failed',
        [takes(0), cancelsAll, reports(0, failed)],
      ],
      [
        'late reports replaced overdue executions',
        'succeeded',
        [takes(0), takes(1), isLate, reports(0), reports(1)],
      ],
    ])('%s → %s', async (_, expected, acts) => {
      const runId = await run(fleet.slice(0, 2));
      for (const act of acts) {
        world.passMinutes(1);
        await act(runId);
        await expectCounted(runId);
      }
      expect((await activity(runId)).status).toBe(expected);
      await cancel(runId);
      for (const computerId of fleet)
        for (const { id } of await take(computerId)) await report(computerId, id);
    });

    test('a canceled execution is asked to stop if it was taken, and otherwise ends', async () => {
      const [one, other] = fleet as [number, number];
      const runId = await run([one, other]);
      const [taken] = await take(one);
      expect(await cancel(runId)).toMatchObject({ status: 'canceled', completionTime: world.now() });
      expect(await take(other)).toEqual([]);
      expect(await take(one)).toEqual([{ ...taken, cancelRequested: true }]);
      await report(one, taken!.id, { succeeded: false });
      expect(await take(one)).toEqual([]);
    });

    test('an overdue execution fails with a reason, ten minutes after its time limit', async () => {
      const [one] = fleet as [number];
      const runId = await run([one]);
      const [taken] = await take(one);
      world.passMinutes(MINUTES_TO_REPORT - 1);
      expect(await failOverdue()).toBe(0);
      world.passMinutes(1);
      expect(await failOverdue()).toBe(1);
      expect(await failOverdue()).toBe(0);
      expect(await activity(taken!.id)).toMatchObject({
        status: 'failed',
        resultCode: null,
        completionTime: world.now(),
        resultText: 'The computer did not report within the time limit plus 10 minutes.',
      });
      await report(one, taken!.id, { succeeded: true, resultText: 'done' });
      expect(await activity(taken!.id)).toMatchObject({ status: 'succeeded', resultText: 'done' });
      expect(await activity(runId)).toMatchObject({ status: 'succeeded', completionTime: world.now() });
    });

    test('only an activity of the account can be canceled', async () => {
      await expect(cancel(9_999_999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('a run with a delivery limit of an hour', () => {
    const timely = () => profile({ deliverWithin: 3600 });

    test('is canceled at that time on computers that did not take it, and continues on the others', async () => {
      const [one, other] = fleet as [number, number];
      const runId = await run([one, other], await timely());
      const [taken] = await take(one);
      world.passMinutes(59);
      expect(await world.deliveries.fire()).toBe(0);
      expect(await world.deliveries.untilNext()).toBe(60_000);
      world.passMinutes(1);
      expect(await world.deliveries.fire()).toBe(1);
      const late = await childOf(runId, other);
      expect(await activity(late.id)).toMatchObject({
        status: 'canceled',
        completionTime: world.now(),
        deliveryTime: null,
        resultText: 'Not delivered in time.',
      });
      expect(await expectCounted(runId)).toEqual(['delivered', 'canceled']);
      expect(await take(other)).toEqual([]);
      // Only once.
      expect(await world.deliveries.fire()).toBe(0);
      expect(await world.deliveries.untilNext()).toBeUndefined();
      await report(one, taken!.id);
      expect(await activity(runId)).toMatchObject({
        status: 'canceled',
        counts: { succeeded: 1, canceled: 1 },
      });
    });

    test('is not delivered after that time, even if the scheduler is late', async () => {
      const [one] = fleet as [number];
      const id = await timely();
      await run([one], id);
      world.passMinutes(60);
      const inTime = await run([one], id);
      world.passMinutes(1);
      expect((await take(one)).map(({ id }) => id)).toEqual([(await childOf(inTime, one)).id]);
      expect(await world.deliveries.fire()).toBe(1);
      await cancel(inTime);
    });

    test('leaves nothing to the scheduler after all of it is taken, canceled or failed', async () => {
      const [one, other] = fleet as [number, number];
      const id = await timely();
      await run([one], id);
      const [canceled, nobody] = [await run([other], id), await run([], id)];
      await take(one);
      await cancel(canceled);
      expect(await activity(nobody)).toMatchObject({ status: 'succeeded' });
      expect(await world.deliveries.untilNext()).toBeUndefined();
      world.passMinutes(60);
      expect(await world.deliveries.fire()).toBe(0);
    });

    test('keeps its limit if the profile’s is changed, because the new one is for later runs', async () => {
      const [one] = fleet as [number];
      const id = await timely();
      const runId = await run([one], id);
      await world.services.scriptProfiles.update(world.caller, id, { deliverWithin: 0 });
      const later = await run([one], id);
      world.passMinutes(60);
      expect(await world.deliveries.fire()).toBe(1);
      expect([(await activity(runId)).status, (await activity(later)).status]).toEqual([
        'canceled',
        'undelivered',
      ]);
      await cancel(later);
    });

    test('that occurs every minute runs once on a laptop that was off for long', async () => {
      const { computers, limits, scriptProfiles } = world.services;
      await limits.update(world.caller, { minInterval: 0 });
      // Fires the due runs of other profiles, which are not for the laptop.
      await world.tick.fire();
      const draft = { hostname: 'laptop', tags: ['laptop'], accessGroup: 'server' };
      const { computer } = await computers.enrol({ kind: 'person', caller: world.caller }, draft);
      await computers.accept(world.caller, [computer.id], {});
      const reach = { allComputers: false, tags: ['laptop'] };
      const id = await world.create('Each minute', every('* * * * *'), { ...reach, deliverWithin: 60 });
      for (let minute = 0; minute < 20; minute += 1) {
        world.passMinutes(1);
        await world.tick.fire();
        await world.deliveries.fire();
      }
      await take(computer.id);
      expect((await world.runs(id)).map(({ status }) => status)).toEqual([
        'delivered',
        ...Array(19).fill('canceled'),
      ]);
      await scriptProfiles.archive(world.caller, id);
      await computers.remove(world.caller, computer.id);
      await limits.update(world.caller, { minInterval: 60 });
    });
  });

  test('after any sequence of takes, reports, cancels, removals and delays the counters equal a recount', async () => {
    const act = fc.record({
      do: fc.constantFrom('take', 'take', 'report', 'report', 'cancel', 'cancel all', 'remove', 'wait'),
      run: fc.nat(1),
      computer: fc.nat(3),
      succeeded: fc.boolean(),
    });
    const id = await profile({ deliverWithin: 1200 });
    const group = 'server';
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 15 }), async (acts) => {
        const principal = { kind: 'person', caller: world.caller } as const;
        const ids: number[] = [];
        for (let index = 0; index < 4; index += 1) {
          const { computer } = await world.services.computers.enrol(principal, {
            hostname: 'x',
            accessGroup: group,
          });
          ids.push(computer.id);
        }
        await world.services.computers.accept(world.caller, ids, {});
        const runs = [await run(ids, id), await run(ids.slice(0, 2), id)];
        const removed = new Set<number>();
        for (const { do: what, run: which, computer, succeeded } of acts) {
          const [runId, computerId] = [runs[which]!, ids[computer]!];
          const child = (await children(runId)).find((one) => one.computerId === computerId);
          world.passMinutes(1);
          if (what === 'wait') {
            world.passMinutes(MINUTES_TO_REPORT);
            await failOverdue();
            await world.deliveries.fire();
          } else if (what === 'cancel all') await cancel(runId);
          else if (what === 'remove' && !removed.has(computerId)) {
            await world.services.computers.remove(world.caller, computerId);
            removed.add(computerId);
            // P11: no computer is left to report it.
            for (const one of runs) {
              const gone = (await children(one)).find((other) => other.computerId === computerId);
              if (gone) expect(['failed', 'canceled', 'succeeded']).toContain(gone.status);
            }
          } else if (what === 'take' && !removed.has(computerId)) await take(computerId, 1);
          else if (what === 'report' && child?.deliveryTime && !removed.has(computerId)) {
            await report(computerId, child.id, { succeeded });
          } else if (what === 'cancel' && child) await cancel(child.id);
          for (const one of runs) await expectCounted(one);
        }
        for (const computerId of ids.filter((one) => !removed.has(one))) {
          await world.services.computers.remove(world.caller, computerId);
        }
        // P11: without its computers, every run has ended.
        for (const one of runs) {
          await expectCounted(one);
          expect((await activity(one)).completionTime).not.toBeNull();
        }
      }),
      { numRuns: thorough(25) },
    );
  });
}
