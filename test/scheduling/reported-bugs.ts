import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import { dueProfiles } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { createServices } from '../../src/services/index.ts';
import { every } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';
import { breakingOff } from '../support/crash.ts';

export function reportedBugs(): void {
  // Bugs that users of other schedulers reported, each as a promise of this one. These are tested elsewhere:
  //
  // two instances fire one slot          races.ts: "fire each slot exactly once, hour after hour"
  // crash between advancing and storing  slow/chaos.test.ts
  // host zone leaks into UTC schedules   slots.ts: "is in UTC, even if the process is in the zone …"
  // all profiles due at one minute       herd.ts

  let world: ClockWorld;
  let made: number[] = [];
  beforeAll(async () => {
    world = await clockWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.setNow('2026-05-01T07:30');
  });
  afterEach(async () => {
    for (const id of made) await world.services.scriptProfiles.archive(world.caller, id);
    made = [];
    await world.services.limits.update(world.caller, { minInterval: 60 });
  });

  let number = 0;
  async function create(interval: string, overrides: object = {}, startAfter?: string): Promise<number> {
    number += 1;
    const id = await world.create(`Profile ${number}`, every(interval, startAfter), overrides);
    made.push(id);
    return id;
  }
  const tickAt = (time: string) => {
    world.setNow(time);
    return world.tick.fire();
  };
  /** A new process, without the knowledge of earlier ones. */
  const restarted = () => {
    const services = createServices(createStore(world.database.prisma, async () => world.now()));
    return createTick({
      work: dueProfiles(services.runs),
      concurrency: 1,
      report: (fault) => {
        throw fault;
      },
    });
  };
  const fired = async (id: number) =>
    (await world.ledger(id)).filter((line) => line.startsWith('fired')).map((line) => line.slice(6, 22));
  const take = (computerId: number) =>
    world.services.executions.take({ accountId: world.caller.accountId, computerId }, 100);
  const report = (computerId: number, id: number) =>
    world.services.executions.report({ accountId: world.caller.accountId, computerId }, id, {
      succeeded: true,
    });

  describe('double firing', () => {
    // The catch-up run after a restart runs a slot that has run before (openclaw#42640, hermes-agent#68211).
    test('a process that starts after a slot was fired does not fire it again, even if it was down since', async () => {
      const id = await create('0 8 * * *');
      await tickAt('2026-05-01T08:00:01');
      expect(await restarted().fire()).toBe(0);
      world.setNow('2026-05-02T07:59');
      expect(await restarted().fire()).toBe(0);
      expect(await world.runs(id)).toHaveLength(1);
    });

    // The same slot fires twice, and the next one is skipped because of it (paseo#2819).
    test('a slot that is tried twice fires once, and the next one fires as well', async () => {
      const id = await create('0 * * * *');
      const key = { accountId: world.caller.accountId, id };
      world.setNow('2026-05-01T08:00:01');
      expect(await world.services.runs.fireDue(key)).toBe(true);
      expect(await world.services.runs.fireDue(key)).toBe(false);
      await tickAt('2026-05-01T09:00:01');
      expect(await world.services.runs.fireDue(key)).toBe(false);
      expect(await fired(id)).toEqual(['2026-05-01T08:00', '2026-05-01T09:00']);
    });

    // Each instance fires (node-cron#299, #363; Semaphore#3555, #2813).
    test('two instances that tick at the same moment fire a slot exactly once', async () => {
      const id = await create('0 8 * * *');
      world.setNow('2026-05-01T08:00:00');
      const outcomes = await Promise.all([restarted(), restarted()].map((tick) => tick.fire()));
      expect(outcomes.sort()).toEqual([0, 1]);
      expect(await world.runs(id)).toHaveLength(1);
    });
  });

  describe('skipping', () => {
    // The slot is advanced before the run is stored, and a crash in between loses it (hermes-agent#108945).
    test('a firing that is interrupted before any statement changes nothing, and the next one does all of it', async () => {
      const id = await create('0 8 * * *');
      const { prisma } = world.database;
      const state = async () => ({
        profile: await world.profile(id),
        ledger: await world.ledger(id),
        runs: await world.runs(id),
        rows: [await prisma.run.count(), await prisma.activity.count(), await prisma.slotEntry.count()],
      });
      const before = await state();
      world.setNow('2026-05-01T08:00:01');
      let broken = 0;
      for (let done = false; !done; ) {
        const store = createStore(breakingOff(prisma, broken + 1), async () => world.now());
        try {
          done = await createServices(store).runs.fireDue({ accountId: world.caller.accountId, id });
        } catch (error) {
          expect(error).toMatchObject({ message: 'It broke off.' });
          expect(await state()).toEqual(before);
          broken += 1;
        }
      }
      // At least claim, limits, run, parent, executions, counters, ledger and profile.
      expect(broken).toBeGreaterThanOrEqual(8);
      expect(await fired(id)).toEqual(['2026-05-01T08:00']);
      expect(await world.runs(id)).toHaveLength(1);
      expect((await world.runs(id))[0]!.counts).toMatchObject({ undelivered: 20 });
    });

    // The code that skips a slot never advances the next run, so the profile is stuck forever (niubigeo#71).
    test('a skipped slot advances the next run each time, until the profile runs again', async () => {
      const id = await create('0 * * * *', { overlap: 'SKIP' });
      await tickAt('2026-05-01T08:00:01');
      const [execution] = await take(1);
      for (const hour of ['09', '10', '11']) {
        expect(await tickAt(`2026-05-01T${hour}:00:01`)).toBe(1);
        expect(await world.tick.fire()).toBe(0);
        expect((await world.profile(id)).nextRun! > world.now()).toBe(true);
      }
      await report(1, execution!.id);
      await tickAt('2026-05-01T12:00:01');
      expect(await fired(id)).toEqual(['2026-05-01T08:00', '2026-05-01T12:00']);
    });

    // A catch-up run is recorded under the next slot, which then counts as run (hermes-agent#107485).
    test('a catch-up run is recorded under the last missed slot, and the next slot still fires', async () => {
      await world.services.limits.update(world.caller, { minInterval: 10 });
      const id = await create('0 * * * *');
      await tickAt('2026-05-01T09:40');
      await tickAt('2026-05-01T10:00:01');
      expect(await world.ledger(id)).toEqual([
        'coalesced outage 2026-05-01T08:00 2026-05-01T08:00 1',
        'fired 2026-05-01T09:00 2026-05-01T09:00 1',
        'fired 2026-05-01T10:00 2026-05-01T10:00 1',
      ]);
    });

    // A policy to skip overlapping runs never fires at all (scout#198).
    test('a profile whose runs may not overlap fires each slot if the last run has ended, or no computer has taken it', async () => {
      const id = await create('0 * * * *', { overlap: 'SKIP' });
      await tickAt('2026-05-01T08:00:01');
      const [execution] = await take(1);
      await report(1, execution!.id);
      await tickAt('2026-05-01T09:00:01');
      await tickAt('2026-05-01T10:00:01');
      expect(await fired(id)).toEqual(['2026-05-01T08:00', '2026-05-01T09:00', '2026-05-01T10:00']);
    });
  });

  describe('if clocks are set forward or back', () => {
    // Skipped in spring, and doubled in autumn (librefang#3831, agent-os#2472, xen-orchestra#4024).
    test.each([
      ['spring in Europe', '2026-03-28'],
      ['autumn in Europe', '2026-10-24'],
      ['spring in America', '2026-03-07'],
      ['autumn in America', '2026-10-31'],
    ])('a daily run at 02:30 runs once a day in %s, 24 hours apart', async (_, day) => {
      world.setNow(`${day}T00:00`);
      const id = await create('30 2 * * *', {}, `${day}T00:00`);
      for (let minutes = 0; minutes < 3 * 1440; minutes += 15) {
        await world.tick.fire();
        world.passMinutes(15);
      }
      const slots = await fired(id);
      const first = `${day}T02:30:00.000000Z`;
      expect(slots).toEqual([0, 1, 2].map((later) => addMinutes(first, later * 1440).slice(0, 16)));
    });

    // The search for the next time returns a past one, and the loop never ends (qwen-code#11720, node-cron#492).
    test('the next run is always in the future, so a pass ends and the scheduler sleeps', async () => {
      await world.services.limits.update(world.caller, { minInterval: 0 });
      for (const at of [
        '2026-03-29T01:00',
        '2026-10-25T00:59:59.999999',
        '2027-12-31T23:59',
        '2028-02-29T23:59',
      ]) {
        world.setNow(at);
        const ids = [];
        for (const interval of ['* * * * *', '*/30 * * * *', '0 1,2,3 * * *', '59 23 29 2 *']) {
          ids.push(await create(interval, {}, '2026-01-01T00:00'));
        }
        world.passMinutes(2);
        await world.tick.fire();
        expect(await world.tick.fire()).toBe(0);
        expect(await world.tick.untilNext()).toBeGreaterThan(0);
        for (const id of ids) expect((await world.profile(id)).nextRun! > world.now()).toBe(true);
      }
    });

    // The offset of the day of creation is stored instead of a zone (openworker#50).
    test('a start with an offset is stored as an instant, and does not shift the schedule in winter or summer', async () => {
      world.setNow('2026-03-28T00:00');
      const id = await create('0 7 * * *', {}, '2026-03-28T08:00+01:00');
      expect(await tickAt('2026-03-28T06:59:59')).toBe(0);
      for (const day of ['2026-03-28', '2026-03-29', '2026-03-30']) {
        expect(await tickAt(`${day}T07:00`)).toBe(1);
      }
      expect(await fired(id)).toEqual(['2026-03-28T07:00', '2026-03-29T07:00', '2026-03-30T07:00']);
    });
  });

  describe('drift', () => {
    // Each run is timed from the previous one, including its delay.
    test('an hourly schedule with an hour’s spacing, always fired some seconds late, stays hourly', async () => {
      const id = await create('0 * * * *');
      for (let hour = 8; hour < 20; hour += 1) {
        await tickAt(`2026-05-01T${String(hour).padStart(2, '0')}:00:${10 + hour}`);
      }
      expect(await fired(id)).toHaveLength(12);
    });
  });

  describe('statuses that never end', () => {
    // Batches whose hosts were deleted or canceled never finish (Fleet#32711, #32517).
    test.each(['all removed', 'all canceled', 'one reported, the others removed and canceled'])(
      'a run ends when its computers have ended: %s',
      async (what) => {
        const { services, caller } = world;
        const ids: number[] = [];
        const principal = { kind: 'person', caller } as const;
        for (const hostname of ['a', 'b', 'c']) {
          const draft = { hostname, tags: ['mortal'], accessGroup: 'server' };
          ids.push((await services.computers.enrol(principal, draft)).computer.id);
        }
        await services.computers.accept(caller, ids, {});
        const id = await create('0 8 * * *', { allComputers: false, tags: ['mortal'] });
        await tickAt('2026-05-01T08:00:01');
        const [run] = await world.runs(id);
        const [taken] = (await take(ids[0]!)).filter(({ environment }) => environment.computerId === ids[0]);
        if (what.startsWith('one reported')) await report(ids[0]!, taken!.id);
        if (what !== 'all canceled') await services.computers.remove(caller, ids[1]!);
        if (what === 'all removed') {
          await services.computers.remove(caller, ids[0]!);
          await services.computers.remove(caller, ids[2]!);
        } else await services.executions.cancel(caller, run!.id);
        const status = what === 'all canceled' ? 'canceled' : 'failed';
        expect((await world.runs(id))[0]).toMatchObject({ status, completionTime: world.now() });
        expect((await world.runs(id))[0]!.counts).toMatchObject({ undelivered: 0, delivered: 0 });
      },
    );

    // Parents without children stay pending (Landscape before 25.10).
    test('a run without computers ends immediately, scheduled or manual', async () => {
      const id = await create('0 8 * * *', { allComputers: false, tags: ['nobody-at-all'] });
      await tickAt('2026-05-01T08:00:01');
      await world.services.runs.runNow(world.caller, id, { idempotencyKey: `nobody ${id}` });
      const runs = await world.runs(id);
      expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
      expect(runs.every(({ completionTime }) => completionTime === world.now())).toBe(true);
    });
  });
}
