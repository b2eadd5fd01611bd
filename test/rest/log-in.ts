import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, type RawRequest, send } from './raw.ts';

export function logIn() {
  const EMAIL = 'john@example.com';
  const PASSWORD = 'correct horse battery staple';

  let app: TestApp;
  beforeAll(async () => {
    // Tokens have the machine's time, so revocations must have it, too.
    app = await sharedApp({ now: () => instantOf(Math.floor(Date.now() / 1000)) });
    await app.addAccount('acme', EMAIL);
    await app.addAccount('other', 'jane@example.com');
    await app.setPassword(PASSWORD);
    await app.setPassword('the other password', EMAIL, 'acme');
  });
  beforeEach(() => app.database.prisma.logInAttempts.deleteMany());

  const call = (method: string, path: string, request: RawRequest & { json?: object } = {}) =>
    send(app, method, `/api/v2${path}`, {
      token: null,
      ...request,
      ...(request.json && { body: JSON.stringify(request.json) }),
    });
  const logIn = (json: object = {}, request: RawRequest = {}) =>
    call('POST', '/login', { json: { email: EMAIL, password: PASSWORD, ...json }, ...request });
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  const reads = async (token: string) => (await call('GET', '/script-profiles', { token })).status;
  const pairOf = (cookies: string[] | undefined) => cookies![0]!.split(';')[0]!;

  describe('a log-in with a password', () => {
    test.each(['/api/v2', '/api'])(
      'returns a token and all properties that clients expect, under %s',
      async (prefix) => {
        const body = JSON.stringify({ email: EMAIL, password: PASSWORD });
        const answer = await send(app, 'POST', `${prefix}/login`, { token: null, body });
        expect([answer.status, answer.body]).toEqual([
          200,
          {
            token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
            email: EMAIL,
            name: 'John Smith',
            accounts: [
              {
                name: 'standalone',
                title: 'Standalone',
                default: true,
                subdomain: null,
                classic_dashboard_url: '',
              },
              { name: 'acme', title: 'acme', default: false, subdomain: null, classic_dashboard_url: '' },
            ],
            current_account: 'standalone',
            attach_code: null,
            return_to: null,
            invitation_id: null,
            has_password: true,
            identity_source: 'password',
            self_hosted: true,
          },
        ]);
        expect(await reads(answer.body.token)).toBe(200);
        const { exp, iat, sub, acc, id } = claimsOf(answer.body.token);
        expect([exp - iat, sub, acc, id]).toEqual([86_400, EMAIL, 'standalone', 1]);
      },
    );

    test('accepts identity instead of email, an account with its own password, and minutes', async () => {
      expect((await logIn({ email: null, identity: EMAIL })).status).toBe(200);
      const there = await logIn({ account: 'acme', password: 'the other password', expiry_minutes: 5 });
      expect([there.status, there.body.current_account]).toEqual([200, 'acme']);
      const { exp, iat } = claimsOf(there.body.token);
      expect(exp - iat).toBe(300);
      expect((await logIn({ account: 'acme' })).status).toBe(401);
    });

    test('works without an Authorization header, and ignores one', async () => {
      expect((await logIn({}, { token: 'long.since.expired' })).status).toBe(200);
    });

    test.each([
      ['a wrong password', { password: 'wrong' }],
      ['an unknown e-mail address', { email: 'nobody@example.com' }],
      ['an unknown account', { account: 'nowhere' }],
      ['another person’s account', { account: 'other' }],
      ['a person without a password', { email: 'jane@example.com' }],
    ])('is refused with 401 for %s, with the same message', async (_what, change) => {
      const answer = await logIn(change);
      expectError(answer, 401, 'Unauthorized');
      expect(answer.body).toMatchObject({
        message: 'The e-mail address, the password or the account is wrong.',
        detail: null,
      });
      expect(answer.headers).not.toHaveProperty('set-cookie');
    });

    test.each([
      ['neither e-mail nor identity', { email: undefined }, 'email'],
      ['both of them', { identity: 'john' }, 'identity'],
      ['no password', { password: undefined }, 'password'],
      ['a password that is a number', { password: 5 }, 'password'],
      ['minutes below', { expiry_minutes: 0 }, 'expiry_minutes'],
      ['minutes above', { expiry_minutes: 43_201 }, 'expiry_minutes'],
      ['minutes as a text', { expiry_minutes: '5' }, 'expiry_minutes'],
      ['NUL in the e-mail', { email: '\0' }, 'email'],
    ])('is refused with 400 for %s', async (_what, change, field) => {
      const answer = await logIn(change);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail.field).toBe(field);
      expect(answer.text).not.toContain(PASSWORD);
    });
  });

  describe('the cookie', () => {
    const cookieOf = async (request: RawRequest = {}) => (await logIn({}, request)).headers['set-cookie'];

    test('is inaccessible to scripts and other sites', async () => {
      const [cookie] = (await cookieOf())!;
      expect(cookie).toMatch(
        /^gateway_token=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Expires=[^;]+ GMT$/,
      );
    });

    test('trusts only a trusted proxy’s header that the connection was encrypted', async () => {
      const [cookie] = (await cookieOf({ headers: { 'x-forwarded-proto': 'https' } }))!;
      expect(cookie).not.toContain('Secure');
    });

    test('is not set if another site’s page logs in', async () => {
      for (const site of ['cross-site', 'same-site'])
        expect(await cookieOf({ headers: { 'sec-fetch-site': site } })).toBeUndefined();
      for (const site of ['same-origin', 'none'])
        expect(await cookieOf({ headers: { 'sec-fetch-site': site } })).toHaveLength(1);
      // Over plain HTTP, browsers send only the origin.
      for (const origin of ['http://evil.example', `${app.url}.evil.example`, 'http://127.0.0.1', 'null', ''])
        expect(await cookieOf({ headers: { origin } })).toBeUndefined();
      expect(await cookieOf({ headers: { origin: app.url } })).toHaveLength(1);
    });

    test('returns the person and the token, and nothing without a valid token', async () => {
      const { body, headers } = await logIn();
      const cookie = `theme=dark; ${pairOf(headers['set-cookie'])}; gateway_tokens=x`;
      expect((await call('GET', '/me', { headers: { cookie } })).body).toEqual(body);
      expect((await call('GET', '/me', { token: body.token })).body).toEqual(body);
      for (const request of [
        {},
        { headers: { cookie: 'gateway_token=' } },
        { headers: { cookie: 'gateway_token=a.b.c' } },
        { headers: { cookie: 'gateway_token' } },
        { headers: { cookie: `xgateway_token=${body.token}` } },
        { token: 'long.since.expired' },
      ])
        expect(await call('GET', '/me', request)).toMatchObject({ status: 200, body: {} });
    });

    test('is not accepted by any other path, with any method', async () => {
      const cookie = pairOf((await logIn()).headers['set-cookie']);
      for (const [method, path] of [
        ['GET', '/script-profiles'],
        ['POST', '/script-profiles/5:archive'],
        ['PATCH', '/script-profiles/5'],
        ['POST', '/switch-account'],
        ['POST', '/tokens/invalidate-me'],
        ['POST', '/tokens/invalidate-account'],
      ] as const)
        expectError(await call(method, path, { headers: { cookie }, body: '{}' }), 401, 'Unauthorized');
      const headers = { cookie, 'content-type': 'application/json' };
      const body = '{"query": "{ viewer { accountName } }"}';
      expect((await send(app, 'POST', '/graphql', { token: null, headers, body })).status).toBe(401);
      expect((await app.rest('GET', '/script-profiles/5')).body.archived).toBe(false);
    });
  });

  describe('the log-out', () => {
    test('by the cookie from another site’s page does nothing', async () => {
      const { body, headers } = await logIn();
      const cookie = pairOf(headers['set-cookie']);
      for (const from of [
        { origin: 'http://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const out = await call('POST', '/logout', { headers: { cookie, ...(from as object) }, body: '{}' });
        expect([out.status, out.headers['set-cookie']]).toEqual([200, undefined]);
      }
      expect(await reads(body.token)).toBe(200);
    });

    test('by the cookie revokes the token everywhere, and removes the cookie', async () => {
      const { body, headers } = await logIn();
      const cookie = pairOf(headers['set-cookie']);
      const out = await call('POST', '/logout', { headers: { cookie }, body: '{}' });
      expect([out.status, out.body]).toEqual([200, {}]);
      expect(out.headers['set-cookie']).toEqual([
        'gateway_token=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
      ]);
      expect(await reads(body.token)).toBe(401);
      expect((await call('GET', '/me', { headers: { cookie } })).body).toEqual({});
    });

    test('by the header revokes that token, and no other of the same person', async () => {
      const [one, another] = [(await logIn()).body.token, (await logIn()).body.token];
      expect((await call('POST', '/logout', { token: one })).status).toBe(200);
      expect([await reads(one), await reads(another)]).toEqual([401, 200]);
      expect((await app.graphql('{ viewer { accountName } }', {}, one)).status).toBe(401);
    });

    test('succeeds again, also without a valid token', async () => {
      const { token } = (await logIn()).body;
      for (const request of [{ token }, { token }, {}, { token: 'a.b.c' }])
        expect((await call('POST', '/logout', request)).status).toBe(200);
    });
  });

  describe('the revocation of tokens', () => {
    test('of a person ends all of theirs in this account and no others, and they can log in again immediately', async () => {
      const [one, another] = [(await logIn()).body.token, (await logIn()).body.token];
      const elsewhere = (await logIn({ account: 'acme', password: 'the other password' })).body.token;
      expect(await call('POST', '/tokens/invalidate-me', { token: one })).toMatchObject({
        status: 200,
        body: {},
      });
      expect([await reads(one), await reads(another), await reads(elsewhere)]).toEqual([401, 401, 200]);
      expect(await reads(app.token('jane@example.com', 'other'))).toBe(200);
      expect(await reads((await logIn()).body.token)).toBe(200);
    });

    test('of an account ends all of its people’s', async () => {
      const { token } = (await logIn({ account: 'acme', password: 'the other password' })).body;
      const elsewhere = (await logIn()).body.token;
      expect((await call('POST', '/tokens/invalidate-account', { token })).status).toBe(200);
      expect([await reads(token), await reads(elsewhere)]).toEqual([401, 200]);
      expect(await reads((await logIn({ account: 'acme', password: 'the other password' })).body.token)).toBe(
        200,
      );
    });
  });

  describe('switching the account', () => {
    test('returns a token of the other account, which expires no later than the current one', async () => {
      const { token } = (await logIn({ expiry_minutes: 5 })).body;
      const switched = await call('POST', '/switch-account', { token, json: { account_name: 'acme' } });
      expect([switched.status, Object.keys(switched.body)]).toEqual([200, ['token']]);
      expect(claimsOf(switched.body.token)).toMatchObject({
        acc: 'acme',
        sub: EMAIL,
        exp: claimsOf(token).exp,
      });
      const cookie = pairOf(switched.headers['set-cookie']);
      expect((await call('GET', '/me', { headers: { cookie } })).body.current_account).toBe('acme');
    });

    test.each(['other', 'nowhere', ''])(
      'to %j is refused, because the person is not in that account',
      async (name) => {
        // The server must issue the token. A forged one of the second of a revocation would be revoked, too.
        const { token } = (await logIn()).body;
        const answer = await call('POST', '/switch-account', { token, json: { account_name: name } });
        expectError(answer, 400, 'InvalidInput');
        expect(answer.body.detail).toMatchObject({
          field: 'account_name',
          allowed: expect.stringContaining('acme'),
        });
      },
    );
  });

  describe('an access key', () => {
    // The server must issue the token. A forged one of the second of a revocation would be revoked, too.
    let john: string;
    beforeAll(async () => {
      john = (await logIn()).body.token;
    });
    const graphql = (document: string) => app.graphql(document, {}, john);
    const create = `mutation { createAccessKey(input: { title: "Terraform" }) {
    secretKey accessKey { key title createdAt lastUsedAt } userErrors { field message } } }`;
    const keys = async () =>
      (await graphql('{ viewer { accessKeys { key title lastUsedAt } } }')).data.viewer.accessKeys;
    const use = (access_key: string, secret_key: string, more: object = {}) =>
      call('POST', '/login/access-key', { json: { access_key, secret_key, ...more } });
    const made = async () => {
      const { secretKey, accessKey } = (await graphql(create)).data.createAccessKey;
      return { secretKey, key: accessKey.key };
    };

    test('logs a program in as its owner, and is listed without its secret', async () => {
      const { key, secretKey } = await made();
      expect(key).toMatch(/^[A-Z2-9]{20}$/);
      expect(await keys()).toContainEqual({ key, title: 'Terraform', lastUsedAt: null });
      const { status, body } = await use(key, secretKey, { expiry_minutes: 7 });
      expect([status, body.email, body.current_account, body.attach_code]).toEqual([
        200,
        EMAIL,
        'standalone',
        null,
      ]);
      const { exp, iat } = claimsOf(body.token);
      expect(exp - iat).toBe(420);
      expect(await reads(body.token)).toBe(200);
      expect((await keys()).find((one: { key: string }) => one.key === key).lastUsedAt).not.toBeNull();
    });

    test('that is revoked also revokes its tokens, in all accounts, while other keys and tokens stay valid', async () => {
      const [{ key, secretKey }, other] = [await made(), await made()];
      const { token } = (await use(key, secretKey)).body;
      const switched = (await call('POST', '/switch-account', { token, json: { account_name: 'acme' } })).body
        .token;
      const unaffected = (await use(other.key, other.secretKey)).body.token;
      const revoke = `mutation { revokeAccessKey(input: { key: "${key}" }) { revokedKey userErrors { code field } } }`;
      expect((await graphql(revoke)).data.revokeAccessKey).toEqual({ revokedKey: key, userErrors: [] });
      expect([await reads(token), await reads(switched), await reads(unaffected)]).toEqual([401, 401, 200]);
      expectError(await use(key, secretKey), 401, 'Unauthorized');
      expect((await graphql(revoke)).data.revokeAccessKey).toEqual({
        revokedKey: null,
        userErrors: [{ code: 'NOT_FOUND', field: 'key' }],
      });
    });

    test('cannot create further keys with its tokens, in any account', async () => {
      const { key, secretKey } = await made();
      const { token } = (await use(key, secretKey)).body;
      const switched = (await call('POST', '/switch-account', { token, json: { account_name: 'acme' } })).body
        .token;
      const before = await keys();
      for (const one of [token, switched]) {
        const { data, errors } = await app.graphql(create, {}, one);
        expect([data, errors?.[0].extensions.code]).toEqual([{ createAccessKey: null }, 'FORBIDDEN']);
      }
      expect(await keys()).toEqual(before);
    });

    test('belongs to its owner only, and no other person can list or revoke it', async () => {
      const { key } = await made();
      const jane = app.token('jane@example.com', 'other');
      const seen = await app.graphql('{ viewer { accessKeys { key } } }', {}, jane);
      expect(seen.data.viewer.accessKeys).toEqual([]);
      const revoke = `mutation { revokeAccessKey(input: { key: "${key}" }) { userErrors { code } } }`;
      expect((await app.graphql(revoke, {}, jane)).data.revokeAccessKey.userErrors).toEqual([
        { code: 'NOT_FOUND' },
      ]);
      expect(await keys()).toContainEqual(expect.objectContaining({ key }));
    });

    test.each([
      ['a wrong secret', async () => [(await made()).key, 'wrong'] as const],
      ['another key’s secret', async () => [(await made()).key, (await made()).secretKey] as const],
      ['an unknown key', async () => ['NOSUCHKEY', 'x'] as const],
    ])('is refused with 401 for %s', async (_what, credentials) => {
      const answer = await use(...(await credentials()));
      expectError(answer, 401, 'Unauthorized');
      expect(answer.body.message).toBe('The access key or its secret is wrong.');
    });

    test('is one of at most twenty', async () => {
      while ((await keys()).length < 20) await made();
      const refused = (await graphql(create)).data.createAccessKey;
      expect(refused).toMatchObject({
        accessKey: null,
        secretKey: null,
        userErrors: [{ field: 'accessKeys' }],
      });
    });
  });
}
