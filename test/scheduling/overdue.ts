import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { overdueExecutions } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { every } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';

export function overdue(): void {
  // Executions that computers took and do not report. test/services/executions.ts tests the effect on their run.

  const FLEET = [1, 2, 3];
  /** The time limit and the grace period. */
  const MINUTES_TO_REPORT = 1 + 10;

  let world: ClockWorld;
  let profile: number;
  beforeAll(async () => {
    world = await clockWorld();
    world.setNow('2025-05-01T08:00');
    profile = await world.create('Profile', every('0 6 * * *'));
  });
  afterAll(() => world.close());

  let runs = 0;
  /** Creates a run that the three computers take, a minute apart. */
  async function taken(): Promise<number[]> {
    runs += 1;
    const { services, caller } = world;
    const { accountId } = caller;
    await services.runs.runNow(caller, profile, { computerIds: FLEET, idempotencyKey: `${runs}` });
    const ids: number[] = [];
    for (const computerId of FLEET) {
      const [execution] = await services.executions.take({ accountId, computerId }, 100);
      ids.push(execution!.id);
      world.passMinutes(1);
    }
    return ids;
  }
  const statuses = async (ids: readonly number[]) =>
    (await world.services.activities.byIds(world.caller, ids)).map((execution) => execution!.status);

  let executions: number[];
  beforeEach(async () => {
    executions = await taken();
  });

  test('each execution fails at its own time, which the scheduler knows', async () => {
    expect(await world.overdue.fire()).toBe(0);
    expect(await world.overdue.untilNext()).toBe((MINUTES_TO_REPORT - 3) * 60_000);
    world.passMinutes(MINUTES_TO_REPORT - 3);
    expect(await world.overdue.fire()).toBe(1);
    expect(await world.overdue.untilNext()).toBe(60_000);
    world.passMinutes(10);
    expect(await world.overdue.fire()).toBe(2);
    expect(await statuses(executions)).toEqual(['failed', 'failed', 'failed']);
    expect(await world.overdue.untilNext()).toBeUndefined();
  });

  test('an execution that cannot be failed does not delay others, is retried at growing intervals, and fails in the end', async () => {
    const [broken] = executions as [number];
    const { prisma } = world.database;
    await prisma.$executeRawUnsafe(`
    CREATE FUNCTION refuse_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.id = ${broken} THEN RAISE 'no room left'; END IF;
      RETURN NEW; END $$`);
    await prisma.$executeRawUnsafe(
      'CREATE TRIGGER refuse_end BEFORE UPDATE ON activity FOR EACH ROW EXECUTE FUNCTION refuse_end()',
    );
    let elapsed = 0;
    const faults: string[] = [];
    const tick = createTick({
      work: overdueExecutions(world.services.executions),
      concurrency: 1,
      elapsed: () => elapsed,
      report: (fault, { id }) => faults.push(`${id}: ${/no room left/.exec(String(fault))}`),
    });
    world.passMinutes(20);
    expect(await tick.fire()).toBe(2);
    expect(await statuses(executions)).toEqual(['delivered', 'failed', 'failed']);

    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const wait = await tick.untilNext();
      waits.push(wait);
      elapsed += wait!;
      expect(await tick.fire()).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
    expect(faults).toEqual(Array(9).fill(`${broken}: no room left`));

    await prisma.$executeRawUnsafe('DROP FUNCTION refuse_end CASCADE');
    elapsed += 60_000;
    expect(await tick.fire()).toBe(1);
    expect(await statuses(executions)).toEqual(['failed', 'failed', 'failed']);
  });
}
