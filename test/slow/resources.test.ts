import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectPostgresql, type Database } from '../../src/database/database.ts';
import { globalId } from '../../src/graphql/common/global-id.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { signToken } from '../../src/http/auth/tokens.ts';
import { AccessWorld } from '../graphql/access-world.ts';
import { anAccount } from '../support/rows.ts';
import { databaseUrl, machinePrefix, onServer, testServer } from '../support/server.ts';
import { endServers, type ServerProcess, startServer } from '../support/server-process.ts';
import { type Attack, attacksOn } from './attacks.ts';
import { COMPUTERS, firstIds, loadFleet, PROFILES, RUN } from './fleet-rows.ts';

// An account requests as much as the limits allow, twenty times at once. The process stays small, and other accounts are
// answered. `ATTACKS=<pattern>` runs only the attacks whose name matches the pattern.

const AT_ONCE = 20;
const HEAP_MIB = 512;
const MOST_MEMORY_MIB = 400;
const HEALTH_WITHIN_MS = 1000;
const LIST_WITHIN_MS = 2000;
/** Limit for all attacks together. */
const MAX_DURATION_MS = 900_000;
const SECRET = 'a secret of this test, thirty-two bytes or more';
const name = `${machinePrefix}${process.pid}_resources`;

let server: ServerProcess;
let database: Database;
let viewer: string;
let administrator: string;
let neighbour: string;

const tokenOf = (email: string, account: string) =>
  signToken({ email, account }, { secret: SECRET, minutes: 60 });

beforeAll(async () => {
  const url = databaseUrl(testServer(), name);
  await onServer(testServer(), (client) => client.query(`create database ${name}`));
  const environment = {
    ...{ DATABASE_URL: url, JWT_SECRET: SECRET, SEED: 'none', SCHEDULER: 'off', RATE_LIMIT: '0' },
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
  };
  // As an operator starts it, without npm's own process.
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  server = await startServer(environment, ['sh', '-c', scripts.serve]);
  database = connectPostgresql(url);
  const token = (email = '', account = '') => tokenOf(email, account);
  const world = await AccessWorld.in({ database, token } as never, 'attacker');
  await loadFleet(database.prisma, world.account);
  viewer = await world.person({
    groups: [world.account.root],
    permissions: ['ViewScript', 'ViewScriptProfile', 'ViewComputer'],
    accountPermissions: ['ViewEventLog', 'ViewRole'],
  } as never);
  administrator = world.admin;
  await anAccount(database.prisma, 'neighbour', 'nora@example.com');
  neighbour = tokenOf('nora@example.com', 'neighbour');
  await onServer(url, (client) => client.query('vacuum analyze'));
});

afterAll(async () => {
  await server?.end();
  await endServers();
  await database?.close();
  await onServer(testServer(), (client) => client.query(`drop database if exists ${name} with (force)`));
});

interface Finding {
  readonly name: string;
  readonly cost: number;
  readonly seconds: number;
  readonly answers: Readonly<Record<string, number>>;
  memory: number;
  health: number;
  list: number;
}

const post = (query: string, token: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });

/** Reads the answer without storing it. */
async function outcomeOf(answer: Response): Promise<string> {
  let beginning = '';
  let end = '';
  for await (const chunk of answer.body!) {
    if (beginning.length < 2000) beginning += Buffer.from(chunk).toString();
    end = Buffer.from(chunk.subarray(-2000)).toString();
  }
  const [, code] = /"code":"([A-Z_]+)"/.exec(beginning) ?? /"errors":.*"code":"([A-Z_]+)"/.exec(end) ?? [];
  return `${answer.status} ${code ?? 'OK'}`;
}

async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}

/** Checks the server repeatedly until the work is done. */
async function watching(work: Promise<unknown>, finding: Finding): Promise<void> {
  let over = false;
  const until = async (pause: number, look: () => Promise<void>) => {
    while (!over) {
      await look();
      await setTimeout(pause);
    }
  };
  const timed = async (ask: () => Promise<Response>) => {
    const begun = performance.now();
    const answer = await ask();
    expect(await outcomeOf(answer)).toBe('200 OK');
    return performance.now() - begun;
  };
  const looks = [
    until(50, async () => {
      finding.memory = Math.max(finding.memory, await residentMiB());
    }),
    until(50, async () => {
      finding.health = Math.max(finding.health, await timed(() => fetch(`${server.url}/healthz`)));
    }),
    until(50, async () => {
      const ask = () => post('{ scriptProfiles { totalCount nodes { title } } }', neighbour);
      finding.list = Math.max(finding.list, await timed(ask));
    }),
  ];
  await work;
  over = true;
  await Promise.all(looks);
}

async function attack({ name, document, cost }: Attack): Promise<Finding> {
  const begun = performance.now();
  // The weakest credentials that are accepted.
  const token = (await outcomeOf(await post(document, viewer))).endsWith('FORBIDDEN')
    ? administrator
    : viewer;
  const answers: Record<string, number> = {};
  const finding = { name, cost, seconds: 0, answers, memory: 0, health: 0, list: 0 };
  const one = async () => {
    const outcome = await outcomeOf(await post(document, token));
    answers[outcome] = (answers[outcome] ?? 0) + 1;
  };
  await watching(Promise.all(Array.from({ length: AT_ONCE }, one)), finding);
  return { ...finding, seconds: (performance.now() - begun) / 1000 };
}

/** Documents whose arguments cannot be derived from the schema. */
function dearest(): Attack[] {
  const tags = Array.from({ length: 250 }, (_, index) => `tag:tag${index}`);
  const ids = firstIds(1000);
  const some = Array.from({ length: 100 }, (_, index) => `tag${index}`);
  return attacksOn(createSchema(), {
    id: (type) =>
      type === 'Activity' ? String(RUN) : type === 'Node' ? globalId('ScriptProfile', 1000) : '1000',
    all: ids.map((_, index) => globalId('Activity', RUN + 1 + index)),
    filters: {
      computers: `{ query: ${JSON.stringify(tags.join(' OR '))} }`,
      activities: `{ query: ${JSON.stringify('created-after:2020-01-01 '.repeat(250).trim())} }`,
    },
    inputs: {
      tagChangePreview: `{ computerIds: ${JSON.stringify(ids.map(String))}, add: ${JSON.stringify(some)} }`,
      scriptProfilePreview:
        '{ create: { title: "A", scriptId: "1000", allComputers: true, timeLimit: 60, username: "root", trigger: { recurring: { interval: "* * * * *", startAfter: "2020-01-01T00:00:00Z" } } } }',
    },
  });
}

test(`an account of ${COMPUTERS} computers and ${PROFILES} profiles that requests all it may does not delay others`, async () => {
  const findings: Finding[] = [];
  const deadline = performance.now() + MAX_DURATION_MS;
  const attacks = dearest().filter(({ name }) => new RegExp(process.env.ATTACKS ?? '').test(name));
  expect(attacks.length).toBeGreaterThan(0);
  for (const each of attacks) {
    if (performance.now() > deadline) break;
    findings.push(await attack(each));
  }
  report(findings, attacks.length);
  const isWithin = ({ memory, health, list }: Finding) =>
    memory < MOST_MEMORY_MIB && health < HEALTH_WITHIN_MS && list < LIST_WITHIN_MS;
  expect(findings.filter((finding) => !isWithin(finding))).toEqual([]);
  expect(findings.map((finding) => finding.name)).toEqual(attacks.map((each) => each.name));
});

function report(findings: readonly Finding[], all: number): void {
  const badness = ({ memory, health, list }: Finding) =>
    Math.max(memory / MOST_MEMORY_MIB, health / HEALTH_WITHIN_MS, list / LIST_WITHIN_MS);
  const worst = findings.toSorted((a, b) => badness(b) - badness(a)).slice(0, 10);
  const line = ({ name, cost, seconds, answers, memory, health, list }: Finding) =>
    `${memory.toFixed(0).padStart(5)} MiB ${health.toFixed(0).padStart(6)} ms ${list.toFixed(0).padStart(6)} ms ${seconds.toFixed(1).padStart(5)} s  cost ${cost}  ${JSON.stringify(answers)}  ${name}`;
  process.stdout.write(
    `${findings.length} of ${all} attacks; the worst ten: memory, /healthz, another account’s list, duration\n${worst.map(line).join('\n')}\n`,
  );
}
