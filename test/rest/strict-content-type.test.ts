import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { expectError, send } from './raw.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ environment: { REST_STRICT_CONTENT_TYPE: 'true' } });
});
afterAll(() => app?.close());

const acts = [
  ['PATCH', '/script-profiles/5', '{}', 200],
  ['POST', '/script-profiles/5:archive', undefined, 204],
  ['POST', '/script-profiles/4:archive', '{}', 204],
  ['POST', '/script-profiles/5/activities', undefined, 200],
  ['POST', '/script-profile-limits', undefined, 200],
] as const;

describe('with REST_STRICT_CONTENT_TYPE', () => {
  const types = [
    undefined,
    '',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data',
    'garbage',
  ];
  test.each(acts.flatMap(([method, path, body]) => types.map((type) => [method, path, body, type] as const)))(
    '%s %s with body %s, declared as %s, is refused with 415 and changes nothing',
    async (method, path, body, type) => {
      const headers = type === undefined ? undefined : { 'content-type': type };
      const answer = await send(app, method, `/api/v2${path}`, { body, headers });
      expectError(answer, 415, 'UnsupportedMediaType');
      const found = type || 'nothing';
      expect(answer.body.detail).toEqual({ field: 'Content-Type', found, allowed: 'application/json' });
      expect((await app.rest('GET', '/script-profiles')).body.count).toBe(3);
    },
  );

  test('a GET requires no content type', async () => {
    expect((await send(app, 'GET', '/api/v2/script-profiles')).status).toBe(200);
  });

  test.each(acts)(
    '%s %s with body %s, declared as application/json, returns %5$s',
    async (method, path, body, status) => {
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      expect((await send(app, method, `/api/v2${path}`, { body, headers })).status).toBe(status);
    },
  );
});
