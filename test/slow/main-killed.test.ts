import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { verifyPassword } from '../../src/services/accounts/password.ts';
import { freshFolder } from '../support/database.ts';
import { endServers, type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';

const ROUNDS = 3;
const WRITERS = 4;
/** Number of acknowledged writes in a round before the server is killed during the next ones. */
const ENOUGH = 60;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('main-killed-');
  await freshFolder(`${folder.path}/db`);
});
afterEach(endServers);
afterAll(() => folder.remove());

/** Values that one write sets together, so that half of a write would be detected. */
interface Values {
  readonly title: string;
  readonly username: string;
  readonly time_limit: number;
  readonly tags: readonly string[];
  readonly archived: boolean;
}

/** The state of a profile that its only writer knows. */
interface Known {
  id?: number;
  /** Values of the last acknowledged write. */
  acknowledged?: Values;
  /** Values of the write in progress when the server died. */
  underWay?: Values;
}

const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };

const values = (key: string, version: number, archived = false): Values => ({
  title: `${key} v${version}`,
  username: `user-${version}`,
  time_limit: 100 + version,
  tags: [key, `v${version}`],
  archived,
});

const call = async (server: ServerProcess, token: string, method: string, path: string, body?: object) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
const profilesAt = '/api/v2/script-profiles';

/** Creates, edits and archives until the server is killed. */
async function write(
  server: ServerProcess,
  token: string,
  prefix: string,
  known: Map<string, Known>,
  acknowledge: () => void,
) {
  const step = async (profile: Known, next: Values, method: string, path: string, body?: object) => {
    profile.underWay = next;
    const answer = await call(server, token, method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was refused: ${text}`);
    profile.acknowledged = next;
    profile.underWay = undefined;
    acknowledge();
    return text;
  };
  for (let number = 0; ; number++) {
    const key = `${prefix}-${number}`;
    const profile: Known = {};
    known.set(key, profile);
    const created = await step(profile, values(key, 0), 'POST', profilesAt, {
      ...values(key, 0),
      script_id: 31,
      trigger,
    });
    const path = `${profilesAt}/${JSON.parse(created).id}`;
    await step(profile, values(key, 1), 'PATCH', path, values(key, 1));
    if (number % 2) await step(profile, values(key, 1, true), 'POST', `${path}:archive`);
  }
}

/** Compares all stored profiles with the known state. A write in progress may be stored or not, but only as a whole. */
async function check(server: ServerProcess, token: string, known: Map<string, Known>): Promise<void> {
  const answer = await call(server, token, 'GET', `${profilesAt}?archived=all&limit=10000`);
  const { results } = (await answer.json()) as { results: (Values & { id: number })[] };
  const found = new Map<string, Values>();
  for (const { id, title, username, time_limit, tags, archived } of results) {
    if (id > 5) found.set(title.split(' ')[0]!, { title, username, time_limit, tags, archived });
  }
  expect(results).toHaveLength(found.size + 3);
  for (const [key, profile] of known) {
    const allowed = [profile.acknowledged, profile.underWay].filter(Boolean);
    if (!profile.acknowledged) allowed.push(undefined);
    expect(allowed).toContainEqual(found.get(key));
    profile.acknowledged = found.get(key);
    profile.underWay = undefined;
    if (!profile.acknowledged) known.delete(key);
  }
  expect([...found.keys()].sort()).toEqual([...known.keys()].sort());
}

test('a server that is repeatedly killed with -9 in the middle of writes keeps every acknowledged one as a whole', async () => {
  const environment = {
    DATABASE_URL: `pglite:${folder.path}/db`,
    SEED: 'page',
    ADMIN_PASSWORD: 'chosen by the operator',
  };
  const known = new Map<string, Known>();
  let token = '';
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(environment);
    token ||= await server.token();
    if (round === 0) {
      const query = 'mutation { updateLimits(input: { maxNumProfiles: 100000 }) { userErrors { code } } }';
      const raised = await call(server, token, 'POST', '/graphql', { query });
      expect(await raised.json()).toEqual({ data: { updateLimits: { userErrors: [] } } });
    }
    await check(server, token, known);

    let acknowledged = 0;
    let reached: () => void;
    const enough = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const acknowledge = () => {
      acknowledged += 1;
      if (acknowledged === ENOUGH) reached();
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      write(server, token, `r${round}w${writer}`, known, acknowledge),
    );
    // A writer ends only if a request fails.
    await Promise.race([enough, ...writers]);
    await server.end('SIGKILL');
    for (const { status, reason } of (await Promise.allSettled(writers)) as PromiseRejectedResult[]) {
      expect(`${status} ${reason?.message}`).toMatch(/^rejected (fetch failed|terminated|other side closed)/);
    }
  }

  const server = await startServer(environment);
  await check(server, token, known);
  expect(known.size).toBeGreaterThan(ROUNDS * 10);
  const body = { ...values('after', 0), script_id: 31, trigger };
  expect((await call(server, token, 'POST', profilesAt, body)).status).toBe(201);
  expect((await server.end()).code).toBe(0);

  const database = await openDatabase({ url: environment.DATABASE_URL });
  const john = await database.prisma.person.findFirstOrThrow({ where: { email: 'john@example.com' } });
  await database.close();
  expect(await verifyPassword(environment.ADMIN_PASSWORD, john.passwordHash ?? '')).toBe(true);
}, 600_000);
