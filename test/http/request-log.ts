import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { signedIn } from './raw-socket.ts';

export function requestLog(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      logLevel: 'trace',
      environment: { RATE_LIMIT: '1000', LOG_LEVEL: 'trace', TRUSTED_PROXIES: '127.0.0.1' },
    });
  });
  afterAll(() => app?.close());
  beforeEach(() => {
    app.logged().length = 0;
  });

  const lines = () => app.logged().map((line) => JSON.parse(line));
  const requests = () => lines().filter(({ msg }) => msg === 'request');
  const graph = (query: string, headers: Record<string, string> = {}, more: object = {}) =>
    send(app, 'POST', '/graphql', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, ...more }),
    });
  /** The line may follow shortly after the answer. */
  const line = async (number = 1) => {
    await waitUntil(`${number} requests are logged`, requests, ({ length }) => length >= number);
    return requests()[number - 1];
  };

  const JOHN = { account: 1, person: 1 };

  describe('each request writes one log line, which contains', () => {
    test('for GraphQL, the operation by schema and by name, the caller and the request id', async () => {
      const answer = await graph('query Home { viewer { accountName } }', { 'x-request-id': 'from-outside' });
      expect(answer.headers['x-request-id']).toBe('from-outside');
      expect(await line()).toMatchObject({
        requestId: 'from-outside',
        method: 'POST',
        path: '/graphql',
        status: 200,
        operation: 'query viewer',
        operationName: 'Home',
        caller: JOHN,
        outcome: 'OK',
      });
      expect(requests()).toHaveLength(1);
    });

    test('for the legacy API, the route', async () => {
      await app.rest('GET', '/script-profiles/5/activities?limit=2');
      await app.rest('GET', '/script-profiles/4242');
      expect(await line(2)).toMatchObject({ outcome: 'NOT_FOUND', status: 404, caller: JOHN });
      expect(requests()[0]).toMatchObject({
        path: '/api/v2/script-profiles/5/activities',
        operation: 'GET /script-profiles/{id}/activities',
        caller: JOHN,
        outcome: 'OK',
      });
    });

    test.each([
      [
        'several fields as `several`',
        '{ __typename viewer { accountName } limits { minInterval } }',
        'query several',
        'OK',
      ],
      [
        'a fragment’s fields',
        'query { ...F } fragment F on Query { limits { minInterval } }',
        'query limits',
        'OK',
      ],
      [
        'a refusal in the data',
        'mutation { archiveScriptProfile(input: { id: 4242 }) { userErrors { code } } }',
        'mutation archiveScriptProfile',
        'NOT_FOUND',
      ],
      [
        'a refusal under an alias',
        'mutation { archiveScriptProfile(input: { id: 4242 }) { userErrors { code: message } } }',
        'mutation archiveScriptProfile',
        'REFUSED',
      ],
      ['an error', '{ scriptProfile(id: "x") { title } nonsense }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ])('%s', async (_, query, operation, outcome) => {
      await graph(query);
      const { operation: found, outcome: how } = await line();
      expect([found, how]).toEqual([operation, outcome]);
    });

    test('a refused authentication without a caller', async () => {
      await send(app, 'POST', '/graphql', {
        token: null,
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      const found = await line();
      expect(found).toMatchObject({ status: 401, outcome: 'UNAUTHENTICATED' });
      expect(found).not.toHaveProperty('caller');
    });

    test('also a path that cannot be decoded', async () => {
      await send(app, 'GET', '/%zz?token=hidden');
      expect(await line()).toMatchObject({ path: '/%zz', status: 404 });
    });
  });

  describe('the id of a request', () => {
    test('is in the errors of both APIs, and next to an internal error in the log', async () => {
      const headers = { 'x-request-id': 'find.me-1' };
      const refused = await graph('{ scriptProfile(id: 4242) { title } }', headers);
      expect(refused.body.extensions).toEqual({ requestId: 'find.me-1' });
      const unread = await graph('{ x'.repeat(200_000), headers);
      expect([unread.status, unread.body.extensions]).toEqual([413, { requestId: 'find.me-1' }]);
      const rest = await send(app, 'GET', '/api/v2/script-profiles/4242', { headers });
      expect(rest.body.request_id).toBe('find.me-1');

      await app.database.prisma.$executeRawUnsafe('alter table script_profile rename to gone');
      try {
        const masked = await graph('{ scriptProfiles { totalCount } }', headers);
        expect(masked.body.extensions).toEqual({ requestId: 'find.me-1' });
        const fault = lines().find(({ msg }) => msg === 'fault');
        expect(fault).toMatchObject({ requestId: 'find.me-1' });
      } finally {
        await app.database.prisma.$executeRawUnsafe('alter table gone rename to script_profile');
      }
    });

    test('is generated if none was sent, or an invalid one', async () => {
      for (const sent of [undefined, 'two words', 'x'.repeat(65), '{"json": true}']) {
        const answer = await graph(
          '{ viewer { accountName } }',
          sent === undefined ? {} : { 'x-request-id': sent },
        );
        expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
      }
    });

    test('is not in an answer without errors', async () => {
      expect((await graph('{ viewer { accountName } }')).body).not.toHaveProperty('extensions');
    });
  });

  test('no secret is ever logged, however it was sent', async () => {
    const CANARY = 'canary-0123456789abcdef0123456789';
    const bearer = { authorization: `Bearer ${CANARY}`, cookie: `session=${CANARY}` };
    await send(app, 'GET', `/api/v2/script-profiles?token=${CANARY}`, { headers: bearer });
    await send(app, 'GET', `/graphql?query={viewer{accountName}}&token=${CANARY}`, { headers: bearer });
    await send(app, 'GET', `/%zz?${CANARY}`, { headers: bearer });
    await graph('{ viewer { accountName } }', { authorization: `Basic ${btoa(`standalone:${CANARY}`)}` });
    await graph(
      `mutation { updatePreferences(input: { registrationKey: "${CANARY}" }) { userErrors { code } } }`,
    );
    const made = await graph(
      'mutation { enrolComputer(input: { hostname: "secretive" }) { token userErrors { message } } }',
    );
    const { token } = made.body.data.enrolComputer;
    await graph('mutation { takeExecutions(input: {}) { executions { id } } }', {
      authorization: `Bearer ${token}`,
    });
    await graph('query ($key: String!) { viewer { accountName } }', {}, { variables: { key: CANARY } });
    const socket = await signedIn(app.url, app.token());
    socket.say({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { activityFeed { isSnapshot } }', variables: { key: CANARY } },
    });
    await socket.receive();
    await waitUntil('the subscription is logged', lines, (all) =>
      all.some(({ msg }) => msg === 'subscription'),
    );
    socket.socket.terminate();

    const text = app.logged().join('');
    expect(text).toContain('"operation":"subscription activityFeed"');
    for (const secret of [CANARY, btoa(CANARY).slice(4, 30), token, app.token().split('.')[2]!, app.secret])
      expect(text).not.toContain(secret);
  });
}
