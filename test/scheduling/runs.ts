import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import { firstRows } from '../../src/domain/page.ts';
import { dueProfiles } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { every, once } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';
import { anAccount, insert } from '../support/rows.ts';

export function runs(): void {
  // The parts of a run that the scheduler fires, and the state after a failed firing.

  let world: ClockWorld;
  let made: number[] = [];
  beforeAll(async () => {
    world = await clockWorld();
  });
  afterAll(() => world.close());
  afterEach(async () => {
    for (const id of made) await world.services.scriptProfiles.archive(world.caller, id);
    made = [];
  });

  let number = 0;
  async function create(trigger: object, overrides: object = {}): Promise<number> {
    number += 1;
    const id = await world.create(`Profile ${number}`, trigger, overrides);
    made.push(id);
    return id;
  }
  const children = async (runId: number) => {
    const ALL = firstRows(10_000);
    const order = { field: 'CREATION_TIME', direction: 'ASC' } as const;
    const listing = { order, window: ALL };
    const [page] = await world.services.activities.pagesOf(world.caller, 'parentId', [runId], listing);
    return page!.rows.toSorted((a, b) => a.computerId! - b.computerId!);
  };
  const resultText = async ({ id }: { id: number }) =>
    (await world.services.activities.resultTexts(world.caller, [id]))[0];
  const asComputer = (computerId: number) => ({ accountId: world.caller.accountId, computerId });
  const take = (computerId: number) => world.services.executions.take(asComputer(computerId), 100);
  const report = (computerId: number, id: number) =>
    world.services.executions.report(asComputer(computerId), id, { succeeded: true });
  /** Numbers of the documented computers. */
  const computerIds = async () => {
    const listing = {
      filter: { statuses: ['accepted'] as const },
      order: { field: 'ID', direction: 'ASC' } as const,
      window: firstRows(10_000),
    };
    return (await world.services.computers.page(world.caller, listing)).rows.map(({ id }) => id);
  };

  describe('a run', () => {
    test('has one parent, and one execution for each computer that matches at that moment (P4, P8)', async () => {
      const ids = await computerIds();
      world.setNow('2025-05-01T07:30');
      const id = await create(every('0 8 * * *'), { allComputers: false, tags: ['chosen'] });
      await world.services.computers.retag(world.caller, ids.slice(2, 5), { add: ['chosen'] });
      world.setNow('2025-05-01T08:00:01');
      await world.tick.fire();
      const [run, ...others] = await world.runs(id);
      expect(others).toEqual([]);
      expect(run).toMatchObject({
        type: 'ActivityGroup',
        summary: 'Run script',
        parentId: null,
        scriptProfileId: id,
      });
      expect(
        (await children(run!.id)).map(({ computerId, type, status }) => [computerId, type, status]),
      ).toEqual(ids.slice(2, 5).map((computerId) => [computerId, 'ExecuteScriptRequest', 'undelivered']));
      // A computer that is tagged later does not belong to the run.
      await world.services.computers.retag(world.caller, ids, { add: ['chosen'] });
      expect(await children(run!.id)).toHaveLength(3);
      await world.services.computers.retag(world.caller, ids, { remove: ['chosen'] });
    });

    test('without matching computers has succeeded immediately', async () => {
      world.setNow('2025-05-02T07:30');
      const id = await create(every('0 8 * * *'), { allComputers: false, tags: ['nobody'] });
      world.setNow('2025-05-02T08:00:01');
      await world.tick.fire();
      const [run] = await world.runs(id);
      expect(run).toMatchObject({ status: 'succeeded', completionTime: world.now(), resultTextLength: null });
      expect(await children(run!.id)).toEqual([]);
      expect(await world.profile(id)).toMatchObject({ lastRun: world.now() });
    });

    test('with more computers than the limit covers those with the lowest ids, and reports how many it left out', async () => {
      const ids = await computerIds();
      world.setNow('2025-05-03T07:30');
      const id = await create(every('0 8 * * *'));
      await world.services.limits.update(world.caller, { maxNumComputers: 7 });
      world.setNow('2025-05-03T08:00:01');
      await world.tick.fire();
      await world.services.limits.update(world.caller, { maxNumComputers: 5000 });
      const [run] = await world.runs(id);
      expect(await resultText(run!)).toBe('The run omits 13 computers, because a run covers at most 7.');
      expect(run!.counts).toMatchObject({ undelivered: 7 });
      expect((await children(run!.id)).map(({ computerId }) => computerId)).toEqual(ids.slice(0, 7));
    });

    test('on 5,000 computers is one run with 5,000 executions', async () => {
      const more = Array.from({ length: 4980 }, (_, index) => ({
        id: 100_000 + index,
        title: `Computer ${index}`,
        hostname: `computer-${index}`,
        comment: '',
        status: 'accepted',
        accessGroupId: 1,
        requestedTags: [],
        createdAt: world.now(),
        acceptedAt: world.now(),
      }));
      const { prisma } = world.database;
      const { accountId } = world.caller;
      const [group] = await prisma.accessGroup.findMany({ where: { accountId, name: 'server' } });
      await insertRows(
        prisma,
        'computer',
        accountId,
        more.map((row) => ({ ...row, accessGroupId: Number(group!.id) })),
      );
      world.setNow('2025-05-04T07:30');
      const id = await create(every('0 8 * * *'));
      world.setNow('2025-05-04T08:00:01');
      expect(await world.tick.fire()).toBe(1);
      const [run] = await world.runs(id);
      expect(run).toMatchObject({
        status: 'undelivered',
        counts: { undelivered: 5000 },
        resultTextLength: null,
      });
      expect(await children(run!.id)).toHaveLength(5000);
      await world.services.executions.cancel(world.caller, run!.id);
      await prisma.computer.deleteMany({ where: { accountId, id: { gte: 100_000 } } });
    });
  });

  describe('a profile whose runs may not overlap', () => {
    test('skips its slot while an execution is delivered and not reported, and runs again afterwards', async () => {
      const [one, other] = (await computerIds()) as [number, number];
      world.setNow('2025-05-05T07:30');
      const id = await create(every('0 * * * *'), { overlap: 'SKIP' });
      world.setNow('2025-05-05T08:00:01');
      await world.tick.fire();
      const [taken] = await take(one);
      world.setNow('2025-05-05T09:00:01');
      expect(await world.tick.fire()).toBe(1);
      expect(await world.runs(id)).toHaveLength(1);
      const byHand = world.services.runs.runNow(world.caller, id, { idempotencyKey: 'meanwhile' });
      await expect(byHand).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await report(one, taken!.id);

      world.setNow('2025-05-05T10:00:01');
      await world.tick.fire();
      expect(await world.ledger(id)).toEqual([
        'fired 2025-05-05T08:00 2025-05-05T08:00 1',
        'skipped overlap 2025-05-05T09:00 2025-05-05T09:00 1',
        'fired 2025-05-05T10:00 2025-05-05T10:00 1',
      ]);
      // The computers that never took the first run must not run both. A computer that is off does not block the
      // others.
      const [second, first] = await world.runs(id);
      expect(first).toMatchObject({
        status: 'canceled',
        counts: { succeeded: 1, canceled: 19, undelivered: 0 },
      });
      const canceled = (await children(first!.id)).find(({ computerId }) => computerId === other);
      expect(canceled!.status).toBe('canceled');
      expect(await resultText(canceled!)).toBe('Superseded by a later run.');
      expect(second).toMatchObject({ status: 'undelivered', counts: { undelivered: 20 } });
    });

    test('with an event trigger runs on each computer that enrols, independently of runs on other computers', async () => {
      world.setNow('2025-05-06T07:30');
      const id = await create(
        { kind: 'event', eventType: 'post_enrollment' },
        { overlap: 'SKIP', allComputers: false, tags: ['fresh'] },
      );
      const principal = { kind: 'person', caller: world.caller } as const;
      const joined: number[] = [];
      for (const hostname of ['a', 'b', 'c']) {
        const draft = { hostname, tags: ['fresh'], accessGroup: 'server' };
        const { computer } = await world.services.computers.enrol(principal, draft);
        await world.services.computers.accept(world.caller, [computer.id], {});
        joined.push(computer.id);
      }
      expect((await world.runs(id)).map(({ status }) => status)).toEqual([
        'undelivered',
        'undelivered',
        'undelivered',
      ]);
      for (const computerId of joined) {
        expect(await take(computerId)).toHaveLength(1);
        await world.services.computers.remove(world.caller, computerId);
      }
    });
  });

  describe('a profile whose firing fails', () => {
    /** A trigger of the database rejects the runs of one profile after their executions were written. */
    async function breakFiringOf(id: number): Promise<() => Promise<void>> {
      const { prisma } = world.database;
      // It reads no table, because Citus rejects that in a trigger on a worker.
      await prisma.$executeRawUnsafe(`
      CREATE FUNCTION refuse_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.script_profile_id = ${id} THEN RAISE 'no room left'; END IF;
        RETURN NEW; END $$`);
      await prisma.$executeRawUnsafe(
        'CREATE TRIGGER refuse_run BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION refuse_run()',
      );
      return async () => {
        await prisma.$executeRawUnsafe('DROP FUNCTION refuse_run CASCADE');
      };
    }

    test('does not delay others, is retried at growing intervals, leaves nothing half written, and fires in the end', async () => {
      world.setNow('2025-05-07T07:30');
      const [before, broken, after] = [
        await create(every('0 8 * * *')),
        await create(every('0 8 * * *')),
        await create(once('2025-05-07T08:00')),
      ];
      const profile = await world.profile(broken);
      const activities = await world.database.prisma.activity.count();
      const repair = await breakFiringOf(broken);
      let elapsed = 0;
      const faults: number[] = [];
      const tick = createTick({
        work: dueProfiles(world.services.runs),
        concurrency: 2,
        elapsed: () => elapsed,
        report: (fault, { id }) => {
          expect(String(fault)).toContain('no room left');
          faults.push(id);
        },
      });
      world.setNow('2025-05-07T08:00:01');
      expect(await tick.fire()).toBe(2);
      expect([(await world.runs(before)).length, (await world.runs(after)).length]).toEqual([1, 1]);

      // P4: neither the run, nor its parent, nor the next run was stored.
      expect(await world.profile(broken)).toEqual(profile);
      expect(await world.runs(broken)).toEqual([]);
      expect(await world.ledger(broken)).toEqual([]);
      expect(await world.database.prisma.run.count({ where: { scriptProfileId: broken } })).toBe(0);
      expect(await world.database.prisma.activity.count()).toBe(activities + 2 * 21);

      const waits: (number | undefined)[] = [];
      for (let attempt = 0; attempt < 9; attempt += 1) {
        // Between two attempts it waits.
        expect(await tick.fire()).toBe(0);
        const wait = await tick.untilNext();
        waits.push(wait);
        elapsed += wait!;
        expect(await tick.fire()).toBe(0);
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000));
      expect(faults).toEqual(Array(10).fill(broken));

      await repair();
      elapsed += 60_000;
      expect(await tick.fire()).toBe(1);
      expect(await world.ledger(broken)).toEqual(['fired 2025-05-07T08:00 2025-05-07T08:00 1']);
      // Afterwards no trace is left, and the next work is due in a day.
      expect(await tick.untilNext()).toBe(86_400_000 - 1000);
    });

    test('and that is archived in the meantime is forgotten, so the scheduler does not wait for it', async () => {
      world.setNow('2025-05-08T07:30');
      const broken = await create(every('0 8 * * *'));
      const repair = await breakFiringOf(broken);
      let elapsed = 0;
      const tick = createTick({
        work: dueProfiles(world.services.runs),
        concurrency: 1,
        elapsed: () => elapsed,
        report: () => {},
      });
      world.setNow('2025-05-08T08:00:01');
      expect(await tick.fire()).toBe(0);
      expect(await tick.untilNext()).toBe(1000);
      await world.services.scriptProfiles.archive(world.caller, broken);
      await repair();
      elapsed += 1000;
      expect(await tick.fire()).toBe(0);
      expect(await tick.untilNext()).toBeUndefined();
    });
  });

  test('accounts take turns, so one with many due profiles does not delay another', async () => {
    world.setNow('2025-05-09T06:00');
    const ids: number[] = [];
    for (let minute = 0; minute < 6; minute += 1) ids.push(await create(once(`2025-05-09T07:0${minute}`)));
    const neighbour = await anAccount(world.database.prisma);
    await insert(world.database.prisma, 'script', neighbour, [{ id: 1000 }]);
    const nextRun = '2025-05-09T07:30:00Z';
    await insert(world.database.prisma, 'script_profile', neighbour, [
      { id: 1000, timestamp: nextRun, nextRun },
      { id: 1001, timestamp: nextRun, nextRun },
    ]);
    expect(await world.services.runs.due(4, [])).toEqual([]);
    world.setNow('2025-05-09T08:00');
    expect((await world.services.runs.due(4, [])).map(({ id }) => id)).toEqual([ids[0], 1000, ids[1], 1001]);
    const resting = [{ accountId: neighbour.id, id: 1000 }];
    expect((await world.services.runs.due(3, resting)).map(({ id }) => id)).toEqual([ids[0], 1001, ids[1]]);
    expect(await world.tick.fire()).toBe(8);
  });

  test('a tick that is asked to stop finishes the current profile, and takes no other', async () => {
    world.setNow('2025-05-10T07:00');
    const ids = [await create(once('2025-05-10T07:30')), await create(once('2025-05-10T07:30'))];
    world.setNow('2025-05-10T08:00');
    let stopping = false;
    const { runs } = world.services;
    const fireDue: typeof runs.fireDue = (profile) => {
      stopping = true;
      return runs.fireDue(profile);
    };
    const tick = createTick({ work: dueProfiles({ ...runs, fireDue }), concurrency: 1, report: () => {} });
    expect(await tick.fire(() => stopping)).toBe(1);
    expect((await Promise.all(ids.map((id) => world.runs(id)))).flat()).toHaveLength(1);
    expect(await tick.fire()).toBe(1);
  });
}
