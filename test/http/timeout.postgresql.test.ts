import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { raw } from '../../src/database/sql.ts';
import { expectError, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { anotherConnection } from '../support/database.ts';
import { waitUntil } from '../support/waiting.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ environment: { REQUEST_TIMEOUT: '1' } });
});
afterAll(() => app?.close());

/** Holds a lock while the work runs. Defaults to the row that every edit of a profile locks. */
async function whileLocked<T>(
  work: () => Promise<T>,
  lock = 'select account_id from script_profile_limits for update',
): Promise<T> {
  const other = anotherConnection(app.database);
  try {
    return await other.prisma.$transaction(async (tx) => {
      await tx.$executeRaw(raw(lock));
      return work();
    });
  } finally {
    await other.close();
  }
}

/** On a very slow machine a request may take a second and be retried. */
const expectServed = () =>
  waitUntil(
    'the server answers 200 again',
    async () => (await app.rest('GET', '/script-profiles/5')).status,
    (status) => status === 200,
  );

test('a request that takes too long is answered with 503 in both APIs, and the server continues', async () => {
  const headers = { 'content-type': 'application/json' };
  const query =
    'mutation { updateScriptProfile(input: { id: "5", title: "Later" }) { userErrors { code } } }';
  const [rest, graph] = await whileLocked(() =>
    Promise.all([
      send(app, 'PATCH', '/api/v2/script-profiles/5', { body: '{"title": "Late"}' }),
      send(app, 'POST', '/graphql', { headers, body: JSON.stringify({ query }) }),
    ]),
  );
  expectError(rest, 503, 'Unavailable');
  expect([graph.status, graph.body.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
  for (const { headers } of [rest, graph]) expect(headers['retry-after']).toMatch(/^\d+$/);
  expect(rest.body.message).toContain('aborted after 1 s');
  await expectServed();
});

test('a request is also answered with 503 if the authentication takes too long', async () => {
  const headers = { 'content-type': 'application/json' };
  const [rest, graph] = await whileLocked(
    () =>
      Promise.all([
        send(app, 'GET', '/api/v2/script-profiles', {}),
        send(app, 'POST', '/graphql', { headers, body: '{"query": "{ limits { minInterval } }"}' }),
      ]),
    'lock table person',
  );
  expectError(rest, 503, 'Unavailable');
  expect([graph.status, graph.body.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
  expect(graph.body.errors[0].message).toContain('aborted after 1 s');
  await expectServed();
});
