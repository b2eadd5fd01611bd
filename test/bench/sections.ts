import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { token as tokenOf } from '../reliability/server.ts';
import { root } from '../support/build.ts';
import { agentRows } from './agents.ts';
import { newDatabase, summary } from './bench-world.ts';
import { clock } from './clock.ts';
import { ACCOUNT, type DataSet, EMAIL, loadDataSet } from './data-set.ts';
import { garbage } from './garbage.ts';
import type { Request } from './load.ts';
import { inTurns, LONG, rateOf } from './measure.ts';
import { against, type Figure, type Row } from './report.ts';
import * as requests from './requests.ts';
import { ask, sameAnswers } from './same-answer.ts';
import { serveGateway, serveScript } from './servers.ts';
import { subscribers } from './subscribers.ts';
import { waveRows } from './wave.ts';

type Section = (progress: (text: string) => void) => Promise<readonly Row[]>;

const token = tokenOf(ACCOUNT, EMAIL);
const base: DataSet = { accounts: 1, profiles: 2000, computers: 1000, activities: 20_000 };

async function database(set: DataSet, template?: string): Promise<string> {
  const url = await newDatabase(template);
  if (template) return url;
  const bare = new pg.Client({ connectionString: url });
  await bare.connect();
  await loadDataSet(bare, set);
  await bare.end();
  return url;
}

/** The list of script profiles, with trigger, count and last run: the first page of every dashboard. */
const lists: Section = async (progress) => {
  progress('installing the peers');
  await installPeers();
  progress('loading');
  const url = await database(base);
  const [ours, limit, plain, mercurius, yoga, postgraphile] = await Promise.all([
    serveGateway(url),
    ...['limit', 'peers/plain', 'peers/mercurius', 'peers/yoga', 'peers/postgraphile/serve'].map((name) =>
      serveScript(`${name}.ts`, url),
    ),
  ]);
  const gateway = { url: ours.url, token };
  const memoryAtRest = await ours.process.memory();
  const rows: Row[] = [];
  for (const first of [100, 1000]) {
    const contenders = {
      gateway: requests.list(gateway, first),
      limit: requests.bareList(limit!, first),
      plain: requests.list(plain!, first),
      Mercurius: requests.list(mercurius!, first),
      Yoga: requests.list(yoga!, first),
      PostGraphile: requests.postgraphileList(postgraphile!, first),
    };
    await sameAnswers(contenders);
    const pace = first > 100 ? LONG : undefined;
    const what = `GraphQL list of ${first}`;
    // These two run alone, because requests that a slow peer has not finished would slow down the next contender.
    const { gateway: byItself, limit: most } = await inTurns(
      { gateway: contenders.gateway, limit: contenders.limit },
      progress,
      pace,
    );
    rows.push({ what: `${what}: gateway`, figure: byItself }, { what: `${what}: limit`, figure: most });
    rows.push(against(`${what}, against the limit`, byItself, most, { atLeast: 0.5 }));
    const { limit: _, ...others } = contenders;
    const rates = await inTurns(others, progress, pace);
    for (const [name, figure] of Object.entries(rates))
      rows.push({ what: `${what}, beside the peers: ${name}`, figure });
    for (const name of ['Mercurius', 'Yoga', 'PostGraphile'] as const)
      rows.push(against(`${what}, against ${name}`, rates.gateway, rates[name], { atLeast: 5 }));
    rows.push(against(`${what}, against plain`, rates.gateway, rates.plain, { atLeast: 5 }));
  }
  for (const limited of [100, 1000]) {
    const path = `/script-profiles?limit=${limited}`;
    const contenders = { gateway: requests.rest(gateway, path), limit: requests.rest(limit!, path) };
    await sameAnswers(contenders);
    const rates = await inTurns(contenders, progress, limited > 100 ? LONG : undefined);
    const what = `REST list of ${limited}`;
    rows.push(
      { what: `${what}: gateway`, figure: rates.gateway },
      { what: `${what}: limit`, figure: rates.limit },
    );
    rows.push(against(`${what}, against the limit`, rates.gateway, rates.limit, { atLeast: 0.5 }));
  }
  rows.push({ what: 'memory at rest', figure: alone(memoryAtRest), unit: 'MiB' });
  rows.push({
    what: 'memory under the lists’ load',
    figure: alone(await ours.process.memory()),
    unit: 'MiB',
  });
  return rows;
};

/** Reads and writes one profile. */
const single: Section = async (progress) => {
  await installPeers();
  const url = await database(base);
  const gateway = { url: (await serveGateway(url)).url, token };
  const plain = await serveScript('peers/plain.ts', url);
  const rows: Row[] = [];
  const versus = async (what: string, contenders: { gateway: Request; plain: Request }, atLeast: number) => {
    const rates = await inTurns(contenders, (text) => progress(`${what}, ${text}`));
    rows.push(
      { what: `${what}: gateway`, figure: rates.gateway },
      { what: `${what}: plain`, figure: rates.plain },
    );
    rows.push(against(`${what}, against plain`, rates.gateway, rates.plain, { atLeast }));
  };
  const one = { gateway: requests.profile(gateway, 7), plain: requests.profile(plain, 7) };
  await sameAnswers(one);
  await versus('one profile', one, 1.8);
  const more = { allComputers: true, trigger: { event: { eventType: 'POST_ENROLLMENT' } } };
  await versus('create', { gateway: requests.create(gateway, more), plain: requests.create(plain, {}) }, 1);
  await versus('update', { gateway: requests.update(gateway, 7), plain: requests.update(plain, 7) }, 1);
  const dashboard = { gateway: requests.dashboard(gateway, 7) };
  rows.push({
    what: 'a dashboard’s page of one profile',
    figure: (await inTurns(dashboard, progress)).gateway,
  });
  return rows;
};

/** Measures whether requests stay fast with much data. */
const scale: Section = async (progress) => {
  progress('loading a million activities');
  // All profiles must have a run even with few activities. Otherwise the lists would differ in content.
  const profiles = 500;
  const [few, many, accounts] = await Promise.all(
    [
      { ...base, profiles, activities: 10_000 },
      { ...base, profiles, activities: 1_000_000 },
      { ...base, profiles, activities: 10_000, accounts: 1000 },
    ].map(async (set) => ({ url: (await serveGateway(await database(set))).url, token })),
  );
  const lists = await inTurns(
    {
      few: requests.list(few!, 100),
      many: requests.list(many!, 100),
      accounts: requests.list(accounts!, 100),
    },
    progress,
  );
  const far = await ask(
    requests.graphql(many!, '{ activities(first: 1, offset: 49949) { pageInfo { endCursor } } }'),
  );
  const pages = await inTurns(
    {
      first: requests.activities(many!, null),
      thousandth: requests.activities(many!, far.data.activities.pageInfo.endCursor),
    },
    progress,
  );
  return [
    { what: 'list of 100 with 10 thousand activities', figure: lists.few },
    { what: 'list of 100 with 1 million activities', figure: lists.many },
    against('  times as slow', lists.few, lists.many, { atMost: 1.2 }),
    { what: 'list of 100 with 1,000 accounts', figure: lists.accounts },
    against('  times as slow as with one', lists.few, lists.accounts, { atMost: 1.2 }),
    { what: 'activities, page 1', figure: pages.first },
    { what: 'activities, page 1,000', figure: pages.thousandth },
    against('  times as slow', pages.first, pages.thousandth, { atMost: 1.2 }),
  ];
};

/** Time from start to ready with an existing database, for PostgreSQL and the embedded database. */
const operation: Section = async (progress) => {
  const url = await database(base);
  const starts: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    progress(`start ${n + 1} of 5`);
    const server = await serveGateway(url);
    starts.push(server.readyAfter);
    await server.stop();
  }
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
  try {
    const embedded = await serveGateway(`pglite:${folder}/db`, { SEED: undefined });
    const request = requests.list({ url: embedded.url, token: tokenOf() }, 100);
    await rateOf({ ...request, connections: 8, seconds: 1 });
    return [
      { what: 'start to ready on an existing database', figure: summary(starts), unit: 'ms' },
      {
        what: 'the demonstration’s list on the embedded database',
        figure: (await inTurns({ embedded: request }, progress)).embedded,
      },
      {
        what: 'memory with the embedded database',
        figure: alone(await embedded.process.memory()),
        unit: 'MiB',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Measures subscribers of the same object, which share one lookup. */
const live: Section = async (progress) => {
  const gateway = { url: (await serveGateway(await database(base))).url, token };
  return subscribers(
    requests.follow(gateway, 7),
    (turn) => requests.update(gateway, 7, 300 + turn),
    progress,
  );
};

export const sections: Readonly<Record<string, Section>> = {
  'Lists, compared with the upper bound and the peers': lists,
  'Reading and writing one profile': single,
  'Large data': scale,
  'A thousand subscribers': live,
  Agents: async (progress) => agentRows(await database(base), progress),
  'A wave of 5,000 computers': waveRows,
  'The clock': clock,
  'In operation': operation,
  'Garbage collection': garbage,
};

const alone = (value: number): Figure => ({ median: value, low: value, high: value });

async function installPeers(): Promise<void> {
  for (const folder of ['test/bench/peers', 'test/bench/peers/postgraphile']) {
    const cwd = join(root, folder);
    if (existsSync(join(cwd, 'node_modules'))) continue;
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd });
  }
}
