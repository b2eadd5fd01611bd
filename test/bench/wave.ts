/** A sleeping fleet wakes within a minute after a run is created. Each agent gets its script, runs it and reports. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { insecureIdOf } from '../../src/domain/computers/agent.ts';
import { computerToken } from '../../src/services/computers/computer-token.ts';
import { hashOf } from '../../src/services/secrets.ts';
import { SimulatedAgent, type Transport } from '../../tools/simulated-agent.ts';
import type { Server } from '../reliability/server.ts';
import { addProfiles, type BenchWorld, fill, newDatabase, open } from './bench-world.ts';
import type { Row } from './report.ts';
import { serveGateway } from './servers.ts';

const AGENTS = 5000;
const WAKE_WITHIN_MS = 60_000;
/** Delay of an exchange after a ping or a result, as a fraction of the wave's duration. */
const EXCHANGE_DELAY = 1 / 6;
const CONCURRENCY = 20;
/** A published change reaches the other replicas after a short delay. */
const PING_AGAIN_MS = 100;
/** Unit of `utime` and `stime` in /proc. */
const TICKS_PER_SECOND = 100;

export interface WaveOptions {
  readonly agents: number;
  readonly replicas: number;
  readonly milliseconds: number;
  progress?(text: string): void;
}

export interface WaveOutcome {
  readonly delivered: number;
  readonly reported: number;
  readonly exchanges: number;
  /** Duration of an exchange, in milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** CPU seconds of all replicas together. */
  readonly gatewayCpu: number;
  /** CPU seconds of the database's sessions. */
  readonly databaseCpu: number;
  /** Time from the creation of the run to the last result. */
  readonly seconds: number;
}

/** @throws Error unless each script was delivered once and reported once */
export async function wave({
  agents: number,
  replicas,
  milliseconds,
  progress = () => {},
}: WaveOptions): Promise<WaveOutcome> {
  const url = await newDatabase();
  const world = await open(url);
  const servers: Server[] = [];
  try {
    await fill(world, number);
    for (let n = 0; n < replicas; n += 1) servers.push(await serveGateway(url));
    const latencies: number[] = [];
    const agents = await agentsOf(world, servers, latencies);
    progress(`${number} agents exchange their first messages`);
    // In two exchanges, the client learns the accepted message types and confirms them.
    for (let n = 0; n < 2; n += 1) await forEachConcurrently(agents, (agent) => agent.exchange());
    await addProfiles(world, { number: 1, nextRun: '0 hours' });
    latencies.length = 0;

    progress(`${number} agents wake`);
    const before = await cpuOf(world, servers);
    const begun = performance.now();
    const [due] = await world.services.runs.due(1, []);
    await world.services.runs.fireDue(due!);
    await Promise.all(
      agents.map(async (agent, index) => {
        await pause((milliseconds * index) / number);
        while (!(await agent.ping())) await pause(PING_AGAIN_MS);
        await pause(milliseconds * EXCHANGE_DELAY);
        await agent.exchange();
        await pause(milliseconds * EXCHANGE_DELAY);
        await agent.exchange();
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const after = await cpuOf(world, servers);

    const starts = agents.flatMap(({ started }) => [...started.values()]);
    if (starts.length !== number || starts.some((times) => times !== 1))
      throw new Error(
        `${starts.length} scripts were started instead of ${number}, or some were started more than once.`,
      );
    const { rows } = await world.bare.query(
      `SELECT count(*)::int AS reported FROM activity WHERE parent_id IS NOT NULL AND status = 'succeeded' AND reported_at IS NOT NULL`,
    );
    const [{ reported }] = rows;
    if (reported !== number) throw new Error(`${reported} of ${number} scripts were reported.`);
    const sorted = latencies.sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
    return {
      delivered: starts.length,
      reported,
      exchanges: latencies.length,
      median: at(0.5),
      p99: at(0.99),
      gatewayCpu: after.gateway - before.gateway,
      databaseCpu: after.database - before.database,
      seconds,
    };
  } finally {
    await Promise.all(servers.map((server) => server.kill()));
    await world.close();
  }
}

/** Returns a client for each computer, spread over the servers. */
async function agentsOf(
  { bare }: BenchWorld,
  servers: readonly Server[],
  latencies: number[],
): Promise<SimulatedAgent[]> {
  const { rows } = await bare.query<{ id: number }>('SELECT id::int FROM computer ORDER BY id');
  const ids = rows.map(({ id }) => id);
  const secureIds = ids.map((id) => computerToken(1, `wave-${id}`));
  await bare.query(
    `UPDATE computer m SET token_hash = t.hash FROM unnest($1::bigint[], $2::text[]) AS t(id, hash)
     WHERE m.account_id = 1 AND m.id = t.id`,
    [ids, secureIds.map(hashOf)],
  );
  await bare.query('ANALYZE');
  let requests = 0;
  const send: Transport = async ({ path, headers, body }) => {
    const { url } = servers[requests++ % servers.length]!;
    const begun = performance.now();
    const answer = await fetch(url + path, { method: 'POST', headers, body: Buffer.from(body) });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (path === '/message-system') latencies.push(performance.now() - begun);
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}.`);
    return { status: answer.status, body: bytes };
  };
  return ids.map((id, index) => {
    const agent = new SimulatedAgent({ send, accountName: '', registrationKey: '', title: '' });
    agent.secureId = secureIds[index];
    agent.insecureId = String(insecureIdOf(1, id));
    return agent;
  });
}

async function forEachConcurrently<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** CPU seconds used so far. */
async function cpuOf({ bare }: BenchWorld, servers: readonly Server[]) {
  const { rows } = await bare.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`,
  );
  return {
    gateway: await cpuSeconds(servers.map(({ process }) => process.pid)),
    database: await cpuSeconds(rows.map(({ pid }) => pid)),
  };
}

async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

export async function waveRows(progress: (text: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const replicas of [1, 2]) {
    const done = await wave({ agents: AGENTS, replicas, milliseconds: WAKE_WITHIN_MS, progress });
    const row = (what: string, value: number, unit: string) =>
      rows.push({
        what: `${replicas} replica${replicas > 1 ? 's' : ''}: ${what}`,
        figure: { median: value, low: value, high: value },
        unit,
      });
    row('scripts delivered and reported, each once', done.reported, '');
    row('an exchange, median', done.median, 'ms');
    row('an exchange, 99th percentile', done.p99, 'ms');
    row('CPU of the gateway', done.gatewayCpu, 's');
    row('CPU of the database', done.databaseCpu, 's');
    row('from the firing to the last result', done.seconds, 's');
  }
  return rows;
}
