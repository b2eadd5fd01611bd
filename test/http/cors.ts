import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RawAnswer, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { exchange } from './raw-bytes.ts';

export function cors(): void {
  const DASHBOARD = 'https://dashboard.example.com';
  const LOOPBACK = [
    'http://localhost:5173',
    'https://localhost',
    'http://127.0.0.1:8080',
    'http://[::1]:3000',
  ];

  let app: TestApp;
  let production: TestApp;
  beforeAll(async () => {
    const environment = { CORS_ORIGINS: DASHBOARD };
    app = await startApp({ environment });
    production = await startApp({ environment: { ...environment, NODE_ENV: 'production' } });
  });
  afterAll(() => Promise.all([app?.close(), production?.close()]));

  const json = { 'content-type': 'application/json' };
  const viewer = JSON.stringify({ query: '{ viewer { accountName } }' });

  /** Sends bytes that no library would send, as a browser may. */
  async function sendBytes(
    on: TestApp,
    origin: string,
    [first, ...others]: readonly string[],
  ): Promise<RawAnswer> {
    const bytes = [first, 'Host: a', `Origin: ${origin}`, ...others, '', ''].join('\r\n');
    const [head = '', text = ''] = (await exchange(on.url, bytes)).split('\r\n\r\n');
    const [line = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((each) => [
        each.slice(0, each.indexOf(':')).toLowerCase(),
        each.slice(each.indexOf(':') + 2),
      ]),
    );
    return { status: Number(line.split(' ')[1]), headers, text, body: JSON.parse(text) };
  }

  /** Every kind of answer, with its requests. */
  const kinds: Readonly<Record<string, (on: TestApp, origin: string) => Promise<RawAnswer>>> = {
    '200 of REST': (on, origin) => send(on, 'GET', '/api/v2/script-profiles', { headers: { origin } }),
    '401 of REST': (on, origin) =>
      send(on, 'GET', '/api/v2/script-profiles', { token: null, headers: { origin } }),
    '404 of a path that nothing is at': (on, origin) => send(on, 'GET', '/nothing', { headers: { origin } }),
    '404 of a path that can’t be decoded': (on, origin) => send(on, 'GET', '/%zz', { headers: { origin } }),
    '405 of REST': (on, origin) => send(on, 'DELETE', '/api/v2/script-profiles', { headers: { origin } }),
    '415 of REST': (on, origin) =>
      send(on, 'POST', '/api/v2/script-profiles', { body: 'x', headers: { origin, 'content-type': 'x' } }),
    '200 of the graph': (on, origin) =>
      send(on, 'POST', '/graphql', { body: viewer, headers: { ...json, origin } }),
    '401 of the graph': (on, origin) =>
      send(on, 'POST', '/graphql', { token: null, body: viewer, headers: { ...json, origin } }),
    '400 of the graph': (on, origin) =>
      send(on, 'POST', '/graphql', { body: '{', headers: { ...json, origin } }),
    '401 of a stream': (on, origin) =>
      send(on, 'POST', '/graphql/stream', { token: null, body: viewer, headers: { ...json, origin } }),
    '200 of /healthz': (on, origin) => send(on, 'GET', '/healthz', { token: null, headers: { origin } }),
    '200 of a legacy action': (on, origin) =>
      send(on, 'GET', '/api/?action=GetAccessGroups', { headers: { origin } }),
    '200 of a ping': (on, origin) =>
      send(on, 'POST', '/ping', { token: null, body: 'insecure_id=1', headers: { origin } }),
    '400 of an exchange': (on, origin) =>
      send(on, 'POST', '/message-system', { token: null, body: 'x', headers: { origin } }),
    '404 of an attachment': (on, origin) =>
      send(on, 'GET', '/attachment/1', { token: null, headers: { origin } }),
    '204 of an OPTIONS request that is no preflight': (on, origin) =>
      send(on, 'OPTIONS', '/graphql', { headers: { origin } }),
    '431 of headers that are too large': (on, origin) =>
      sendBytes(on, origin, ['GET / HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`]),
    '400 of a request that breaks': (on, origin) =>
      sendBytes(on, origin, ['POST /graphql HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2']),
  };

  const PATHS = [
    '/graphql',
    '/graphql/stream',
    '/api/v2/script-profiles/5',
    '/api/script-profiles',
    '/api/?action=CreateScript',
    '/healthz',
    '/metrics',
    '/message-system',
    '/ping',
    '/attachment/1',
    '/explorer',
    '/nothing',
    '/%zz',
  ];
  const preflight = (path: string, origin: string, on = app) =>
    send(on, 'OPTIONS', path, {
      token: null,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  describe('a page of an origin in CORS_ORIGINS', () => {
    test.each(PATHS)('may send a request to %s: the preflight allows it, with a lifetime', async (path) => {
      const { status, headers } = await preflight(path, DASHBOARD);
      expect(status).toBe(204);
      expect(headers).toMatchObject({
        'access-control-allow-origin': DASHBOARD,
        'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Headers',
      });
    });

    test.each(Object.keys(kinds))('may read the %s', async (kind) => {
      const { status, headers } = await kinds[kind]!(app, DASHBOARD);
      expect(status).toBe(Number(kind.slice(0, 3)));
      expect(headers).toMatchObject({ 'access-control-allow-origin': DASHBOARD, vary: 'Origin' });
      expect(headers['access-control-expose-headers']).toBe('Retry-After, X-Request-Id, X-Query-Cost');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    });

    test('may read an answer with the cost that it requested, and the cost in its header', async () => {
      const headers = { ...json, origin: DASHBOARD, 'x-query-cost': '1' };
      const answer = await send(app, 'POST', '/graphql', { body: viewer, headers });
      expect(answer.headers['x-query-cost']).toBe(String(answer.body.extensions.cost.requested));
    });

    test('may read the status 431 for too large headers, even if its origin arrived long before', async () => {
      const bytes = `GET / HTTP/1.1\r\nHost: a\r\nOrigin: ${DASHBOARD}\r\nX-Long: ${'x'.repeat(200_000)}\r\n\r\n`;
      expect(await exchange(app.url, bytes)).toMatch(/\r\naccess-control-allow-origin: (\*|https:\S+)\r\n/);
    });
  });

  describe('a page of another origin', () => {
    const others = [
      'https://evil.example',
      `${DASHBOARD}.evil.example`,
      'http://dashboard.example.com',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'https://evil.example:80/http://localhost',
      'null',
      '*',
    ];

    test.each(others)('%s may read nothing', async (origin) => {
      for (const path of PATHS)
        expect((await preflight(path, origin)).headers).not.toHaveProperty('access-control-allow-origin');
      for (const [kind, ask] of Object.entries(kinds)) {
        const { headers } = await ask(app, origin);
        expect({ kind, allowed: headers['access-control-allow-origin'] }).toEqual({ kind });
        expect(headers.vary).toBe('Origin');
      }
    });
  });

  describe.each(LOOPBACK)('a page of the local machine, %s,', (origin) => {
    test('may send requests and read answers except in production', async () => {
      for (const { headers } of [
        await preflight('/graphql', origin),
        await kinds['401 of REST']!(app, origin),
        await kinds['400 of a request that breaks']!(app, origin),
      ])
        expect(headers['access-control-allow-origin']).toBe(origin);
    });

    test('may do neither in production', async () => {
      for (const { headers } of [
        await preflight('/graphql', origin, production),
        await kinds['401 of REST']!(production, origin),
        await kinds['400 of a request that breaks']!(production, origin),
      ])
        expect(headers).not.toHaveProperty('access-control-allow-origin');
    });
  });
}
