import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import {
  type ForecastRun,
  type ProposedChange,
  runsOf,
} from '../../src/services/script-profiles/previews.ts';
import { at, every, once } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';
import { thorough } from '../support/seed.ts';

export function forecast(): void {
  // The scheduler runs exactly as a preview forecasts. The test moves the time through the forecast runs, with the real
  // services and the real database.

  let world: ClockWorld;
  beforeAll(async () => {
    world = await clockWorld();
  });
  afterAll(() => world.close());

  const MAX_RUNS = 3;
  async function forecastOf(change: ProposedChange): Promise<ForecastRun[]> {
    const { plan, problems } = await world.services.previews.preview(world.caller, change);
    expect(problems).toEqual([]);
    return runsOf(plan!, MAX_RUNS);
  }

  const shown = ({ ledger }: ForecastRun): string[] =>
    ledger.map(({ status, reason, firstSlot, lastSlot, number }) =>
      [status, reason, firstSlot.slice(0, 16), lastSlot.slice(0, 16), number]
        .filter((part) => part !== null)
        .join(' '),
    );

  /**
   * Moves the time through the runs. A second before each, no profile is due. Afterwards, the ledger has exactly the
   * forecast entries.
   */
  async function live(id: number, runs: readonly ForecastRun[]): Promise<void> {
    let made = (await world.runs(id)).length;
    let ledger = (await world.ledger(id)).length;
    for (const run of runs) {
      if (run.at > world.now()) {
        world.setNow(justBefore(run.at));
        expect(await world.tick.fire()).toBe(0);
        world.setNow(run.at);
      }
      expect(await world.tick.fire()).toBe(1);
      const [last, ...others] = await world.runs(id);
      expect(last!.creationTime).toBe(run.at);
      expect(others).toHaveLength(made);
      const counts = last!.counts!;
      expect(Object.values(counts).reduce((sum, number) => sum + number, 0)).toBe(run.expectedComputers);
      expect((await world.ledger(id)).slice(ledger)).toEqual(shown(run));
      made += 1;
      ledger += shown(run).length;
    }
  }

  const justBefore = (instant: Instant): Instant => `${addMinutes(instant, -1).slice(0, 17)}59.999999Z`;

  const START = at('2025-05-01T00:00:10');
  const crons = fc.constantFrom(
    '* * * * *',
    '*/7 * * * *',
    '5,50 */3 * * *',
    '0 0 * * MON',
    '30 8 1 * *',
    '0 0 13 * FRI',
    '59 23 31 12 *',
  );
  const somewhen = fc.nat(40 * 1440).map((minutes) => addMinutes(START, minutes));
  const draftOf = (number: number, interval: string, startAfter: Instant) => ({
    title: `Forecast ${number}`,
    scriptId: 31,
    username: 'root',
    timeLimit: 60,
    allComputers: true,
    trigger: { kind: 'recurring' as const, interval, startAfter },
  });

  let number = 0;
  test('the runs forecast for a new profile, and for an edit of its trigger, equal those of the scheduler', async () => {
    await fc.assert(
      fc.asyncProperty(
        crons,
        somewhen,
        crons,
        somewhen,
        fc.constantFrom(0, 1, 45, 60, 1440),
        fc.boolean(),
        async (interval, startAfter, other, otherStart, minInterval, overdue) => {
          number += 1;
          world.setNow('2025-05-01T00:00:10');
          await world.services.limits.update(world.caller, { minInterval });
          const draft = draftOf(number, interval, startAfter);
          const created = await forecastOf({ create: draft });
          const { id } = await world.services.scriptProfiles.create(world.caller, draft);
          await live(id, created.slice(0, 2));

          // The profile may be late, so that the edit skips the due slot.
          world.passMinutes(overdue ? 5000 : 1);
          const edit = { trigger: { kind: 'recurring' as const, interval: other, startAfter: otherStart } };
          const before = (await world.ledger(id)).length;
          const { plan } = await world.services.previews.preview(world.caller, { update: { id, edit } });
          const edited = await forecastOf({ update: { id, edit } });
          await world.services.scriptProfiles.update(world.caller, id, edit);
          const givenUp = (await world.ledger(id))
            .slice(before)
            .filter((entry) => entry.includes('rescheduled'));
          expect(givenUp).toHaveLength(plan!.slotsGivenUp.length);
          await live(id, edited);
          await world.services.scriptProfiles.archive(world.caller, id);
        },
      ),
      { numRuns: thorough(20) },
    );
  });

  test('after an outage, the catch-up run is forecast, also by an edit of another field', async () => {
    world.setNow('2025-05-01T00:00:10');
    await world.services.limits.update(world.caller, { minInterval: 60 });
    const id = await world.create('After an outage', every('*/20 * * * *', '2025-05-01T00:00'));
    world.setNow('2025-05-01T06:25:30');
    const runs = await forecastOf({ update: { id, edit: { timeLimit: 61 } } });
    expect(runs[0]).toMatchObject({ at: at('2025-05-01T06:25:30'), slot: at('2025-05-01T06:20') });
    await live(id, runs);
    await world.services.scriptProfiles.archive(world.caller, id);
  });

  test('a one-time profile in the past is forecast to run immediately, and does', async () => {
    world.setNow('2025-05-01T00:00:10');
    const draft = {
      ...draftOf(0, '', START),
      trigger: { kind: 'one_time' as const, timestamp: at('2025-04-01T08:00') },
    };
    const runs = await forecastOf({ create: draft });
    expect(runs).toMatchObject([
      { at: world.now(), slot: once('2025-04-01T08:00').timestamp, expectedComputers: 20 },
    ]);
    const { id } = await world.services.scriptProfiles.create(world.caller, draft);
    await live(id, runs);
  });
}
