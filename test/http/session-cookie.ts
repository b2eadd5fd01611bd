import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type RawRequest, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { expireTokens } from '../support/expiry.ts';
import { waitUntil } from '../support/waiting.ts';

type Headers = Readonly<Record<string, string>>;

// Who sends a request, by its Authorization header, its cookie, the console's header, its origin and its route.
export function sessionCookie(): void {
  const DASHBOARD = 'https://dashboard.example.com';
  let app: TestApp;
  let off: TestApp;
  let host: string;
  beforeAll(async () => {
    const environment = { CORS_ORIGINS: DASHBOARD, TRUSTED_PROXIES: '127.0.0.1' };
    app = await startApp({ environment, logLevel: 'info' });
    off = await startApp({ environment: { ...environment, CONSOLE: 'off' } });
    await app.addAccount('other', 'jane@example.com');
    host = new URL(app.url).host;
  });
  afterAll(() => Promise.all([app?.close(), off?.close()]));
  afterEach(() => {
    jest.useRealTimers();
  });

  const json = { 'content-type': 'application/json' };
  const fromConsole = { 'x-gateway-console': '1' };
  const cookieOf = (token: string, name = 'gateway_token') => ({ cookie: `theme=dark; ${name}=${token}` });
  const VIEWER = '{ viewer { person { email } } }';
  const FEED = 'subscription { activityFeed { isSnapshot activities { id } } }';
  const ARCHIVE = 'mutation { archiveScriptProfile(input: { id: 5 }) { userErrors { code } } }';
  const isArchived = async () => (await app.rest('GET', '/script-profiles/5')).body.archived;

  const post = (headers: Headers, { on = app, query = VIEWER } = {}) =>
    send(on, 'POST', '/graphql', {
      token: null,
      headers: { ...json, ...headers },
      body: JSON.stringify({ query }),
    });

  /**
   * The source of the credentials with which a request was served: Jane's header or John's cookie. A refusal is its
   * status. Jane's account has no activities.
   */
  async function whoSends(route: string, headers: Headers): Promise<string | number> {
    const [method = '', path = ''] = route.split(' ');
    const query = path === '/graphql' ? VIEWER : FEED;
    const search = method === 'GET' ? `?query=${encodeURIComponent(query)}` : '';
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const all = { ...json, ...headers };
      const sent = request(`${app.url}${path}${search}`, { method, headers: all, agent: false }, (answer) => {
        let text = '';
        const done = () => resolve({ status: answer.statusCode!, text });
        answer.setEncoding('utf8').on('end', done);
        answer.on('data', (chunk) => {
          text += chunk;
          // A stream does not end by itself.
          if (/event: next\n.*\n\n/.test(text)) {
            done();
            answer.destroy();
          }
        });
      });
      sent.on('error', reject).end(method === 'GET' ? undefined : JSON.stringify({ query }));
    });
    if (status !== 200) return status;
    if (/jane@example\.com|"activities":\[\]/.test(text)) return 'header';
    return /john@example\.com|"activities":\[\{/.test(text) ? 'cookie' : text;
  }

  describe('the truth table of', () => {
    const headers: Readonly<Record<string, () => Headers>> = {
      none: () => ({}),
      valid: () => ({ authorization: `Bearer ${app.token('jane@example.com', 'other')}` }),
      invalid: () => ({ authorization: 'Bearer a.b.c' }),
    };
    const cookies: Readonly<Record<string, () => Headers>> = {
      none: () => ({}),
      valid: () => cookieOf(app.token()),
      invalid: () => cookieOf('a.b.c'),
    };
    const sites: Readonly<Record<string, () => Headers>> = {
      'no origin': () => ({}),
      'this origin': () => ({ origin: app.url }),
      'this origin, in a recent browser': () => ({ origin: app.url, 'sec-fetch-site': 'same-origin' }),
      'another origin': () => ({ origin: 'https://evil.example' }),
      'a null origin': () => ({ origin: 'null' }),
      'an origin in CORS_ORIGINS': () => ({ origin: DASHBOARD }),
      'another port': () => ({ origin: 'http://127.0.0.1:1' }),
      'a subdomain, in a recent browser': () => ({ 'sec-fetch-site': 'same-site' }),
      'another site, in a recent browser': () => ({ origin: app.url, 'sec-fetch-site': 'cross-site' }),
    };
    const isOwn = (site: string) => /^(no|this) origin/.test(site);

    test.each(['POST /graphql', 'GET /graphql', 'POST /graphql/stream', 'GET /graphql/stream'])(
      '%s: the header wins, and the cookie counts only with the console’s header and from this origin',
      async (route) => {
        const found: Record<string, string | number> = {};
        const expected: Record<string, string | number> = {};
        for (const [header, headerOf] of Object.entries(headers))
          for (const [cookie, cookieHeader] of Object.entries(cookies))
            for (const consoleHeader of ['none', '1'])
              for (const [site, siteOf] of Object.entries(sites)) {
                const what = `header ${header}, cookie ${cookie}, console ${consoleHeader}, from ${site}`;
                found[what] = await whoSends(route, {
                  ...headerOf(),
                  ...cookieHeader(),
                  ...(consoleHeader === '1' && fromConsole),
                  ...siteOf(),
                });
                const isConsole = route !== 'GET /graphql' && consoleHeader === '1' && isOwn(site);
                if (header !== 'none') expected[what] = header === 'valid' ? 'header' : 401;
                else expected[what] = isConsole && cookie === 'valid' ? 'cookie' : 401;
              }
        expect(found).toEqual(expected);
        expect(Object.values(found).filter((who) => who === 'cookie')).toHaveLength(
          route === 'GET /graphql' ? 0 : 3,
        );
      },
    );
  });

  test.each(['', '0', 'true', '1, 1', '11'])('the console’s header has no value but 1: %j', async (value) => {
    const { status } = await post({ ...cookieOf(app.token()), 'x-gateway-console': value });
    expect(status).toBe(401);
  });

  test('the request log names the person of the cookie', async () => {
    app.logged().length = 0;
    await post({ ...cookieOf(app.token()), ...fromConsole });
    const line = await waitUntil('the request is logged', () => app.logged()[0]);
    expect(JSON.parse(line!)).toMatchObject({ path: '/graphql', caller: { account: 1, person: 1 } });
    expect(line).not.toContain('gateway_token');
  });

  test('the cookie authenticates no request if the console is off', async () => {
    const headers = { ...cookieOf(off.token()), ...fromConsole, origin: off.url };
    expect((await post(headers, { on: off })).status).toBe(401);
    expect((await send(off, 'GET', '/session', { token: null, headers })).status).toBe(404);
  });

  test('the legacy API ignores the cookie, also with the console’s header', async () => {
    const headers = { ...cookieOf(app.token()), ...fromConsole, origin: app.url };
    for (const [method, path] of [
      ['GET', '/api/v2/script-profiles'],
      ['POST', '/api/v2/script-profiles/5:archive'],
      ['POST', '/api/v2/switch-account'],
      ['GET', '/api/?action=GetAccessGroups'],
    ] as const)
      expect((await send(app, method, path, { token: null, headers, body: '{}' })).status).toBe(401);
  });

  describe('over HTTPS, behind a trusted proxy,', () => {
    const https = { 'x-forwarded-proto': 'https', ...fromConsole };
    const statusOf = async (headers: Headers) => (await post({ ...https, ...headers })).status;

    test('only the cookie counts that no other host can set', async () => {
      const origin = `https://${host}`;
      expect(await statusOf({ ...cookieOf(app.token()), origin })).toBe(401);
      expect(await statusOf({ ...cookieOf(app.token(), '__Host-gateway_token'), origin })).toBe(200);
      // Without encryption, browsers ignore the prefix.
      const plain = { ...cookieOf(app.token(), '__Host-gateway_token'), ...fromConsole, origin: app.url };
      expect((await post(plain)).status).toBe(401);
    });

    test('the same host without encryption is another origin', async () => {
      const secure = cookieOf(app.token(), '__Host-gateway_token');
      expect(await statusOf({ ...secure, origin: `http://${host}` })).toBe(401);
    });
  });

  describe('an attack with the cookie of a person fails:', () => {
    const attack = (request: RawRequest & { method?: string; path?: string }) =>
      send(app, request.method ?? 'POST', request.path ?? '/graphql', {
        token: null,
        body: JSON.stringify({ query: ARCHIVE }),
        ...request,
        headers: { ...cookieOf(app.token()), ...request.headers },
      });
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const html = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };
    const text = { 'content-type': 'text/plain' };
    const query = (document: string) => `/graphql?query=${encodeURIComponent(document)}`;
    afterEach(async () => {
      expect(await isArchived()).toBe(false);
    });

    test.each<[string, RawRequest & { method?: string; path?: string }]>([
      ['a form of another site, with text/plain', { headers: { ...evil, ...html, ...text } }],
      ['a form in a sandboxed frame', { headers: { origin: 'null', ...html, ...text } }],
      [
        'a form in an old browser, which sends no origin',
        { headers: { ...html, 'content-type': 'application/x-www-form-urlencoded' } },
      ],
      ['a beacon or a fetch without CORS', { headers: { ...evil, ...text, 'sec-fetch-mode': 'no-cors' } }],
      [
        'a fetch of a subdomain, which is of the same site',
        { headers: { origin: 'http://a.127.0.0.1', 'sec-fetch-site': 'same-site', ...text } },
      ],
      [
        'a fetch with the console’s header, which no preflight allowed',
        { headers: { ...evil, ...json, ...fromConsole } },
      ],
      [
        'a picture in a page of this origin',
        {
          method: 'GET',
          path: query(VIEWER),
          body: undefined,
          headers: { accept: 'image/*', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' },
        },
      ],
      ['a link', { method: 'GET', path: query(ARCHIVE), body: undefined, headers: { ...html, ...evil } }],
      [
        'an address that a person pastes',
        {
          method: 'GET',
          path: query(VIEWER),
          body: undefined,
          headers: { ...html, 'sec-fetch-site': 'none' },
        },
      ],
      [
        'an event source',
        {
          method: 'GET',
          path: `/graphql/stream?query=${encodeURIComponent(FEED)}`,
          body: undefined,
          headers: { accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' },
        },
      ],
      [
        'a page whose name was pointed to this server, if the browser sent the cookie',
        { headers: { host: '127.0.0.1', origin: 'http://evil.example:4000', ...json, ...fromConsole } },
      ],
    ])('%s', async (_, request) => {
      expect((await attack(request)).status).toBe(401);
    });

    test('a page whose name was pointed to this server has that name’s cookies, so none', async () => {
      const rebound = { host: 'evil.example:4000', origin: 'http://evil.example:4000', ...fromConsole };
      expect((await post({ ...rebound, 'sec-fetch-site': 'same-origin' })).status).toBe(401);
    });
  });

  describe('a preflight', () => {
    const allowedFor = async (asked: string, origin = DASHBOARD) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      };
      const answer = await send(app, 'OPTIONS', '/graphql', { token: null, headers });
      return answer.headers['access-control-allow-headers'];
    };

    test('of an allowed origin allows every header except the console’s', async () => {
      expect(await allowedFor('authorization,content-type')).toBe('authorization,content-type');
      expect(await allowedFor('authorization,x-gateway-console,content-type')).toBe(
        'authorization,content-type',
      );
      expect(await allowedFor('a, X-Gateway-Console ')).toBe('a');
      expect(await allowedFor('x-gateway-console')).toBe('');
    });

    test('of another origin allows nothing', async () => {
      expect(await allowedFor('x-gateway-console', 'https://evil.example')).toBeUndefined();
    });
  });

  describe('a session that has ended', () => {
    const session = (token: string) => ({ ...cookieOf(token), ...fromConsole, origin: app.url });
    const byHeader = (token: string) => post({ authorization: `Bearer ${token}` });

    test.each<[string, () => string]>([
      ['a token that is none', () => 'a.b.c'],
      ['an expired token', () => app.expiredToken()],
      ['a token of a person who was removed', () => app.token('gone@example.com')],
    ])('gets the same answer as a header with %s', async (_, tokenOf) => {
      const token = tokenOf();
      const [cookie, header] = [await post(session(token)), await byHeader(token)];
      expect(cookie.status).toBe(401);
      expect(cookie.body.errors).toEqual(header.body.errors);
      expect(cookie.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    });

    test('by the log-out opens nothing any more', async () => {
      const headers = session(app.token());
      expect((await post(headers)).status).toBe(200);
      expect((await send(app, 'POST', '/api/v2/logout', { token: null, headers })).status).toBe(200);
      expect((await post(headers)).status).toBe(401);
    });

    test('ends its event streams', async () => {
      const answer = await fetch(`${app.url}/graphql/stream`, {
        method: 'POST',
        headers: { ...json, ...session(app.token()) },
        body: JSON.stringify({ query: FEED }),
      });
      expect(answer.status).toBe(200);
      const ended = answer.text();
      await expireTokens(app);
      expect(await ended).toContain('"isSnapshot":true');
    });
  });

  test('requests with the cookie count as requests of its person', async () => {
    const limited = await startApp({ environment: { RATE_LIMIT: '2' } });
    try {
      await limited.addAccount('other', 'jane@example.com');
      const session = { ...cookieOf(limited.token()), ...fromConsole };
      const jane = { authorization: `Bearer ${limited.token('jane@example.com', 'other')}` };
      const john = { authorization: `Bearer ${limited.token()}` };
      const statuses: number[] = [];
      for (const headers of [session, session, session, john, jane])
        statuses.push((await post(headers, { on: limited })).status);
      expect(statuses).toEqual([200, 200, 429, 429, 200]);
    } finally {
      await limited.close();
    }
  });
}
