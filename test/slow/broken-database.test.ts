import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../src/database/database.ts';
import { CLOCK_CHANNEL } from '../../src/repositories/activities/runs.ts';
import { signedIn } from '../http/raw-socket.ts';
import { type Cluster, createCluster } from '../reliability/cluster.ts';
import { answering, type PgBouncer, startPgBouncer } from '../reliability/pgbouncer.ts';
import { PAGE_NOW, startApp, type TestApp, type TestAppOptions } from '../support/app.ts';
import { onServer } from '../support/server.ts';
import { waitUntil } from '../support/waiting.ts';

// Uses a separate PostgreSQL server, which the tests stop and break. `npm run faults` has more scenarios, with whole
// servers under load.

let cluster: Cluster;
let pooler: PgBouncer;
beforeAll(async () => {
  // Not in UTC, so that a session that does not set its time zone is detected.
  cluster = await createCluster({ settings: { max_connections: '30', timezone: 'America/New_York' } });
  pooler = await startPgBouncer(cluster);
});
afterAll(async () => {
  await pooler?.remove();
  await cluster?.remove();
});

let databases = 0;
/** Starts a server with the documented data, in a new database of the cluster. */
async function served(options: TestAppOptions & { pooled?: boolean } = {}) {
  const name = `faults_${++databases}`;
  await onServer(cluster.url(), (client) => client.query(`CREATE DATABASE ${name}`));
  const url = options.pooled ? pooler.url(name) : cluster.url(name);
  const database = await openDatabase({ url, directUrl: cluster.url(name) });
  const app = await startApp({ ...options, database });
  return { app, name };
}

const create = (app: TestApp, key: string) =>
  app.graphql(
    `mutation ($input: CreateScriptProfileInput!) {
      createScriptProfile(input: $input) { scriptProfile { databaseId } userErrors { code } } }`,
    {
      input: {
        title: `Made by ${key}`,
        scriptId: '35',
        username: 'root',
        timeLimit: 60,
        trigger: { oneTime: { timestamp: '2030-01-01T00:00:00Z' } },
        idempotencyKey: key,
      },
    },
  );

/** Retries until the request is answered, as a client does. Any other answer must be a temporary refusal. */
async function insist(app: TestApp, key: string, onRefused = () => {}): Promise<number> {
  for (;;) {
    const { data, errors } = await create(app, key);
    if (data?.createScriptProfile) return data.createScriptProfile.scriptProfile.databaseId;
    expect(errors?.[0].extensions.code).toBe('UNAVAILABLE');
    onRefused();
  }
}

/**
 * Several callers create objects continuously while the event happens, until one of them had to retry. Returns the
 * objects and the number of retries.
 */
async function createWhile(app: TestApp, happening: () => Promise<unknown>) {
  let over = false;
  let refused = 0;
  const happens = async () => {
    do await happening();
    while (refused === 0 && !over);
  };
  const ids: number[] = [];
  const worker = async (name: string) => {
    for (let n = 0; !over; n += 1) {
      ids.push(
        await insist(app, `${name}-${n}`, () => {
          refused += 1;
        }),
      );
    }
  };
  const end = () => {
    over = true;
  };
  const workers = ['a', 'b', 'c', 'd'].map((name) => worker(name).finally(end));
  const ends = happens().finally(end);
  await Promise.all([ends, ...workers]);
  return { ids, refused };
}

const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
const roomFor = (app: TestApp) =>
  app.graphql('mutation { updateLimits(input: { maxNumProfiles: 10000 }) { userErrors { code } } }');

/** Checks that each acknowledged object exists exactly once. */
async function expectEachOnce(app: TestApp, ids: readonly number[]): Promise<void> {
  const made = await app.database.prisma.$queryRaw<{ id: bigint }[]>`
    select id from script_profile where title like 'Made by %' order by id`;
  expect(made.map(({ id }) => Number(id))).toEqual([...ids].sort((a, b) => a - b));
}

async function expectAway(app: TestApp): Promise<void> {
  const rest = await app.rest('GET', '/script-profiles');
  expect([rest.status, rest.body.error]).toEqual([503, 'Unavailable']);
  expect(rest.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await app.graphql('{ limits { minInterval } }')).status).toBe(503);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^gateway_database_up 0$/m);
}

async function expectBack(app: TestApp): Promise<void> {
  await waitUntil(
    'the server is ready',
    async () => (await fetch(`${app.url}/readyz`)).status,
    (status) => status === 200,
  );
  expect((await app.rest('GET', '/script-profiles/5')).body.trigger.trigger_type).toBe('recurring');
}

describe('a request while the server', () => {
  test.each([
    ['is restarted', () => cluster.stop('fast').then(cluster.start)],
    ['crashes', () => cluster.stop('immediate').then(cluster.start)],
    [
      'ends every session in the middle of its work',
      async () => {
        for (let times = 0; times < 20; times += 1)
          await onServer(cluster.url(), (client) =>
            client.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
            ),
          );
      },
    ],
  ])('%s is refused temporarily or executed, and executed once if it is retried', async (_, breakIt) => {
    const { app } = await served();
    await roomFor(app);
    const { ids, refused } = await createWhile(app, breakIt);
    expect(refused).toBeGreaterThan(0);
    await expectEachOnce(app, ids);
    await expectBack(app);
    await app.close();
  });
});

test('while the server is down, both APIs answer with Retry-After, and afterwards no restart is necessary', async () => {
  const { app } = await served();
  await cluster.stop('fast');
  await expectAway(app);
  await cluster.start();
  await expectBack(app);
  await app.close();
});

test('if the server has no free connection, both APIs answer with Retry-After, and continue when it has', async () => {
  const { app, name } = await served();
  const taken: pg.Client[] = [];
  await onServer(cluster.url(), (client) =>
    // Waits until the sessions have ended, because each later end would free a place for the app.
    client.query('SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = $1', [name]),
  );
  for (;;) {
    const client = new pg.Client({ connectionString: cluster.url() });
    client.on('error', () => {});
    try {
      await client.connect();
      taken.push(client);
    } catch {
      // The listeners have tried to reconnect in the meantime, too.
      break;
    }
  }
  await expectAway(app);
  await Promise.all(taken.map((client) => client.end()));
  await expectBack(app);
  await app.close();
});

describe('if the listening connections are lost', () => {
  const cutListeners = (name: string) =>
    onServer(cluster.url(), (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND query LIKE 'LISTEN %'`,
        [name],
      ),
    );

  test('the scheduler still fires due work, and subscribers are notified', async () => {
    let now = PAGE_NOW;
    const { app, name } = await served({ environment: { SCHEDULER: 'on' }, now: () => now });
    const socket = await signedIn(app.url, app.token());
    socket.say({
      id: '1',
      type: 'subscribe',
      payload: {
        query: 'subscription { activityFeed { isSnapshot activities { scriptProfile { databaseId } } } }',
      },
    });
    expect((await socket.receive()).payload.data.activityFeed.isSnapshot).toBe(true);
    now = '2025-04-23T08:00:01.000000Z';
    // No notification reaches the scheduler. It wakes because it listens again.
    await cutListeners(name);
    const fired = async () => {
      for (;;) {
        const { activityFeed } = (await socket.receive()).payload.data;
        const profiles = activityFeed.activities.map(
          (run: { scriptProfile: { databaseId: number } | null }) => run.scriptProfile?.databaseId,
        );
        if (profiles.includes(5)) return activityFeed;
      }
    };
    await fired();
    const runs = await app.database.prisma.$queryRaw<
      unknown[]
    >`select from run where script_profile_id = 5 and slot is not null`;
    expect(runs).toHaveLength(1);
    socket.socket.terminate();
    await app.close();
  });
});

describe('behind PgBouncer in transaction mode', () => {
  test('requests, the scheduler and subscriptions work, and every time is right', async () => {
    let now = PAGE_NOW;
    const { app } = await served({ pooled: true, environment: { SCHEDULER: 'on' }, now: () => now });
    await roomFor(app);
    const ids = await Promise.all(keys.map((key) => insist(app, key)));
    await expectEachOnce(app, ids);
    const { body } = await app.rest('GET', '/script-profiles/5');
    expect([body.created_at, body.trigger.next_run]).toEqual([
      '2025-04-10T23:36:21.411941',
      '2025-04-23T08:00:00Z',
    ]);
    for (const id of ids) {
      const made = await app.rest('GET', `/script-profiles/${id}`);
      expect(made.body.trigger.timestamp).toBe('2030-01-01T00:00:00Z');
      expect(made.body.created_at).toBe('2025-04-23T00:00:00.000000');
    }
    const socket = await signedIn(app.url, app.token());
    socket.say({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { activityFeed { isSnapshot } }' },
    });
    await socket.receive();
    now = '2025-04-23T08:00:01.000000Z';
    await app.database.prisma.$queryRaw`select pg_notify(${CLOCK_CHANNEL}, '')::text`;
    expect((await socket.receive()).payload.data.activityFeed.isSnapshot).toBe(false);
    socket.socket.terminate();
    await app.close();
  });

  test('without a direct connection, too, replicas start together on an empty database, and each works', async () => {
    await onServer(cluster.url(), (client) => client.query('CREATE DATABASE pooled_alone'));
    const url = pooler.url('pooled_alone');
    const [database, ...others] = await Promise.all(keys.map(() => openDatabase({ url })));
    const app = await startApp({ database });
    for (const other of others)
      expect(await other.prisma.$queryRaw`select id from account where name = ${'standalone'}`).toHaveLength(
        1,
      );
    await roomFor(app);
    await expectEachOnce(app, await Promise.all(keys.map((key) => insist(app, key))));
    for (const other of others) await other.close();
    await app.close();
  });

  test('a statement that waits too long is canceled, as without PgBouncer', async () => {
    const { app } = await served({ pooled: true });
    const [{ lock_timeout: found }] = await app.database.prisma.$queryRaw<
      [{ lock_timeout: string }]
    >`show lock_timeout`;
    expect(found).toBe('8s');
    await app.close();
  });

  test('if PgBouncer is down, both APIs answer with Retry-After, and continue when it is back', async () => {
    const { app, name } = await served({ pooled: true });
    await pooler.stop();
    await expectAway(app);
    await pooler.start();
    await answering(pooler.url(name));
    await expectBack(app);
    await app.close();
  });
});
