import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

export function logIn(): void {
  const PASSWORD = 'correct horse battery staple';
  const login = (password = PASSWORD, selection = 'session { token expiresAt viewer { accountName } }') =>
    `login(input: { email: "john@example.com", password: "${password}" }) { ${selection} }`;

  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
    await app.setPassword(PASSWORD);
  });
  beforeEach(() => app.database.prisma.logInAttempts.deleteMany());

  /** Sends a request without a token. */
  const anonymously = (
    body: unknown,
    { method = 'POST', path = '/graphql', type = 'application/json' } = {},
  ) =>
    send(app, method, path, {
      token: null,
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const run = async (query: string, variables: object = {}) => anonymously({ query, variables });

  const unauthenticated = {
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  };

  describe('without a token,', () => {
    test('a log-in is possible, and both APIs accept the token', async () => {
      const { status, body } = await run(`mutation { ${login()} }`);
      expect(status).toBe(200);
      const { token, expiresAt, viewer } = body.data.login.session;
      expect(viewer).toEqual({ accountName: 'standalone' });
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
      const asked = await app.graphql(
        '{ viewer { accountName person { email } hasPassword accounts { name isDefault } } }',
        {},
        token,
      );
      expect(asked.data.viewer).toEqual({
        accountName: 'standalone',
        person: { email: 'john@example.com' },
        hasPassword: true,
        accounts: [{ name: 'standalone', isDefault: true }],
      });
      expect((await send(app, 'GET', '/api/v2/script-profiles', { token })).status).toBe(200);
    });

    test.each([
      [
        'with a variable',
        'mutation ($input: LoginInput!) { login(input: $input) { userErrors { field } session { token } } }',
      ],
      [
        'with an operation name',
        'mutation In ($input: LoginInput!) { __typename login(input: $input) { session { ...S } } } fragment S on Session { token }',
      ],
      ['with an alias', 'mutation ($input: LoginInput!) { in: login(input: $input) { session { token } } }'],
    ])('a log-in is possible %s', async (_what, query) => {
      const { body } = await run(query, { input: { email: 'john@example.com', password: PASSWORD } });
      expect(JSON.stringify(body)).toMatch(/"token":"[\w-]+\.[\w-]+\.[\w-]+"/);
    });

    test.each([
      ['reads data', '{ viewer { accountName } }'],
      ['reads data that is null for anonymous requests', '{ __typename }'],
      ['reads the schema', '{ __schema { types { name } } }'],
      ['logs in and reads data', `mutation { ${login()} } query Q { viewer { accountName } }`],
      [
        'logs in and runs another mutation',
        `mutation { ${login()} logout(input: {}) { userErrors { code } } }`,
      ],
      ['logs in twice, which would be two guesses', `mutation { a: ${login('a')} b: ${login('b')} }`],
      ['has no fields', 'mutation { __typename }'],
      ['logs in by a fragment', `mutation { ...M } fragment M on Mutation { ${login()} }`],
      ['logs in by an inline fragment', `mutation { ... { ${login()} } }`],
      [
        'runs another mutation under that alias',
        'mutation { login: archiveScriptProfile(input: { id: 5 }) { userErrors { code } } }',
      ],
      ['has an operation named login', 'query login { viewer { accountName } }'],
      ['reads the schema in a log-in’s document', `mutation { ${login()} __schema { types { name } } }`],
      ['subscribes', `subscription { ${login()} }`],
      ['is not a document', `mutation { ${login()} `],
      ['is empty', ''],
      ['is too long', `mutation { ${login()} } fragment F on Session { ${'token '.repeat(4000)} }`],
    ])('a document that %s is refused with 401', async (_what, query) => {
      expect(await run(query)).toMatchObject(unauthenticated);
    });

    test.each([
      ['not JSON', '{"query":'],
      ['a list', [{ query: `mutation { ${login()} }` }]],
      ['a list of two', [{ query: `mutation { ${login('a')} }` }, { query: `mutation { ${login('b')} }` }]],
      ['null', 'null'],
      ['without a query', {}],
      ['a query that is a list', { query: [`mutation { ${login()} }`] }],
      ['300 KiB', ' '.repeat(300 * 1024)],
    ])('a body that is %s is refused with 401, without further details', async (_what, body) => {
      expect(await anonymously(body)).toMatchObject(unauthenticated);
    });

    test('a log-in is possible by the hash of a document that others have sent, and nothing else is', async () => {
      const byHash = (query: string, sent = false) => {
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const extensions = { persistedQuery: { version: 1, sha256Hash } };
        const variables = { input: { email: 'john@example.com', password: PASSWORD } };
        return anonymously({ ...(sent && { query }), variables, extensions });
      };
      const logsIn = 'mutation ($input: LoginInput!) { login(input: $input) { session { token } } }';
      expect((await byHash(logsIn)).body.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
      for (const sent of [true, false]) {
        const { status, body } = await byHash(logsIn, sent);
        expect([status, body.data.login.session]).toEqual([200, { token: expect.any(String) }]);
      }
      for (const query of ['{ __typename }', '{ viewer { accountName } }', 'query Tags { tags }']) {
        const extensions = {
          persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
        };
        const known = await send(app, 'POST', '/graphql', {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, extensions }),
        });
        expect(known.body.data).toBeDefined();
        expect(await byHash(query)).toMatchObject(unauthenticated);
        expect(await byHash(query, true)).toMatchObject(unauthenticated);
      }
    });

    test.each([[5], ['x'], [{ sha256Hash: 5 }], [null], [[]]])(
      'an invalid hash, %j, is not found',
      async (persistedQuery) => {
        const { body } = await anonymously({ extensions: { persistedQuery } });
        expect(body.data).toBeUndefined();
        expect(body.errors).toHaveLength(1);
        expect(body.errors[0].extensions.code).toMatch(
          /^(UNAUTHENTICATED|BAD_REQUEST|PERSISTED_QUERY_NOT_FOUND)$/,
        );
      },
    );

    test('a log-in by GET, or by a form of another page, is not possible', async () => {
      const query = encodeURIComponent(`mutation { ${login()} }`);
      const got = await anonymously(undefined, { method: 'GET', path: `/graphql?query=${query}` });
      expect([got.status, got.headers.allow, got.body.data]).toEqual([405, 'POST', undefined]);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const answer = await anonymously({ query: `mutation { ${login()} }` }, { type });
        expect(answer.status).toBe(401);
      }
    });

    test('an error describes the log-in, but not the rest of the schema', async () => {
      const { status, body } = await run(
        'mutation { login(input: { emial: "a", password: "b" }) { sesion { token } } }',
      );
      expect(status).toBe(400);
      expect(body.errors.length).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
      const known = await app.graphql('{ viewer { acountName } }');
      expect(JSON.stringify(known.errors)).toMatch(/did you mean/i);
    });
  });

  describe('a failed log-in', () => {
    test('is the error UNAUTHENTICATED with a null payload', async () => {
      const { body } = await run(`mutation { ${login('wrong')} }`);
      expect(body).toEqual({
        data: { login: null },
        errors: [
          {
            message: 'The e-mail address, the password or the account is wrong.',
            locations: expect.anything(),
            path: ['login'],
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
        extensions: { requestId: expect.any(String) },
      });
    });

    test('has correctable faults in `userErrors`', async () => {
      const { body } = await run(
        `mutation { ${login('', 'session { token } userErrors { code field found }')} }`,
      );
      expect(body.data.login).toEqual({
        session: null,
        userErrors: [{ code: 'INVALID_INPUT', field: 'password', found: '0 characters' }],
      });
    });

    test('is refused with Retry-After after many attempts, by both APIs', async () => {
      await run(`mutation { ${login('wrong')} }`);
      await app.database.prisma.logInAttempts.updateMany({ data: { failures: 1000 } });
      const { body } = await run(`mutation { ${login()} }`);
      expect(body.errors[0].extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 900 });
      const json = JSON.stringify({ email: 'john@example.com', password: PASSWORD });
      const rest = await send(app, 'POST', '/api/v2/login', { token: null, body: json });
      expect([rest.status, rest.headers['retry-after'], rest.body.error]).toEqual([
        429,
        '900',
        'RateLimited',
      ]);
    });
  });

  test('a computer’s token cannot switch accounts and has no access keys', async () => {
    const { data } = await app.graphql('mutation { enrolComputer(input: { hostname: "web-1" }) { token } }');
    const { token } = data.enrolComputer;
    for (const document of [
      'mutation { switchAccount(input: { accountName: "standalone" }) { userErrors { code } } }',
      'mutation { createAccessKey(input: { title: "a" }) { secretKey } }',
      'mutation { invalidateAccountTokens(input: {}) { tokensValidFrom } }',
      '{ viewer { accountName } }',
    ]) {
      const { errors } = await app.graphql(document, {}, token);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  test('revoking an account’s tokens can be confirmed with its name', async () => {
    const sure = (name: string) =>
      app.graphql(
        `mutation { invalidateAccountTokens(input: { accountName: "${name}" }) { tokensValidFrom userErrors { field } } }`,
      );
    expect((await sure('acme')).data.invalidateAccountTokens).toEqual({
      tokensValidFrom: null,
      userErrors: [{ field: 'accountName' }],
    });
    expect((await app.graphql('{ viewer { accountName } }')).status).toBe(200);
  });

  test('authentication takes one statement for any token, revoked or not', async () => {
    expect(await app.statements(() => app.graphql('{ viewer { accountName } }'))).toBe(1);
    expect(await app.statements(() => app.graphql('{ viewer { hasPassword accounts { name } } }'))).toBe(2);
  });
}
