import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, type RawRequest, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { exchange } from './raw-bytes.ts';

export function server(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => app?.close());

  const json = { 'content-type': 'application/json' };
  const viewer = JSON.stringify({ query: '{ viewer { accountName } }' });
  const graph = (request: RawRequest = {}) =>
    send(app, 'POST', '/graphql', { headers: json, body: viewer, ...request });

  /** A request for each kind of answer, successful or not. */
  const answers = async (headers: Record<string, string> = {}) => ({
    'a page of REST': await send(app, 'GET', '/api/v2/script-profiles', { headers }),
    'a refusal of REST': await send(app, 'GET', '/api/v2/script-profiles/4242', { headers }),
    'no token': await send(app, 'GET', '/api/v2/script-profiles', { token: null, headers }),
    'no such path': await send(app, 'GET', '/nothing', { headers }),
    'a path that can’t be decoded': await send(app, 'GET', '/%zz', { headers }),
    'a wrong method': await send(app, 'DELETE', '/api/v2/script-profiles', { headers }),
    'a wrong type': await send(app, 'POST', '/api/v2/script-profiles', {
      body: 'x',
      headers: { ...headers, 'content-type': 'x' },
    }),
    'a result of the graph': await graph({ headers: { ...json, ...headers } }),
    'no token for the graph': await graph({ token: null, headers: { ...json, ...headers } }),
    'a broken body for the graph': await graph({ body: '{', headers: { ...json, ...headers } }),
    'an unknown method of the graph': await send(app, 'PUT', '/graphql', { headers }),
    health: await send(app, 'GET', '/healthz', { token: null, headers }),
  });

  describe('health', () => {
    test.each([
      ['/healthz', { status: 'alive' }],
      ['/readyz', { status: 'ready' }],
    ])('%s answers 200 without a token, to GET and HEAD', async (path, body) => {
      expect(await send(app, 'GET', path, { token: null })).toMatchObject({ status: 200, body });
      expect(await send(app, 'HEAD', path, { token: null })).toMatchObject({ status: 200, text: '' });
    });
  });

  describe('every answer', () => {
    test('has its own request id and a content type, and is not cached', async () => {
      const all = Object.entries(await answers());
      for (const [what, { headers }] of all) {
        expect({ what, id: headers['x-request-id'] }).toEqual({
          what,
          id: expect.stringMatching(/^[\da-f-]{36}$/),
        });
        expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
        expect(headers).not.toHaveProperty('x-powered-by');
        expect(headers['content-type']).toMatch(
          /^application\/(json|graphql-response\+json); charset=utf-8$/,
        );
      }
      expect(new Set(all.map(([, { headers }]) => headers['x-request-id'])).size).toBe(all.length);
    });

    test('has the request id of a trusted proxy if it is valid', async () => {
      for (const [what, { headers }] of Object.entries(await answers({ 'x-request-id': 'Trace_1.a-b' }))) {
        expect({ what, id: headers['x-request-id'] }).toEqual({ what, id: 'Trace_1.a-b' });
      }
    });

    test.each(['', ' ', 'a b', '<script>', 'x'.repeat(65), 'a"b', 'é', '../../etc', 'a,b', '{"level":50}'])(
      'has a new request id instead of %j',
      async (id) => {
        const { headers } = await graph({ headers: { ...json, 'x-request-id': id } });
        expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
      },
    );
  });

  describe('/graphql', () => {
    const refused = { errors: [{ message: expect.any(String), extensions: { code: expect.any(String) } }] };

    test.each([false, true])(
      'accepts a body of 256 KiB, and answers 413 to a longer one; chunked: %s',
      async (chunked) => {
        const padded = (bytes: number) => viewer + ' '.repeat(bytes - viewer.length);
        expect((await graph({ body: padded(256 * 1024), chunked })).status).toBe(200);
        for (const more of [1, 2 ** 20]) {
          const answer = await graph({ body: padded(256 * 1024 + more), chunked });
          expect(answer).toMatchObject({ status: 413, body: refused });
        }
      },
    );

    test.each(['addScriptAttachment', 'reportExecution'])(
      'accepts a body of 4 MiB with %s, which carries a file or a report, and answers 413 to a longer one',
      async (name) => {
        const upload = JSON.stringify({ query: `mutation { ${name} { userErrors { code } } }` });
        const padded = (bytes: number) => upload + ' '.repeat(bytes - upload.length);
        // The body is read, and then refused because its input is missing.
        expect((await graph({ body: padded(4 * 2 ** 20) })).status).toBe(400);
        expect(await graph({ body: padded(4 * 2 ** 20 + 1) })).toMatchObject({ status: 413, body: refused });
      },
    );

    test('accepts no more than 256 KiB if such a word occurs in another kind of document', async () => {
      const query = `{ viewer { accountName } } # reportExecution ${'x'.repeat(256 * 1024)}`;
      expect(await graph({ body: JSON.stringify({ query }) })).toMatchObject({ status: 413, body: refused });
    });

    test('accepts the same size for a document that is requested by its hash', async () => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
      const body = JSON.stringify({ extensions, variables: { content: 'A'.repeat(2 ** 20) } });
      expect((await graph({ body })).body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    });

    test.each([
      ['several operations in one request', `[${viewer},${viewer}]`],
      ['a single operation in a list', `[${viewer}]`],
      ['an empty list', '[]'],
      ['a body that is not JSON', '{"query":'],
      ['an empty body', ''],
      ['a text', '"{ viewer { accountName } }"'],
      ['an object without a query', '{}'],
      ['an empty query', '{"query": ""}'],
      ['a number as the query', '{"query": 5}'],
      ['a text as the variables', '{"query": "{ viewer { accountName } }", "variables": "{}"}'],
      ['a key that would set a prototype', '{"query": "{ viewer { accountName } }", "__proto__": {"a": 1}}'],
      ['an invalid document', '{"query": "{ viewer {"}'],
      ['an unknown field', '{"query": "{ nothing }"}'],
      [
        'an operation that does not exist',
        '{"query": "query A { viewer { accountName } }", "operationName": "B"}',
      ],
    ])('refuses %s with 400, in the form of GraphQL errors', async (_what, body) => {
      const answer = await graph({ body });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0]).toMatchObject(refused.errors[0]!);
      expect(answer.body.errors[0].extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
      expect(answer.body).not.toHaveProperty('data');
    });

    const archive = 'mutation { archiveScriptProfile(input: { id: 5 }) { userErrors { code } } }';
    const isArchived = async () => (await app.rest('GET', '/script-profiles/5')).body.archived;

    test('runs only the named operation', async () => {
      const query = archive.replace('mutation', 'mutation A');
      const answer = await graph({ body: JSON.stringify({ query, operationName: 'B' }) });
      expect(answer.body.errors[0].extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
      expect(await isArchived()).toBe(false);
    });

    test('runs only queries over GET', async () => {
      const get = (query: string, headers: Record<string, string>) =>
        send(app, 'GET', `/graphql?query=${encodeURIComponent(query)}`, { headers });
      expect((await get('{ viewer { accountName } }', json)).body).toEqual({
        data: { viewer: { accountName: 'standalone' } },
      });
      expect((await get(archive, json)).status).toBe(405);
      expect(await isArchived()).toBe(false);
      // The requests that a form or an image of another page could send.
      expect((await get('{ viewer { accountName } }', {})).status).toBe(400);
    });

    test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '', 'garbage'])(
      'refuses a body of type %j, which another page could send, and runs nothing',
      async (type) => {
        const body = JSON.stringify({ query: archive });
        const answer = await graph({ body, headers: { 'content-type': type } });
        expect([400, 415]).toContain(answer.status);
        expect(answer.body.errors).toHaveLength(1);
        expect(await isArchived()).toBe(false);
      },
    );

    test('redirects a browser to the explorer, but no request with a query', async () => {
      const html = { accept: 'text/html,application/xhtml+xml' };
      const page = await send(app, 'GET', '/graphql', { token: null, headers: html });
      expect([page.status, page.headers.location]).toEqual([302, '/explorer']);
      const asked = await send(app, 'GET', '/graphql?query={viewer{id}}', { token: null, headers: html });
      expect(asked.status).toBe(401);
      const home = await send(app, 'GET', '/', { token: null, headers: html });
      expect([home.status, home.headers.location]).toEqual([302, '/explorer']);
    });
  });

  describe('one of the server’s own paths', () => {
    test.each([
      ['/healthz', 'GET'],
      ['/readyz', 'GET'],
      ['/graphql', 'GET, POST'],
      ['/graphql/stream', 'GET, POST'],
      ['/metrics', 'GET'],
      ['/explorer', 'GET'],
    ])('%s answers 405 to other methods, with the allowed ones: %s', async (path, allow) => {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        const answer = await send(app, method, `${path}?a=b`, { token: null, body: 'x' });
        expectError(answer, 405, 'MethodNotAllowed');
        expect(answer.headers.allow).toBe(allow);
      }
      const { status, headers } = await send(app, 'OPTIONS', path, { token: null });
      expect([status, headers.allow]).toEqual([204, allow]);
    });
  });

  describe('an upload whose client disconnects', () => {
    test.each(['/api/v2/script-profiles', '/graphql'])('to %s is not an internal error', async (path) => {
      const before = app.faults().length;
      const { hostname, port } = new URL(app.url);
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${app.token()}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      // A later request has been answered. So the server is reading the upload, and will find that it has ended.
      await send(app, 'GET', '/api/v2/script-profiles');
      await new Promise((resolve) => socket.once('close', resolve).destroy());
      await send(app, 'GET', '/api/v2/script-profiles');
      expect(app.faults().slice(before)).toEqual([]);
    });
  });

  describe('an invalid HTTP request is answered with an error object, and the connection is closed', () => {
    test.each([
      ['a plain greeting', 'HELO example.com\r\n\r\n', 400, 'BadRequest'],
      ['an unknown version', 'GET / HTTP/9.9\r\n\r\n', 400, 'BadRequest'],
      [
        'two lengths',
        'POST /api/v2/script-profiles HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
        400,
        'BadRequest',
      ],
      [
        'a length and chunks',
        'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
        'BadRequest',
      ],
      ['headers of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, 'HeadersTooLarge'],
    ])('%s', async (_what, bytes, status, error) => {
      const [head = '', body = ''] = (await exchange(app.url, bytes)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toMatch(/connection: close/i);
      expect(JSON.parse(body)).toEqual({
        error,
        message: expect.stringMatching(/\.$/),
        detail: null,
        code: status,
      });
    });

    test('a connection with keep-alive continues after a refusal whose body was not read', async () => {
      const length = 'Content-Length: 11\r\n\r\n{"broken":1';
      const got = await exchange(
        app.url,
        `POST /api/v2/script-profiles HTTP/1.1\r\nHost: a\r\n${length}` +
          `PUT /api/v2/script-profiles HTTP/1.1\r\nHost: a\r\n${length}` +
          'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      );
      expect([...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
        '401',
        '405',
        '200',
      ]);
    });
  });

  test('an error of REST has the same form wherever it occurs in the server', async () => {
    for (const [what, status, error] of [
      ['no such path', 404, 'NotFound'],
      ['a path that can’t be decoded', 404, 'NotFound'],
      ['a wrong method', 405, 'MethodNotAllowed'],
      ['a wrong type', 415, 'UnsupportedMediaType'],
    ] as const) {
      expectError((await answers())[what], status, error);
    }
  });
}
