import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { between, type Chance, oneOf, seeded } from '../../src/commands/seeded.ts';
import type { Instant } from '../../src/domain/time.ts';
import { signToken } from '../../src/http/tokens.ts';
import { CLOCK_CHANNEL } from '../../src/persistence/runs.ts';
import { ensureBuilt } from '../support/build.ts';
import { Caller } from './caller.ts';
import { type Findings, findings } from './findings.ts';
import { Fleet } from './fleet.ts';
import { Operator } from './operator.ts';
import { Replica } from './replica.ts';
import { ACCOUNT, EMAIL, makeWorld } from './world.ts';

const SECRET = 'a secret of the chaos run, thirty-two bytes or more';
const DRIVER = 'chaos-driver';
/** All replicas look on each second while the rest is fired. */
const DRAINED_WITHIN = 90_000;
const STEP_DRAINS_WITHIN = 3_000;

export interface ChaosOptions {
  /** A migrated, empty PostgreSQL database. */
  readonly url: string;
  readonly seed: number;
  readonly profiles: number;
  readonly replicas: number;
  /** Steps of the clock: at least so many, and then on until the time is over. */
  readonly steps: number;
  readonly milliseconds?: number;
  progress?(line: string): void;
}

export interface ChaosOutcome extends Findings {
  readonly kills: number;
  readonly cuts: number;
  readonly acts: number;
  /** How often the clock was set back. */
  readonly setBacks: number;
  /** Executions that computers ran. */
  readonly executed: number;
  /** Faults that a lost connection explains. */
  readonly losses: number;
}

/** Lets a fleet of servers fire while they are killed, cut off and edited behind; then judges what they did. */
export async function chaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const { url, seed, steps, milliseconds = 0, progress = () => {} } = options;
  // One series of choices each: what one does must not shift what the others choose.
  const chances = Array.from({ length: 7 }, (_, n) => seeded(seed * 10 + n + 1));
  const [worldChance, stepChance, killChance, cutChance, operatorChance, fleetChance, callerChance] =
    chances as [Chance, Chance, Chance, Chance, Chance, Chance, Chance];
  const driver = new pg.Pool({ connectionString: url, application_name: DRIVER, max: 3 });
  const replicas = Array.from({ length: options.replicas }, () => new Replica(url, SECRET));
  const counts = { kills: 0, cuts: 0 };
  const starts: Promise<void>[] = [];
  try {
    await ensureBuilt();
    const world = await makeWorld(url, driver, worldChance, options.profiles);
    progress(`${world.profiles.length} profiles are made; starting ${replicas.length} servers`);
    await Promise.all(replicas.map((replica) => replica.start()));

    const token = signToken({ account: ACCOUNT, email: EMAIL }, { secret: SECRET, minutes: 600 });
    const caller = new Caller(replicas, callerChance);
    const fleet = new Fleet(world.tokens, caller, fleetChance);
    const operator = new Operator(world, caller, fleet, token, driver, operatorChance);
    const whileTimeStands = oneAtATime();
    let over = false;
    const loop = async (turn: () => Promise<void>) => {
      while (!over) await turn();
    };
    const move = (minutes: number) => whileTimeStands(() => moveClock(driver, minutes));
    /** Nobody edits meanwhile: what is expected of an edit then depends on what was in the ledger already. */
    const setBack = (minutes: number) =>
      whileTimeStands(async () => {
        const from = await moveClock(driver, -minutes);
        await pause(between(stepChance, 100, 600));
        const until = await moveClock(driver, minutes);
        world.relived.push({ from, until });
      });
    const disturbances = [
      loop(async () => {
        await pause(between(killChance, 500, 4000));
        const replica = oneOf(killChance, replicas);
        // One that starts is killed as well. But some other goes on serving, or on a busy machine none would.
        const serves = replicas.some((other) => other !== replica && other.url !== undefined);
        if (over || !replica.isUp || !serves) return;
        counts.kills += 1;
        await replica.kill();
        starts.push(replica.start());
      }),
      loop(async () => {
        await pause(between(cutChance, 100, 2000));
        if (!over) counts.cuts += await cutConnections(driver, cutChance);
      }),
      loop(async () => {
        await pause(between(operatorChance, 20, 200));
        if (!over) await whileTimeStands(() => operator.actOnce());
      }),
      loop(async () => {
        await pause(between(fleetChance, 10, 100));
        if (!over) await fleet.turn();
      }),
    ].map((disturbance) => disturbance.finally(() => (over = true)));
    const begun = performance.now();
    const drive = async () => {
      const isLong = (step: number) => step > steps && performance.now() - begun >= milliseconds;
      for (let step = 1; !over && !isLong(step); step += 1) {
        await move(between(stepChance, 1, 300));
        if (stepChance() < 0.6) await drained(driver, STEP_DRAINS_WITHIN);
        else await pause(between(stepChance, 50, 600));
        if (stepChance() < 0.3) await setBack(between(stepChance, 1, 120));
        const { kills, cuts } = counts;
        progress(
          `step ${step}, ${await dueCount(driver)} due, ${kills} kills, ${cuts} cuts, ${operator.acts} acts`,
        );
      }
      over = true;
    };
    const ends = await Promise.allSettled([drive().finally(() => (over = true)), ...disturbances]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;

    await Promise.all(starts);
    for (const replica of replicas) if (!replica.isUp) await replica.start();
    const faults: string[] = [];
    if (!(await drained(driver, DRAINED_WITHIN)))
      faults.push(`${await dueCount(driver)} profiles stayed due`);
    progress('all is fired; reporting the rest, archiving the profiles, and stopping the servers');
    await fleet.finish();
    for (const profile of world.profiles) if (!profile.archivedAt) await operator.archive(profile);
    for (const replica of replicas) {
      if (!(await replica.stop())) faults.push('A replica did not stop cleanly');
      faults.push(...replica.faults);
    }
    const found = await findings(driver, world, fleet);
    const losses = replicas.reduce((sum, replica) => sum + replica.losses, 0);
    const done = { acts: operator.acts, setBacks: world.relived.length, executed: fleet.ran.size };
    return { ...found, ...counts, ...done, losses, faults: [...faults, ...found.faults] };
  } finally {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await driver.end();
  }
}

/** Moves the time of all replicas, and answers with what it is then. */
async function moveClock(driver: pg.Pool, minutes: number): Promise<Instant> {
  const { rows } = await driver.query(
    `UPDATE chaos_clock SET "offset" = "offset" + $1 * interval '1 minute'
     RETURNING to_char((clock_timestamp() + "offset") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
    [minutes],
  );
  await driver.query(`NOTIFY ${CLOCK_CHANNEL}`);
  return rows[0].now;
}

/** Cuts some of the servers' connections, those that listen included. */
async function cutConnections(driver: pg.Pool, chance: Chance): Promise<number> {
  const { rows } = await driver.query(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name <> $1 AND backend_type = 'client backend' ORDER BY pid`,
    [DRIVER],
  );
  const chosen = rows.filter(() => chance() < 0.3).map(({ pid }) => pid);
  await driver.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [chosen]);
  return chosen.length;
}

async function dueCount(driver: pg.Pool): Promise<number> {
  const { rows } = await driver.query(
    'SELECT count(*)::int AS due FROM script_profile, chaos_clock WHERE next_run <= clock_timestamp() + "offset"',
  );
  return rows[0].due;
}

/** Waits until nothing is due; false when it took too long. */
async function drained(driver: pg.Pool, within: number): Promise<boolean> {
  const end = performance.now() + within;
  for (let looks = 0; performance.now() < end; looks += 1) {
    if ((await dueCount(driver)) === 0) return true;
    // A notification that went to a cut connection is lost.
    if (looks % 10 === 9) await driver.query(`NOTIFY ${CLOCK_CHANNEL}`);
    await pause(100);
  }
  return false;
}

/** Runs one work after the other. */
function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
