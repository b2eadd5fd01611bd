import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectError, send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';

type Headers = Readonly<Record<string, string>>;

// /session: what the log-in page asks for, and how a page that holds a token gets the cookie.
export function consoleSession(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    await app.addAccount('acme', 'john@example.com');
  });
  afterAll(() => app?.close());

  const fromConsole = () => ({ 'x-gateway-console': '1', origin: app.url });
  const describeSession = (headers: Headers) => send(app, 'GET', '/session', { token: null, headers });
  const begin = (token: string | null, headers: Headers = fromConsole()) =>
    send(app, 'POST', '/session', { token, headers });
  const cookieIn = ({ headers }: { headers: { 'set-cookie'?: string[] } }) =>
    headers['set-cookie']?.[0]?.split(';')[0] ?? 'none';
  const graph = async (query: string, headers: Headers) =>
    (
      await send(app, 'POST', '/graphql', {
        token: null,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      })
    ).body.data;

  describe('GET', () => {
    test('is for everyone, and says that no session exists', async () => {
      const { status, body, headers } = await describeSession({});
      expect([status, body]).toEqual([200, { issuer: null, expiresAt: null }]);
      expect(headers['cache-control']).toBe('no-store');
    });

    test('returns the end of the session, to the console only', async () => {
      const { body } = await begin(app.token());
      const cookie = { cookie: `gateway_token=${app.token()}` };
      const seen = await describeSession({ ...cookie, ...fromConsole() });
      expect(seen.body.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(Object.keys(body)).toEqual(['expiresAt']);
      for (const headers of [cookie, { ...cookie, ...fromConsole(), origin: 'https://evil.example' }])
        expect((await describeSession(headers)).body.expiresAt).toBeNull();
    });

    test('returns no end for a cookie that is no longer valid, without an error', async () => {
      const cookie = `gateway_token=${app.expiredToken()}`;
      const { status, body } = await describeSession({ cookie, ...fromConsole() });
      expect([status, body.expiresAt]).toEqual([200, null]);
    });

    test('names the issuer, so that the page can send a person there', async () => {
      const other = await startApp({
        environment: {
          JWT_ISSUER: 'https://id.example.com',
          JWT_AUDIENCE: 'gateway',
          JWT_JWKS_URL: 'https://id.example.com/keys',
        },
      });
      const { body } = await send(other, 'GET', '/session', { token: null });
      await other.close();
      expect(body.issuer).toBe('https://id.example.com');
    });
  });

  describe('POST', () => {
    test('puts the token of the header into the cookie, until the token expires', async () => {
      const token = app.token();
      const answer = await begin(token);
      expect(answer.status).toBe(200);
      const [cookie] = answer.headers['set-cookie']!;
      const expires = new Date(answer.body.expiresAt).toUTCString();
      expect(cookie).toBe(`gateway_token=${token}; Path=/; HttpOnly; SameSite=Strict; Expires=${expires}`);
      expect(answer.text).not.toContain(token);
    });

    test('uses the cookie that no other host can set over HTTPS', async () => {
      const secure = { 'x-forwarded-proto': 'https', origin: app.url.replace('http', 'https') };
      const answer = await begin(app.token(), { ...fromConsole(), ...secure });
      expect(answer.headers['set-cookie']![0]).toMatch(
        /^__Host-gateway_token=.*; Path=\/; Secure; HttpOnly;/,
      );
    });

    test('continues in another account, after switchAccount', async () => {
      const cookie = cookieIn(await begin(app.token()));
      const switching = 'mutation { switchAccount(input: { accountName: "acme" }) { session { token } } }';
      const { token } = (await graph(switching, { ...fromConsole(), cookie })).switchAccount.session;
      const there = cookieIn(await begin(token, { ...fromConsole(), cookie }));
      expect(await graph('{ viewer { accountName } }', { ...fromConsole(), cookie: there })).toEqual({
        viewer: { accountName: 'acme' },
      });
    });

    test('ignores a body of any type', async () => {
      for (const type of ['application/json', 'text/plain', 'image/png', 'nonsense']) {
        const headers = { ...fromConsole(), 'content-type': type };
        const { status } = await send(app, 'POST', '/session', { headers, body: '{' });
        expect({ type, status }).toEqual({ type, status: 200 });
      }
    });

    test.each<[string, () => Headers]>([
      ['without the console’s header', () => ({ origin: app.url })],
      ['from another site', () => ({ ...fromConsole(), origin: 'https://evil.example' })],
      ['from a null origin', () => ({ ...fromConsole(), origin: 'null' })],
      ['from a subdomain', () => ({ ...fromConsole(), 'sec-fetch-site': 'same-site' })],
    ])('%s is refused, so no page can log a person in as another', async (_, headersOf) => {
      const answer = await begin(app.token(), headersOf());
      expectError(answer, 403, 'Forbidden');
      expect(cookieIn(answer)).toBe('none');
    });

    test.each<[string, () => string | null]>([
      ['no token', () => null],
      ['a token that is none', () => 'a.b.c'],
      ['a token with an attribute of the cookie', () => `${app.token()};Domain=example.com`],
      ['an expired token', () => app.expiredToken()],
      ['a token of an unknown person', () => app.token('nobody@example.com')],
    ])('with %s is refused, and leaves the cookie unchanged', async (_, tokenOf) => {
      const answer = await begin(tokenOf(), { ...fromConsole(), cookie: `gateway_token=${app.token()}` });
      expectError(answer, 401, 'Unauthorized');
      expect(cookieIn(answer)).toBe('none');
    });

    test('with the token of a computer is refused, because a computer has no session', async () => {
      const enrol = 'mutation { enrolComputer(input: { hostname: "a" }) { token userErrors { message } } }';
      const { data } = await app.graphql(enrol);
      const answer = await begin(data.enrolComputer.token);
      expectError(answer, 401, 'Unauthorized');
      expect(cookieIn(answer)).toBe('none');
    });

    test('with a token that browsers could not store is refused, with the bound', async () => {
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const exp = Math.floor(Date.now() / 1000) + 600;
      const claims = { sub: 'john@example.com', acc: 'standalone', exp, groups: 'x'.repeat(4000) };
      const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
      const token = `${signed}.${createHmac('sha256', app.secret).update(signed).digest('base64url')}`;
      expect((await app.graphql('{ viewer { accountName } }', {}, token)).status).toBe(200);
      const answer = await begin(token);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail).toEqual({
        field: 'token',
        found: `${token.length} characters`,
        allowed: 'at most 4076 characters, to fit into a cookie',
      });
    });
  });

  test('other methods get 405, with the allowed ones', async () => {
    const answer = await send(app, 'DELETE', '/session', { token: null });
    expectError(answer, 405, 'MethodNotAllowed');
    expect(answer.headers.allow).toBe('GET, POST');
  });
}
