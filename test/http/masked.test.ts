import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
// The tests close the database before.
afterAll(() => app?.close().catch(() => undefined));

/** What only the inside knows: statements, tables, files, libraries, stacks. */
const INSIDE =
  /\b(select|insert|update|from|where)\b.*\b(script_profile|person|account)\b|(relation|column) \\?"|prisma|pglite|postgres|invocation|node_modules|\.[jt]s\b|\bat .*:\d+:\d+|stack|ECONN|raw query/i;

const requests = [
  ['GET', '/api/v2/script-profiles'],
  ['GET', '/api/v2/script-profiles/5'],
  ['POST', '/api/v2/script-profiles/5:archive'],
  ['PATCH', '/api/v2/script-profiles/5', '{"title": "Another"}'],
  ['GET', '/api/v2/script-profiles/5/activities'],
  ['GET', '/api/v2/script-profiles/5/computers'],
] as const;

const documents = [
  '{ scriptProfiles { nodes { title } } }',
  '{ scriptProfile(id: 5) { title } }',
  'mutation { archiveScriptProfile(input: { id: 5 }) { scriptProfile { id } userErrors { code } } }',
];

async function expectMasked(): Promise<void> {
  for (const [method, path, body] of requests) {
    const answer = await send(app, method, path, { body, headers: { 'x-request-id': 'trace-me' } });
    const [status, error] =
      answer.status === 503 ? ([503, 'Unavailable'] as const) : ([500, 'InternalServerError'] as const);
    expectError(answer, status, error);
    expect(answer.text).not.toMatch(INSIDE);
    expect(answer.body.detail).toBeNull();
    if (status === 500) expect(answer.body.message).toContain('trace-me');
  }
  for (const query of documents) {
    const headers = { 'content-type': 'application/json' };
    const answer = await send(app, 'POST', '/graphql', { headers, body: JSON.stringify({ query }) });
    expect(answer.body.errors).toHaveLength(1);
    expect(['INTERNAL_SERVER_ERROR', 'UNAVAILABLE']).toContain(answer.body.errors[0].extensions.code);
    expect(answer.body.errors[0].message).toMatch(/^[A-Z].*\.$/);
    expect(answer.text).not.toMatch(INSIDE);
  }
}

describe('a fault is an answer in JSON that says nothing of the inside, on both doors', () => {
  test('when a table is gone', async () => {
    await app.database.prisma.$executeRawUnsafe('alter table script_profile rename to script_profile_gone');
    await expectMasked();
    await app.database.prisma.$executeRawUnsafe('alter table script_profile_gone rename to script_profile');
    expect((await app.rest('GET', '/script-profiles')).body.count).toBe(3);
  });

  test('when the database is closed; then the server is alive, and not ready', async () => {
    await app.database.close();
    await expectMasked();
    expect(await send(app, 'GET', '/healthz')).toMatchObject({ status: 200 });
    const ready = await send(app, 'GET', '/readyz');
    expect(ready).toMatchObject({ status: 503, body: { status: 'not ready' } });
    expect(ready.text).not.toMatch(INSIDE);
  });
});
