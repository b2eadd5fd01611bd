import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readExamples } from '../../src/http/explorer.ts';
import { expectError, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { follow } from '../support/following.ts';

const FETCHER = new URL('../../src/http/explorer/fetcher.js', import.meta.url);
const TOKEN = new URL('../../src/http/explorer/token.js', import.meta.url);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

const get = (path: string, headers = {}) => send(app, 'GET', path, { token: null, headers });
const preflight = (on: TestApp, origin: string) =>
  send(on, 'OPTIONS', '/graphql', {
    token: null,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,apollographql-client-name',
    },
  });

/** A person may follow this link, but the page loads nothing from it. */
const SANDBOX = 'https://studio.apollographql.com/sandbox/explorer';
const SANDBOX_LINK = `<a id="sandbox" href="${SANDBOX}">`;

/** Addresses that a browser loads without a click. */
const linksIn = (html: string) =>
  [...html.replace(/<a [^>]*>/g, '').matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!);

describe('the explorer', () => {
  test('is a page for everyone, and may load data and send requests only to this server', async () => {
    const page = await get('/explorer');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = page.headers['content-security-policy'];
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe-eval|http|\*|script-src[^;]*unsafe-inline/);
    // The content security policy would block an inline script.
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=/);
    for (const path of ['/', '/graphql'])
      expect(await get(path, { accept: 'text/html' })).toMatchObject({
        status: 302,
        headers: { location: '/explorer' },
      });
  });

  test('serves everything that it links to, with the right type, and compressed if the client accepts that', async () => {
    const links = linksIn((await get('/explorer')).text).filter((link) => link !== 'data:,');
    expect(links).toHaveLength(6);
    for (const link of [...links, 'explorer/fetcher.js', 'explorer/token.js', 'explorer/examples.json']) {
      const { origin, pathname } = new URL(link, `${app.url}/explorer`);
      expect(origin).toBe(app.url);
      const { status, headers, text } = await get(pathname);
      expect({ link, status }).toEqual({ link, status: 200 });
      const type = { css: 'text/css', js: 'text/javascript', json: 'application/json' }[
        link.split('.').at(-1)!
      ];
      expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
      const zipped = await fetch(`${app.url}${pathname}`, { headers: { 'accept-encoding': 'gzip' } });
      expect(zipped.headers.get('content-encoding')).toBe('gzip');
      expect(await zipped.text()).toBe(text);
    }
  });

  test('is shown to a browser that opens /graphql, and links to Sandbox once', async () => {
    const opened = await get('/graphql', { accept: 'text/html' });
    expect([opened.status, opened.headers.location]).toEqual([302, '/explorer']);
    expect((await get('/explorer')).text.split(SANDBOX)).toHaveLength(2);
  });

  test('loads no font or picture from elsewhere, and names no other server', async () => {
    for (const name of ['graphiql.css', 'explorer.css']) {
      const { text } = await get(`/explorer/${name}`);
      const urls = [...text.matchAll(/url\(\s*['"]?([^)]{0,20})/g)].map(([, url]) => url!);
      expect(urls.filter((url) => !url.startsWith('data:'))).toEqual([]);
      expect(text).not.toMatch(/@import/);
    }
    for (const path of [
      '/explorer',
      '/explorer/explorer.js',
      '/explorer/fetcher.js',
      '/explorer/token.js',
      '/explorer/explorer.css',
    ])
      expect((await get(path)).text.replace(SANDBOX_LINK, '')).not.toMatch(/https?:\/\//);
  });

  test('has examples, all of which run unchanged', async () => {
    const { body } = await get('/explorer/examples.json');
    expect(body).toEqual(await readExamples());
    expect(body.length).toBeGreaterThan(3);
    for (const { title, document } of body) {
      expect(document.startsWith(`# ${title}\n`)).toBe(true);
      if (/^subscription/m.test(document)) {
        const following = follow(app, 'WebSocket', document);
        expect(Object.values(await following.next())).toHaveLength(1);
        await following.stop();
        continue;
      }
      const { status, data, errors } = await app.graphql(document);
      expect({ title, status, errors }).toEqual({ title, status: 200, errors: undefined });
      for (const answer of Object.values(data) as { userErrors?: unknown[] }[])
        expect(answer.userErrors ?? []).toEqual([]);
    }
  });

  test('configures GraphiQL with the endpoint and the token, over HTTP, and over WebSocket for subscriptions', async () => {
    expect((await get('/explorer/explorer.js')).text).toContain('createFetcher(fetcherOptions(');
    const { fetcherOptions } = await import(String(FETCHER));
    // The names are those of createFetcher's options.
    const { url, headers, subscriptionUrl, wsConnectionParams } = fetcherOptions(
      `${app.url}/explorer#anywhere`,
      app.token(),
    );
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ viewer { accountName } }' }),
    });
    expect(await answer.json()).toEqual({ data: { viewer: { accountName: 'standalone' } } });
    const client = createClient({
      url: subscriptionUrl,
      connectionParams: wsConnectionParams,
      webSocketImpl: WebSocket,
    });
    for await (const event of client.iterate({ query: 'subscription { activityFeed { isSnapshot } }' })) {
      expect(event).toEqual({ data: { activityFeed: { isSnapshot: true } } });
      break;
    }
    await client.dispose();
    expect(fetcherOptions('https://example.com/gateway/explorer', '')).toEqual({
      url: 'https://example.com/gateway/graphql',
      headers: {},
      subscriptionUrl: 'wss://example.com/gateway/graphql',
      wsConnectionParams: {},
    });
  });

  test('finds a token in any text, and in the link that npm start prints', async () => {
    const { tokenIn, tokenInFragment } = await import(String(TOKEN));
    const token = app.token();
    for (const pasted of [
      token,
      ` ${token}\n`,
      `"${token}"`,
      `'${token}'`,
      `Bearer ${token}`,
      `bearer  ${token}`,
      `Authorization: Bearer ${token}`,
      `{ "Authorization": "Bearer ${token}" }`,
    ])
      expect(tokenIn(pasted)).toBe(token);
    // A text without a token is sent unchanged, so that the gateway refuses it.
    expect(tokenIn(' nonsense ')).toBe('nonsense');
    expect(tokenIn(tokenInFragment(`#token=${token}`))).toBe(token);
    expect(tokenInFragment('')).toBeUndefined();
    expect(tokenInFragment('#anything')).toBeUndefined();
  });

  test('logs in with the documents of its page', async () => {
    await app.setPassword('a password of this test');
    const { text } = await get('/explorer/explorer.js');
    const documentOf = (name: string) => new RegExp(`const ${name} =\\s+'([^']+)'`).exec(text)![1];
    const logIn = async (password: string) => {
      const input = { email: 'john@example.com', password, account: null };
      const answer = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: documentOf('LOGIN'), variables: { input } }),
      });
      return answer.json();
    };
    expect(await logIn('another password')).toMatchObject({
      errors: [{ message: expect.stringMatching(/password/), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    const { token } = (await logIn('a password of this test')).data.login.session;
    expect((await app.graphql(documentOf('VIEWER')!, {}, token)).data.viewer).toEqual({
      accountName: 'standalone',
      person: { email: 'john@example.com' },
    });
  });

  test('loads the schema with its token, and asks for a token if there is none', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect((await app.graphql(query)).data.__schema.queryType.name).toBe('Query');
    const answer = await app.graphql(query, {}, 'no token');
    expect([answer.status, answer.errors?.[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

describe('the page of the REST API', () => {
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  test('is shown to a browser at /api/v2, and loads data from and sends requests to this server only', async () => {
    const page = await get('/api/v2', html);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toBe(
      (await get('/explorer')).headers['content-security-policy'],
    );
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|https?:/);
    const links = linksIn(page.text).filter((link) => link !== 'data:,');
    expect(links).toHaveLength(4);
    for (const link of links) {
      const { pathname } = new URL(link, `${app.url}/api/v2`);
      expect([link, (await get(pathname)).status]).toEqual([link, 200]);
    }
    expect((await get('/api/v2/', html)).headers.location).toBe('../v2');
  });

  test.each([{}, { accept: '*/*' }, { accept: 'application/json' }])(
    'is not shown to a program that sends %j',
    async (headers) => {
      for (const path of ['/api/v2', '/api/v2/']) expectError(await get(path, headers), 404, 'NotFound');
    },
  );

  test('does not affect other paths or methods', async () => {
    expect((await get('/api/v2/about', html)).body).toMatchObject({ self_hosted: true });
    for (const path of ['/api', '/api/v2/nothing']) expectError(await get(path, html), 404, 'NotFound');
    expectError(await send(app, 'POST', '/api/v2', { token: null, headers: html }), 404, 'NotFound');
  });
});

test.each(['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'])(
  'the hosted Sandbox at %s may send requests to this server',
  async (origin) => {
    const { status, headers } = await preflight(app, origin);
    expect(status).toBeLessThan(300);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization,content-type,apollographql-client-name',
    });
  },
);

describe('in production, unless EXPLORER is on,', () => {
  let without: TestApp;
  beforeAll(async () => {
    without = await startApp({ environment: { NODE_ENV: 'production' } });
  });
  afterAll(() => without?.close());

  test('neither the pages nor their files exist', async () => {
    const headers = { accept: 'text/html' };
    for (const path of ['/', '/explorer', '/explorer/graphiql.js', '/explorer/examples.json', '/api/v2'])
      expectError(await send(without, 'GET', path, { token: null, headers }), 404, 'NotFound');
    expect((await send(without, 'GET', '/graphql', { token: null, headers })).status).toBe(401);
  });

  test('the page for setting a password still exists, and uses this server only', async () => {
    const from = (path: string) => send(without, 'GET', path, { token: null });
    const page = await from('/set-password');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/);
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style=/);
    const links = linksIn(page.text).filter((link) => link !== 'data:,');
    expect(links).toHaveLength(2);
    for (const link of links) {
      const { status, headers, text } = await from(new URL(link, `${without.url}/set-password`).pathname);
      expect([status, headers['content-type']]).toEqual([
        200,
        expect.stringMatching(/^text\/(css|javascript);/),
      ]);
      expect(text).not.toMatch(/https?:\/\//);
    }
    const { text } = await from('/set-password/page.js');
    const query = /const SET =\s+'([^']+)'/.exec(text)![1];
    const input = { token: 'password_1_none', password: 'a password' };
    const answer = await fetch(`${without.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    expect(await answer.json()).toMatchObject({
      data: { setPassword: null },
      errors: [{ message: expect.stringMatching(/link/), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('the hosted Sandbox may not send requests', async () => {
    const { headers } = await preflight(without, 'https://studio.apollographql.com');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
