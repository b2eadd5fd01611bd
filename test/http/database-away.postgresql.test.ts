import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, type RawAnswer, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { connectTo, urlOf } from '../support/database.ts';
import { onServer } from '../support/server.ts';
import { waitUntil } from '../support/waiting.ts';
import { startWire, type Wire } from '../support/wire.ts';

let wire: Wire;
let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    through: async (fresh) => {
      wire = await startWire(urlOf(fresh));
      return connectTo(wire.url);
    },
  });
});
afterAll(async () => {
  await app?.close();
  await wire?.stop();
});

const rest = (method = 'GET', path = '/script-profiles', body?: string) =>
  send(app, method, `/api/v2${path}`, { body });
const graph = (query = '{ viewer { accountName } }') =>
  send(app, 'POST', '/graphql', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
const rename = (title: string) => rest('PATCH', '/script-profiles/5', JSON.stringify({ title }));
const archive = () =>
  graph('mutation { archiveScriptProfile(input: { id: 5 }) { scriptProfile { id } userErrors { code } } }');

const UNAVAILABLE = { errors: [{ message: expect.any(String), extensions: { code: 'UNAVAILABLE' } }] };

function expectUnavailable(answer: RawAnswer): void {
  expectError(answer, 503, 'Unavailable');
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  expect(answer.body.detail).toBeNull();
}

function expectWorks(answers: readonly RawAnswer[]): void {
  expect(answers.map(({ status, body }) => [status, body.errors])).toEqual(
    answers.map(() => [200, undefined]),
  );
}

/** Runs outside of the transaction with the locks, because the view does not change within a transaction. */
const lockWaits = async () =>
  (
    await app.database.prisma.$queryRaw<[{ number: number }]>`
      select count(*)::int as number from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
  )[0].number;

/** Holds the locks that every change of a profile needs while the work runs. */
const whileLocked = <T>(work: (waiting: (number: number) => Promise<void>) => Promise<T>): Promise<T> =>
  onServer(urlOf(app.database), async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT FROM script_profile_limits FOR UPDATE');
    await client.query('SELECT FROM script_profile FOR UPDATE');
    return work(async (number) => {
      await waitUntil(`${number} sessions wait for a lock`, lockWaits, (waiting) => waiting >= number);
    });
  });

describe('while the database is unreachable', () => {
  test('both APIs answer 503 with Retry-After, and the process lives but is not ready; then everything works again', async () => {
    expectWorks([await rest(), await graph()]);
    await wire.stop();
    for (const answer of [await rest(), await rename('Away'), await rest('GET', '/script-profile-limits')])
      expectUnavailable(answer);
    for (const answer of [await graph(), await archive()]) {
      expect(answer).toMatchObject({ status: 503, body: UNAVAILABLE });
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect((await send(app, 'GET', '/healthz')).status).toBe(200);
    expect((await send(app, 'GET', '/readyz')).status).toBe(503);

    await wire.start();
    expectWorks([await rest(), await graph()]);
    expect((await send(app, 'GET', '/readyz')).status).toBe(200);
  });
});

describe('if the database fails in the middle of a change', () => {
  test.each([
    ['because its connections are cut', () => wire.stop().then(wire.start)],
    [
      'because it ends them',
      () =>
        app.database.prisma.$queryRaw`
          select count(pg_terminate_backend(pid))::int from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
    ],
  ])('%s, both APIs answer that it is unavailable, and nothing is changed', async (_, go) => {
    const before = (await rest('GET', '/script-profiles/5')).body;
    const [renamed, archived] = await whileLocked(async (waiting) => {
      const answers = Promise.all([rename('Cut off'), archive()]);
      await waiting(2);
      await go();
      return answers;
    });
    expectUnavailable(renamed);
    // This is a refusal within a result, so the HTTP status is 200.
    expect(archived).toMatchObject({
      status: 200,
      body: { data: { archiveScriptProfile: null }, ...UNAVAILABLE },
    });
    expect((await rest('GET', '/script-profiles/5')).body).toEqual(before);
  });
});

test('if more changes wait for one lock than an account has connections, those that wait too long are refused as UNAVAILABLE, and others continue', async () => {
  const impatient = await startApp({
    seed: 'none',
    database: connectTo(urlOf(app.database), { lock: 200 }),
  });
  const asked = (method: string, path: string, body?: string) =>
    send(impatient, method, `/api/v2${path}`, { body });
  const changes = await whileLocked(async () => {
    const sent = Array.from({ length: 12 }, (_, index) =>
      asked('PATCH', '/script-profiles/5', JSON.stringify({ title: `Title ${index}` })),
    );
    const passerBy = asked('GET', '/script-profiles');
    await Promise.race(sent);
    return [...sent, passerBy];
  });
  const answers = await Promise.all(changes);
  const [refused, done] = [503, 200].map((status) => answers.filter((answer) => answer.status === status));
  expect(refused!.length + done!.length).toBe(answers.length);
  expect(refused).not.toEqual([]);
  expect(done).not.toEqual([]);
  for (const answer of refused!) expectUnavailable(answer);
  expectWorks([await asked('PATCH', '/script-profiles/5', '{"title": "At last"}'), await graph()]);
  await impatient.close();
});
