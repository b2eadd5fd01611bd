import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { INSIDE } from '../support/inside.ts';

export function masked(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  // The tests close the database earlier.
  afterAll(() => app?.close().catch(() => undefined));

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

  const FAULT = { status: 500, error: 'InternalServerError', code: 'INTERNAL_SERVER_ERROR' };
  const AWAY = { status: 503, error: 'Unavailable', code: 'UNAVAILABLE' };

  async function expectMasked({ status, error, code }: typeof FAULT): Promise<void> {
    for (const [method, path, body] of requests) {
      const answer = await send(app, method, path, { body, headers: { 'x-request-id': 'trace-me' } });
      expectError(answer, status, error);
      expect(answer.text).not.toMatch(INSIDE);
      expect(answer.body.detail).toBeNull();
      if (status === 500) expect(answer.body.message).toContain('trace-me');
    }
    for (const query of documents) {
      const headers = { 'content-type': 'application/json' };
      const answer = await send(app, 'POST', '/graphql', { headers, body: JSON.stringify({ query }) });
      expect(answer.body.errors).toHaveLength(1);
      expect(answer.body.errors[0].extensions.code).toBe(code);
      expect(answer.body.errors[0].message).toMatch(/^[A-Z].*\.$/);
      expect(answer.text).not.toMatch(INSIDE);
    }
  }

  describe('an internal error is a JSON answer without details, in both APIs', () => {
    test('if a table is missing', async () => {
      await app.database.prisma.$executeRawUnsafe('alter table script_profile rename to script_profile_gone');
      await expectMasked(FAULT);
      expect(app.faults()).toHaveLength(requests.length + documents.length);
      expect(app.faults()[0]).toContain('trace-me');
      await app.database.prisma.$executeRawUnsafe('alter table script_profile_gone rename to script_profile');
      expect((await app.rest('GET', '/script-profiles')).body.count).toBe(3);
    });

    test('if the database is closed, and the server then lives but is not ready', async () => {
      await app.database.close();
      await expectMasked(AWAY);
      expect(await send(app, 'GET', '/healthz')).toMatchObject({ status: 200 });
      const ready = await send(app, 'GET', '/readyz');
      expect(ready).toMatchObject({ status: 503, body: { status: 'not ready' } });
      expect(ready.text).not.toMatch(INSIDE);
    });
  });
}
