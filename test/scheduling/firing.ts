import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { every, once } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';

export function firing(): void {
  let world: ClockWorld;
  beforeAll(async () => {
    world = await clockWorld();
  });
  afterAll(() => world.close());

  describe('a recurring profile', () => {
    test('runs at its slot on every computer, and waits for the next slot', async () => {
      world.setNow('2025-05-01T07:30');
      const id = await world.create('Daily', every('0 8 * * *'));
      expect(await world.tick.fire()).toBe(0);
      expect(await world.tick.untilNext()).toBe(30 * 60_000);
      world.setNow('2025-05-01T08:00:00.25');
      expect(await world.tick.fire()).toBe(1);
      expect(await world.tick.fire()).toBe(0);
      const [run, ...others] = await world.runs(id);
      expect(others).toEqual([]);
      expect(run).toMatchObject({
        status: 'undelivered',
        creationTime: world.now(),
        counts: { undelivered: 20 },
      });
      const profile = await world.profile(id);
      expect(profile).toMatchObject({ nextRun: '2025-05-02T08:00:00.000000Z', lastRun: world.now() });
      expect(await world.ledger(id)).toEqual(['fired 2025-05-01T08:00 2025-05-01T08:00 1']);
    });

    test('moves slots that come sooner than the spacing allows', async () => {
      world.setNow('2025-06-01T00:30');
      const id = await world.create('Every ten minutes', every('*/10 * * * *'));
      for (const time of ['2025-06-01T00:30:01', '2025-06-01T01:30:02', '2025-06-01T02:30:00']) {
        world.setNow(time);
        await world.tick.fire();
      }
      expect(await world.ledger(id)).toEqual([
        'fired 2025-06-01T00:30 2025-06-01T00:30 1',
        'moved spacing 2025-06-01T00:40 2025-06-01T01:20 5',
        'fired 2025-06-01T01:30 2025-06-01T01:30 1',
        'moved spacing 2025-06-01T01:40 2025-06-01T02:20 5',
        'fired 2025-06-01T02:30 2025-06-01T02:30 1',
      ]);
      await world.services.scriptProfiles.archive(world.caller, id);
    });

    test('that missed slots while the service was down runs once for all of them', async () => {
      world.setNow('2025-07-01T00:00');
      const id = await world.create('Hourly', every('0 * * * *'));
      world.setNow('2025-07-02T10:20');
      expect(await world.tick.fire()).toBeGreaterThanOrEqual(1);
      expect(await world.runs(id)).toHaveLength(1);
      expect(await world.ledger(id)).toEqual([
        'coalesced outage 2025-07-01T00:00 2025-07-02T09:00 34',
        'fired 2025-07-02T10:00 2025-07-02T10:00 1',
      ]);
      // The catch-up run started at 10:20, and the next one keeps its distance from that.
      expect((await world.profile(id)).nextRun).toBe('2025-07-02T12:00:00.000000Z');
      await world.services.scriptProfiles.archive(world.caller, id);
    });
  });

  test('a one-time profile in the past runs immediately and once, and is then finished', async () => {
    world.setNow('2025-08-01T00:00');
    const id = await world.create('Once', once('2024-01-01T00:00'));
    await world.tick.fire();
    await world.tick.fire();
    expect(await world.runs(id)).toHaveLength(1);
    const profile = await world.profile(id);
    expect(profile).toMatchObject({ trigger: { isFinished: true }, nextRun: null, lastRun: world.now() });
    expect(await world.ledger(id)).toEqual(['fired 2024-01-01T00:00 2024-01-01T00:00 1']);
  });
}
