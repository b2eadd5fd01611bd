import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Chance, seeded } from '../../tools/seeded.ts';
import { databaseUrl, onServer } from '../support/server.ts';
import { type AgentFindings, agentFindings, type Restored } from './agent-findings.ts';
import { AgentFleet, type FleetAgent } from './agent-fleet.ts';
import { chaosReplica } from './chaos-run.ts';
import { Client } from './client.ts';
import { DRIVER, moveClock } from './disturbances.ts';
import { holdsWithin, Load } from './load.ts';
import { ReplicaKiller } from './replica-killer.ts';
import { token } from './server.ts';
import { ACCOUNT, EMAIL, makeWorld } from './world.ts';

const KEY = 'open sesame';
/** Proportion of lost requests, and of lost answers. */
const LOST = 0.15;
/** Proportion of agents that register after the backup, so the restored database does not know them. */
const LATE = 0.1;
const WORKERS = 8;
const LAST_RUN_WITHIN_MS = 60_000;
const DAY_MINUTES = 1440;

export interface AgentsChaosOptions {
  /** A migrated, empty PostgreSQL database. */
  readonly url: string;
  readonly seed: number;
  readonly agents: number;
  /** Minimum 2, because one serves while another is killed. */
  readonly replicas: number;
  readonly milliseconds: number;
  progress?(line: string): void;
}

export interface AgentsChaosOutcome extends AgentFindings {
  readonly kills: number;
  readonly runs: number;
  readonly exchanges: number;
  readonly lostRequests: number;
  readonly lostAnswers: number;
}

/** Counts that must be above 0. Otherwise the run proves nothing. */
const proofs = [
  'kills',
  'lostRequests',
  'lostAnswers',
  'reported',
  'gone',
  'forgotten',
  'inDoubt',
  'afterRestore',
] as const;

/**
 * Lets agents of the message system run scripts while servers are killed and messages are lost. Halfway, all servers are
 * killed and a backup is restored, so the agents are ahead of the database. At the end, checks the result of each script.
 */
export async function runAgentsChaos(options: AgentsChaosOptions): Promise<AgentsChaosOutcome> {
  const { url, seed, milliseconds, progress = () => {} } = options;
  if (options.replicas < 2) throw new Error('Chaos needs at least 2 replicas.');
  const chances = Array.from({ length: 5 }, (_, n) => seeded(seed * 10 + n + 1));
  const [worldChance, killChance, runChance, fleetChance, clientChance] = chances as [
    Chance,
    Chance,
    Chance,
    Chance,
    Chance,
  ];
  const folder = await mkdtemp(join(tmpdir(), 'gateway-chaos-'));
  const replicas = Array.from({ length: options.replicas }, () => chaosReplica(url));
  const killer = new ReplicaKiller(replicas, killChance);
  const urls = () => killer.serving.map((replica) => replica.url);
  let driver = openDriver(url);
  const faults: string[] = [];
  try {
    const world = await makeWorld(url, driver, worldChance, 0);
    await killer.startAll();
    const client = new Client(urls, clientChance);
    const person = token(ACCOUNT, EMAIL);
    const account = { accountName: ACCOUNT, registrationKey: KEY, accessGroup: 'fleet' };
    const fleet = new AgentFleet({ urls, chance: fleetChance, ...account });
    const preferences = { registrationKey: KEY, autoRegisterNewComputers: true };
    await client.mutate(person, 'updatePreferences', preferences);
    await client.mutate(person, 'updateLimits', { maxNumComputers: 10_000 });
    const { rows } = await driver.query(`SELECT id::int FROM script WHERE title = 'Of fleet'`);
    const profile = {
      ...{ title: 'Of agents', scriptId: rows[0].id, username: 'root', timeLimit: 60, allComputers: true },
      trigger: { oneTime: { timestamp: '2099-01-01T00:00:00Z' } },
    };
    const created = await client.mutate(
      person,
      'createScriptProfile',
      profile,
      'scriptProfile { databaseId }',
    );
    const runs: number[] = [];
    /** Secure ids of the computers that were stored only in the lost part of the database. */
    const gone = new Set<string | undefined>();
    const run = async (agents: readonly FleetAgent[]) => {
      const computerIds = agents.flatMap(({ computerId, secureId }) =>
        computerId === undefined || gone.has(secureId) ? [] : computerId,
      );
      if (computerIds.length === 0) return;
      const idempotencyKey = `run ${crypto.randomUUID()}`;
      const input = { id: created.scriptProfile.databaseId, computerIds, idempotencyKey };
      const { activity } = await client.mutate(person, 'runScriptProfile', input, 'activity { databaseId }');
      runs.push(activity.databaseId);
    };
    const late = Math.ceil(options.agents * LATE);
    const register = async (number: number) => {
      for (let n = 0; n < number; n += 1) await fleet.register();
    };
    await register(options.agents - late);
    progress(`${fleet.agents.length} agents are registered at ${replicas.length} servers`);

    fleet.losses = LOST;
    const someAgents = () => {
      const share = runChance();
      return fleet.agents.filter(() => runChance() < share);
    };
    const kills = () =>
      new Load({ acts: [{ act: () => killer.kill() }], chance: killChance, restMs: [500, 4000] });
    const loads = [
      new Load({
        acts: [{ act: () => fleet.turn() }],
        chance: fleetChance,
        restMs: [0, 20],
        workers: WORKERS,
      }),
      new Load({ acts: [{ act: () => run(someAgents()) }], chance: runChance, restMs: [100, 1000] }),
    ];
    let killing = kills();
    for (const load of [...loads, killing]) load.start();
    const goOn = async (what: string) => {
      await pause(milliseconds / 3);
      const { exchanges } = fleet.counts;
      progress(`${what}: ${killer.kills} kills, ${runs.length} runs, ${exchanges} exchanges`);
    };

    await goOn('before the backup');
    // Creates a waiting execution for each agent in the backup.
    await run(fleet.agents);
    const file = join(folder, 'backup');
    await execute('pg_dump', ['--format=custom', '--file', file, url]);
    await register(late);
    await goOn('after the backup');
    await killing.stop();
    await killer.killAll();
    const acknowledged = new Set(fleet.agents.flatMap((agent) => [...agent.acknowledged]));
    for (const { secureId } of fleet.agents.slice(-late)) gone.add(secureId);
    await driver.end();
    await restore(url, file);
    driver = openDriver(url);
    const restored: Restored = { ...(await markOf(driver)), acknowledged };
    await killer.startAll();
    progress(`a backup is restored, with executions up to ${restored.last}`);
    killing = kills();
    killing.start();
    await goOn('after the restore');
    await Promise.all([...loads, killing].map((load) => load.stop()));
    faults.push(...[...loads, killing].flatMap((load) => load.faults));

    await killer.startAll();
    for (const { computerId } of await fleet.finish())
      faults.push(`Agent ${computerId} still has messages to exchange`);
    // Executions that agents will never report fail as overdue, so other scripts can be delivered.
    await moveClock(driver, DAY_MINUTES);
    const count = async (condition: string) => {
      const counting = `SELECT count(*)::int AS number FROM activity WHERE computer_id IS NOT NULL AND ${condition}`;
      return (await driver.query(counting)).rows[0].number;
    };
    const givenUp = async () => (await count('overdue_at IS NOT NULL')) === 0;
    if (!(await holdsWithin(LAST_RUN_WITHIN_MS, givenUp))) faults.push('Overdue executions stay open');
    // Only pings tell the agents that executions wait.
    await run(fleet.agents);
    const allOver = async () => {
      await fleet.finish();
      return (await count('completion_time IS NULL')) === 0;
    };
    if (!(await holdsWithin(LAST_RUN_WITHIN_MS, allOver))) faults.push('Executions stay open');
    const lasts = await count(`parent_id = ${runs.at(-1)}`);
    if (lasts !== options.agents) faults.push(`The last run reached ${lasts} agents`);
    for (const replica of replicas) {
      if ((await replica.stop()) === undefined) faults.push('A replica did not stop cleanly');
      faults.push(...replica.complaints);
    }
    const found = await agentFindings(driver, {
      agents: fleet.agents,
      runs,
      restored,
      accountId: world.accountId,
    });
    const outcome = { ...found, ...fleet.counts, kills: killer.kills, runs: runs.length };
    for (const what of proofs) if (outcome[what] === 0) faults.push(`There were no ${what}`);
    return { ...outcome, faults: [...faults, ...found.faults] };
  } finally {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await driver.end().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

const execute = promisify(execFile);

function openDriver(url: string): pg.Pool {
  const driver = new pg.Pool({ connectionString: url, application_name: DRIVER, max: 3 });
  driver.on('error', () => {});
  return driver;
}

/** Restores the backup as docs/operating.md describes. */
async function restore(url: string, file: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onServer(databaseUrl(url, 'postgres'), async (client) => {
    await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${name}"`);
  });
  await execute('pg_restore', ['--exit-on-error', '--dbname', url, file]);
  await onServer(url, (client) => client.query('SELECT mark_restored()'));
}

/** Returns the last number in the backup, and the last number that the lost part may have used. */
async function markOf(driver: pg.Pool): Promise<{ last: number; lost: number }> {
  const { rows } = await driver.query(
    'SELECT max(id)::float8 AS last, (SELECT last_value::float8 FROM activity_id_seq) AS lost FROM activity',
  );
  return rows[0];
}
