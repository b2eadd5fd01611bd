import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';

const A_MINUTE = 6;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ environment: { RATE_LIMIT: String(A_MINUTE) } });
  await app.addAccount('other', 'jane@example.com');
});
afterAll(() => app?.close());

const ask = (path: string, authorization: string) =>
  fetch(app.url + path, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: '{"query": "{ viewer { accountName } }"}',
  });

test('a token has so many requests a minute at both doors together, however its header is spelled', async () => {
  const token = app.token();
  const statuses = [];
  for (const bearer of ['Bearer ', 'bearer ', 'BEARER  ', 'Bearer   '])
    for (const path of ['/graphql', '/api/v2/script-profile-limits'])
      statuses.push((await ask(path, bearer + token)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);

  const rest = await ask('/api/v2/script-profile-limits', `Bearer ${token}`);
  expect(rest.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await rest.json()).toMatchObject({ error: 'RateLimited', code: 429 });
  const graph = await ask('/graphql', `Bearer ${token}`);
  expect(graph.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await graph.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });

  expect((await ask('/graphql', `Bearer ${app.token('jane@example.com', 'other')}`)).status).toBe(200);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
});
