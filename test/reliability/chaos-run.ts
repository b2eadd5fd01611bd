import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { between, type Chance, seeded } from '../../tools/seeded.ts';
import { Client } from './client.ts';
import { cutConnections, DRIVER, drained, dueCount, moveClock, overdueCount } from './disturbances.ts';
import { type Findings, findings } from './findings.ts';
import { Fleet } from './fleet.ts';
import { holdsWithin, Load, oneAtATime } from './load.ts';
import { Operator } from './operator.ts';
import { ReplicaKiller } from './replica-killer.ts';
import { gateway, type Server, token, WARNING } from './server.ts';
import { ACCOUNT, EMAIL, makeWorld } from './world.ts';

/** Long enough for the replicas to be restarted on a busy machine. */
const PLANNED_WITHIN_MS = 180_000;
const STEP_DRAINS_WITHIN_MS = 3_000;
/** Number of first steps of the clock without edits. They are long, so that most profiles fire. In minutes. */
const CALM_STEPS = 2;
const CALM: readonly [number, number] = [120, 300];
const STEP: readonly [number, number] = [1, 300];
const SET_BACK: readonly [number, number] = [30, 120];
/** Log entries of a process whose connections were cut, and of the work that it postpones. All others are faults. */
const CONNECTION_LOST =
  /"code":"UNAVAILABLE"|terminating connection|connection terminated|server has closed the connection|ConnectionClosed|ECONNRESET|EPIPE|connection(?: that listens on \S+)? was lost|Listening on .* (?:failed|again)|database is reachable again|57P01|Client has encountered a connection error|not queryable/i;

export interface ChaosOptions {
  /** A migrated, empty PostgreSQL database. */
  readonly url: string;
  readonly seed: number;
  readonly profiles: number;
  /** At least two, because one serves while another is killed. */
  readonly replicas: number;
  /** Minimum number of steps of the clock. More follow until the time is over. */
  readonly steps: number;
  readonly milliseconds?: number;
  progress?(line: string): void;
}

export interface ChaosOutcome extends Findings {
  readonly kills: number;
  readonly cuts: number;
  readonly acts: number;
  /** Number of times that the clock was set back. */
  readonly setBacks: number;
  /** Executions that computers ran. */
  readonly executed: number;
  /** Log entries that a lost connection explains. */
  readonly losses: number;
}

/**
 * Without any of these, a run would prove nothing. The plan of the first steps ensures that they happen with any seed.
 */
const proofs = ['slots', 'runs', 'kills', 'cuts', 'setBacks', 'reports', 'overdue', 'overlaps'] as const;

/** A server that shares the clock of the database with the others. */
export const chaosReplica = (url: string): Server =>
  gateway(
    { DATABASE_URL: url, ACTIVITY_RETENTION_DAYS: '0' },
    {
      command: [process.execPath, '--import', 'tsx', 'test/reliability/replica.ts'],
      complainsFrom: WARNING,
      explained: CONNECTION_LOST,
    },
  );

/** Lets several servers fire while they are killed, cut off and edited behind; then judges what they did. */
export async function runChaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const { url, seed, steps, milliseconds = 0, progress = () => {} } = options;
  if (options.replicas < 2) throw new Error('Chaos needs at least 2 replicas.');
  // A separate series of random choices for each purpose, so that one does not shift the others.
  const chances = Array.from({ length: 7 }, (_, n) => seeded(seed * 10 + n + 1));
  const [worldChance, stepChance, killChance, cutChance, operatorChance, fleetChance, clientChance] =
    chances as [Chance, Chance, Chance, Chance, Chance, Chance, Chance];
  const driver = new pg.Pool({ connectionString: url, application_name: DRIVER, max: 3 });
  const replicas = Array.from({ length: options.replicas }, () => chaosReplica(url));
  const killer = new ReplicaKiller(replicas, killChance);
  const counts = { cuts: 0 };
  const faults: string[] = [];
  try {
    const world = await makeWorld(url, driver, worldChance, options.profiles);
    progress(`${world.profiles.length} profiles are made; starting ${replicas.length} servers`);
    await killer.startAll();

    const client = new Client(() => killer.serving.map((replica) => replica.url), clientChance);
    const fleet = new Fleet(world.tokens, client, fleetChance);
    const person = token(ACCOUNT, EMAIL);
    const operator = new Operator(world, client, fleet, person, driver, operatorChance);
    const whileTimeStands = oneAtATime();
    const move = (minutes: number) => whileTimeStands(() => moveClock(driver, minutes));
    /**
     * No edit runs in the meantime, because its expected effect would depend on entries that the ledger already has.
     */
    const setBack = () =>
      whileTimeStands(async () => {
        const minutes = between(stepChance, ...SET_BACK);
        const from = await moveClock(driver, -minutes);
        await pause(between(stepChance, 100, 600));
        const until = await moveClock(driver, minutes);
        world.relived.push({ from, until });
      });
    const cut = async (share: number) => {
      counts.cuts += await cutConnections(driver, () => cutChance() < share);
    };
    const acts = operator.all.map((each) => ({ ...each, act: () => whileTimeStands(each.act) }));
    const edits = new Load({ acts, chance: operatorChance, restMs: [20, 200] });
    const others = [
      new Load({ acts: [{ act: () => killer.kill() }], chance: killChance, restMs: [500, 4000] }),
      new Load({ acts: [{ act: () => cut(0.3) }], chance: cutChance, restMs: [100, 2000] }),
      new Load({ acts: [{ act: () => fleet.turn() }], chance: fleetChance, restMs: [10, 100] }),
    ];
    const loads = [edits, ...others];
    for (const load of others) load.start();

    const planned = async (what: string, holds: () => boolean | Promise<boolean>) => {
      if (!(await holdsWithin(PLANNED_WITHIN_MS, holds))) faults.push(`${what}: not within the time`);
    };
    const plan = [
      () => fleet.takeAndReport(),
      () => planned('An execution is overdue', async () => (await overdueCount(driver)) > 0),
      () => planned('A server is killed', () => killer.kill().then(() => killer.kills > 0)),
      () => cut(1),
      setBack,
    ];
    const begun = performance.now();
    const goesOn = (step: number) =>
      (step <= Math.max(steps, plan.length) || performance.now() - begun < milliseconds) &&
      loads.every((load) => load.faults.length === 0);
    for (let step = 1; goesOn(step); step += 1) {
      await move(between(stepChance, ...(step <= CALM_STEPS ? CALM : STEP)));
      if (step <= plan.length) {
        await planned('All due profiles are fired', () => drained(driver, STEP_DRAINS_WITHIN_MS));
        await plan[step - 1]!();
      } else if (stepChance() < 0.6) await drained(driver, STEP_DRAINS_WITHIN_MS);
      else await pause(between(stepChance, 50, 600));
      if (step === CALM_STEPS) edits.start();
      if (stepChance() < 0.3) await setBack();
      const due = await dueCount(driver);
      progress(`step ${step}, ${due} due, ${killer.kills} kills, ${counts.cuts} cuts, ${operator.acts} acts`);
    }
    await Promise.all(loads.map((load) => load.stop()));
    faults.push(...loads.flatMap((load) => load.faults));

    await killer.startAll();
    await planned('All that is left is fired', () => drained(driver, STEP_DRAINS_WITHIN_MS));
    progress('all is fired; reporting the rest, archiving the profiles, and stopping the servers');
    await fleet.finish();
    for (const profile of world.profiles) if (!profile.archivedAt) await operator.archive(profile);
    for (const replica of replicas) {
      if ((await replica.stop()) === undefined) faults.push('A replica did not stop cleanly');
      faults.push(...replica.complaints);
    }
    const found = await findings(driver, world, fleet);
    const losses = replicas.reduce((sum, replica) => sum + replica.explained, 0);
    const done = { acts: operator.acts, setBacks: world.relived.length, executed: fleet.ran.size };
    const outcome = { ...found, ...counts, ...done, kills: killer.kills, losses };
    for (const what of proofs) if (outcome[what] === 0) faults.push(`There were no ${what}`);
    return { ...outcome, faults: [...faults, ...found.faults] };
  } finally {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await driver.end();
  }
}
