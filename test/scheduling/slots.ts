import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/time.ts';
import { at, every, once } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';
import { startChild } from '../support/server-process.ts';

export function slots(): void {
  // Which slots are fired, and the ledger entries of the others. Each test ends without due profiles.

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
  const edit = (id: number, changes: object) =>
    world.services.scriptProfiles.update(world.caller, id, changes as never);
  const tickAt = (time: string) => {
    world.setNow(time);
    return world.tick.fire();
  };
  const runs = async (id: number) =>
    (await world.runs(id)).map(({ creationTime }) => creationTime).toReversed();

  describe('a schedule', () => {
    test('does not fire before its start, and first fires at the first match from then on', async () => {
      world.setNow('2025-05-01T00:00:10');
      const id = await create(every('0 * * * *', '2025-05-01T06:30'));
      expect(await tickAt('2025-05-01T06:00:10')).toBe(0);
      expect(await tickAt('2025-05-01T06:59:59')).toBe(0);
      expect(await tickAt('2025-05-01T07:00:00')).toBe(1);
      expect(await world.ledger(id)).toEqual(['fired 2025-05-01T07:00 2025-05-01T07:00 1']);
    });

    test.each([
      ['on the leap day', '0 0 29 2 *', '2028-02-28T23:59', '2028-02-29T00:00:01', '2032-02-29T00:00'],
      [
        'on 1 March if there is no leap day',
        '0 0 * * *',
        '2027-02-28T23:00',
        '2027-03-01T00:00',
        '2027-03-02T00:00',
      ],
      [
        'across the end of a year',
        '59 23 31 12 *',
        '2029-12-31T23:58',
        '2029-12-31T23:59:30',
        '2030-12-31T23:59',
      ],
      [
        'in the first minute of a year',
        '0 0 1 1 *',
        '2029-12-31T23:59:59',
        '2030-01-01T00:00:00',
        '2031-01-01T00:00',
      ],
    ])('fires %s', async (_, interval, before, slot, next) => {
      world.setNow(before);
      const id = await create(every(interval, '2025-01-01T00:00'));
      expect(await world.tick.fire()).toBe(0);
      expect(await tickAt(slot)).toBe(1);
      expect(await runs(id)).toEqual([world.now()]);
      expect((await world.profile(id)).nextRun!.slice(0, 16)).toBe(next);
    });

    test.each([
      ['Pacific/Kiritimati', [-840, -840]],
      ['America/St_Johns', [210, 150]],
      ['Europe/Berlin', [-60, -120]],
      ['Australia/Lord_Howe', [-660, -630]],
    ])('is in UTC, even if the process is in the zone %s', async (zone, offsets) => {
      const before = process.env.TZ;
      process.env.TZ = zone;
      const child = startChild('fire-in-zone.ts');
      process.env.TZ = before ?? 'UTC';
      const answer = JSON.parse(await child.line());
      const days = ['2026-03-28', '2026-04-04', '2026-10-24', '2026-10-31'].flatMap((day) =>
        [0, 1, 2].map((later) => addMinutes(at(`${day}T02:30`), later * 1440).slice(0, 16)),
      );
      expect(answer).toEqual({ offsets, fired: days.map((slot) => `${slot} at ${slot}`) });
    });

    test('is in UTC', async () => {
      world.setNow('2026-03-29T00:00:10');
      const id = await create(every('30 2 * * *', '2026-03-29T00:00'));
      expect(await tickAt('2026-03-29T02:29:59.999999')).toBe(0);
      expect(await tickAt('2026-03-29T02:30:00')).toBe(1);
      expect(await world.ledger(id)).toEqual(['fired 2026-03-29T02:30 2026-03-29T02:30 1']);
    });

    test('fires nothing twice if the clock is set back an hour, and then continues', async () => {
      world.setNow('2025-06-01T07:00:10');
      const id = await create(every('0 * * * *'));
      await tickAt('2025-06-01T08:00:01');
      for (const again of [
        '2025-06-01T07:00:01',
        '2025-06-01T07:30',
        '2025-06-01T08:00',
        '2025-06-01T08:00:05',
      ]) {
        expect(await tickAt(again)).toBe(0);
      }
      expect(await tickAt('2025-06-01T09:00:00')).toBe(1);
      expect(await world.ledger(id)).toEqual([
        'fired 2025-06-01T08:00 2025-06-01T08:00 1',
        'fired 2025-06-01T09:00 2025-06-01T09:00 1',
      ]);
    });

    test('misses nothing if the clock is set forward: one run covers the passed slots (P3)', async () => {
      world.setNow('2025-06-02T07:00:10');
      const id = await create(every('0 * * * *'));
      expect(await tickAt('2025-06-02T10:00:00')).toBe(1);
      // After the clock is set back again, the fired slots are not fired again.
      expect(await tickAt('2025-06-02T08:00:00')).toBe(0);
      expect(await tickAt('2025-06-02T11:00:00')).toBe(1);
      expect(await world.ledger(id)).toEqual([
        'coalesced outage 2025-06-02T08:00 2025-06-02T09:00 2',
        'fired 2025-06-02T10:00 2025-06-02T10:00 1',
        'fired 2025-06-02T11:00 2025-06-02T11:00 1',
      ]);
    });
  });

  describe('an edit', () => {
    test('while a slot is due skips it as rescheduled, and the new schedule never runs a past slot (P7)', async () => {
      world.setNow('2025-06-03T07:30');
      const id = await create(every('0 8 * * *'));
      world.setNow('2025-06-03T08:00:10');
      await edit(id, { trigger: { kind: 'recurring', interval: '*/10 8,9 * * *' } });
      expect(await world.tick.fire()).toBe(0);
      expect(await tickAt('2025-06-03T08:10:00')).toBe(1);
      expect(await world.ledger(id)).toEqual([
        'skipped rescheduled 2025-06-03T08:00 2025-06-03T08:00 1',
        'fired 2025-06-03T08:10 2025-06-03T08:10 1',
      ]);
      expect(await world.profile(id)).toMatchObject({ arming: 2 });
    });

    test('of another field keeps the due slot due, even if the whole trigger is resent', async () => {
      world.setNow('2025-06-04T07:30');
      const trigger = every('0 8 * * *');
      const id = await create(trigger);
      world.setNow('2025-06-04T08:00:10');
      await edit(id, { timeLimit: 77, trigger });
      expect(await world.tick.fire()).toBe(1);
    });

    test('of a finished one-time profile runs it again only with a new time', async () => {
      world.setNow('2025-06-05T07:30');
      const id = await create(once('2025-06-05T08:00'));
      await tickAt('2025-06-05T08:00:01');
      await edit(id, { timeLimit: 77, trigger: once('2025-06-05T08:00') });
      expect(await tickAt('2025-06-05T08:30')).toBe(0);
      await edit(id, { trigger: once('2025-06-05T09:00') });
      expect(await world.profile(id)).toMatchObject({ arming: 2, trigger: { isFinished: false } });
      expect(await tickAt('2025-06-05T09:00')).toBe(1);
      // The original time again: the same slot, but armed again.
      await edit(id, { trigger: once('2025-06-05T08:00') });
      expect(await world.tick.fire()).toBe(1);
      expect(await world.tick.fire()).toBe(0);
      expect(await runs(id)).toHaveLength(3);
      expect(await world.profile(id)).toMatchObject({
        arming: 3,
        nextRun: null,
        trigger: { isFinished: true },
      });
    });

    test('of the minimum interval moves the next run, but not one that is due', async () => {
      world.setNow('2025-06-06T07:59');
      const [due, coming] = [
        await create(every('0 8 * * *')),
        await create(every('*/5 * * * *', '2025-06-06T07:00')),
      ];
      await tickAt('2025-06-06T07:59:59');
      world.setNow('2025-06-06T08:00:00');
      await world.tick.fire();
      expect((await world.profile(coming)).nextRun!.slice(11, 16)).toBe('09:00');
      await world.services.limits.update(world.caller, { minInterval: 20 });
      expect((await world.profile(coming)).nextRun!.slice(11, 16)).toBe('08:20');
      world.setNow('2025-06-06T08:20:30');
      await world.services.limits.update(world.caller, { minInterval: 60 });
      expect((await world.profile(coming)).nextRun!.slice(11, 16)).toBe('08:20');
      expect(await world.tick.fire()).toBe(1);
      expect(await world.ledger(coming)).toEqual([
        'fired 2025-06-06T08:00 2025-06-06T08:00 1',
        'moved spacing 2025-06-06T08:05 2025-06-06T08:15 3',
        'fired 2025-06-06T08:20 2025-06-06T08:20 1',
      ]);
      expect(await runs(due)).toHaveLength(1);
    });
  });

  describe('a change that is committed before a slot is fired prevents the firing (P10):', () => {
    test('archiving, after which the ledger has this slot and later ones only as archived', async () => {
      world.setNow('2025-06-07T07:30');
      const id = await create(every('0 8 * * *'));
      world.setNow('2025-06-07T08:00:10');
      await world.services.scriptProfiles.archive(world.caller, id);
      expect(await world.tick.fire()).toBe(0);
      expect(await tickAt('2025-06-09T08:00')).toBe(0);
      expect(await world.ledger(id)).toEqual(['skipped archived 2025-06-07T08:00 2025-06-07T08:00 1']);
      expect(await runs(id)).toEqual([]);
    });

    test.each(['archive', 'redact'] as const)('a request to %s the script', async (how) => {
      world.setNow('2025-06-08T07:30');
      const script = await world.services.scripts.create(world.caller, {
        title: `To ${how}`,
        interpreter: '/bin/sh',
        code: 'true\n',
      } as never);
      const id = await create(every('0 8 * * *'), { scriptId: script.id });
      world.setNow('2025-06-08T08:00:10');
      await world.services.scripts[how](world.caller, script.id);
      expect(await world.tick.fire()).toBe(0);
      expect(await world.ledger(id)).toEqual(['skipped archived 2025-06-08T08:00 2025-06-08T08:00 1']);
      expect(await world.profile(id)).toMatchObject({ archived: true, nextRun: null });
    });

    test('pausing, which skips the slots until the profile is resumed, without catching up', async () => {
      world.setNow('2025-06-10T07:30');
      const id = await create(every('0 * * * *', '2025-06-10T08:00'));
      world.setNow('2025-06-10T08:00:10');
      await world.services.scriptProfiles.pause(world.caller, id, 'Holidays');
      expect(await world.tick.fire()).toBe(0);
      expect(await tickAt('2025-06-10T10:00')).toBe(0);
      world.setNow('2025-06-10T11:20');
      await world.services.scriptProfiles.resume(world.caller, id);
      expect(await world.tick.fire()).toBe(0);
      expect(await tickAt('2025-06-10T12:00')).toBe(1);
      expect(await world.ledger(id)).toEqual([
        'skipped paused 2025-06-10T08:00 2025-06-10T08:00 1',
        'skipped paused 2025-06-10T09:00 2025-06-10T11:00 3',
        'fired 2025-06-10T12:00 2025-06-10T12:00 1',
      ]);
    });

    test('pausing a due one-time profile, which skips it once, until a new time arms it', async () => {
      world.setNow('2025-06-12T07:30');
      const id = await create(once('2025-06-12T08:00'));
      world.setNow('2025-06-12T08:00:10');
      await world.services.scriptProfiles.pause(world.caller, id, null);
      world.setNow('2025-06-12T09:00');
      await edit(id, { timeLimit: 77 });
      await world.services.scriptProfiles.resume(world.caller, id);
      expect(await world.tick.fire()).toBe(0);
      expect(await world.ledger(id)).toEqual(['skipped paused 2025-06-12T08:00 2025-06-12T08:00 1']);
      await edit(id, { trigger: once('2025-06-12T10:00') });
      expect(await tickAt('2025-06-12T10:00')).toBe(1);
    });

    test('pausing a one-time profile, which finishes without a run if its time passes, until a new time arms it', async () => {
      world.setNow('2025-06-11T07:30');
      const [passed, waiting] = [
        await create(once('2025-06-11T08:00')),
        await create(once('2025-06-11T20:00')),
      ];
      for (const id of [passed, waiting]) await world.services.scriptProfiles.pause(world.caller, id, null);
      expect(await tickAt('2025-06-11T09:00')).toBe(0);
      for (const id of [passed, waiting]) await world.services.scriptProfiles.resume(world.caller, id);
      expect(await world.tick.fire()).toBe(0);
      expect(await world.profile(passed)).toMatchObject({ trigger: { isFinished: true }, lastRun: null });
      expect(await world.ledger(passed)).toEqual(['skipped paused 2025-06-11T08:00 2025-06-11T08:00 1']);
      await edit(passed, { trigger: once('2025-06-11T20:00') });
      expect(await tickAt('2025-06-11T20:00')).toBe(2);
      expect([await runs(passed), await runs(waiting)]).toEqual([[world.now()], [world.now()]]);
    });
  });
}
