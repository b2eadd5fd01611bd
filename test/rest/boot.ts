import { beforeAll, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, type RawAnswer, type RawRequest, send } from './raw.ts';

// The requests of the real system's dashboard when it starts: before log-in, the log-in, its frame, and the log-out.
// The steps form one sequence.
export function boot() {
  const PASSWORD = 'correct horse battery staple';

  let app: TestApp;
  beforeAll(async () => {
    // Tokens have the machine's time, so revocations must have it, too.
    app = await sharedApp({ now: () => instantOf(Math.floor(Date.now() / 1000)) });
    await app.setPassword(PASSWORD);
  });

  const call = (method: string, path: string, request: RawRequest = {}) =>
    send(app, method, `/api/v2${path}`, { token: null, ...request });
  const get = (path: string, request?: RawRequest) => call('GET', path, request);
  const post = (path: string, body: object, request: RawRequest = {}) => {
    const headers = { 'content-type': 'application/json', ...request.headers };
    return call('POST', path, { ...request, headers, body: JSON.stringify(body) });
  };
  const ok = ({ status, body }: RawAnswer) => {
    expect([status, body]).toEqual([200, body]);
    return body;
  };
  /** A browser with its cookie and without an Authorization header. */
  const withCookie = (cookie: string): RawRequest => ({ headers: { cookie } });

  describe('before log-in', () => {
    test('it requests information about the server', async () => {
      expect(ok(await get('/about'))).toEqual({
        self_hosted: true,
        package_version: expect.stringMatching(/^\d/),
        revision: '',
        display_disa_stig_banner: false,
      });
    });

    test('it requests the person, and receives none', async () => {
      expect(ok(await get('/me'))).toEqual({});
    });

    test('it requests the features, one of which is script profiles', async () => {
      const features = ok(await get('/features'));
      expect(Object.keys(features)).toEqual(['results', 'count', 'next', 'previous']);
      expect(features.results).toEqual([
        {
          key: 'script-profiles',
          enabled: true,
          name: expect.any(String),
          description: expect.any(String),
          database_key: expect.any(Number),
          details: { configuration: true },
        },
      ]);
      // A token that expired long ago does not matter there.
      expect((await get('/features', { token: 'long.gone.token' })).status).toBe(200);
    });

    test('it requests whether an account exists, and the log-in methods', async () => {
      expect(ok(await get('/standalone-account'))).toEqual({ exists: true });
      const methods = ok(await get('/login/methods'));
      expect(Object.keys(methods)).toEqual(['password', 'pam', 'ubuntu_one', 'standalone_oidc', 'oidc']);
      expect(methods).toMatchObject({
        password: { available: true, enabled: true },
        pam: { available: false, enabled: false },
        oidc: { available: false, configurations: [] },
      });
    });

    test.each([
      ...['/classic_dashboard_url', '/alerts/summary', '/scripts', '/activities', '/computers', '/tags'],
      '/preferences',
    ])('%s requires a token', async (path) => {
      expectError(await get(path), 401, 'Unauthorized');
    });
  });

  describe('the log-in', () => {
    let token: string;
    let cookie: string;

    test('with a wrong password is refused with 401, and a message to display', async () => {
      expectError(
        await post('/login', { email: 'john@example.com', password: 'wrong' }),
        401,
        'Unauthorized',
      );
    });

    test('returns a token and a cookie, and no further steps', async () => {
      const answer = await post('/login', { email: 'john@example.com', password: PASSWORD });
      const me = ok(answer);
      token = me.token;
      cookie = answer.headers['set-cookie']![0]!.split(';')[0]!;
      expect(me).toMatchObject({
        email: 'john@example.com',
        current_account: 'standalone',
        attach_code: null,
        return_to: null,
        accounts: [{ name: 'standalone', title: 'Standalone', default: true }],
      });
    });

    test('is known after a reload, by the cookie only', async () => {
      expect(ok(await get('/me', withCookie(cookie)))).toMatchObject({ email: 'john@example.com' });
    });

    test('is followed by the requests of the frame', async () => {
      expect(ok(await get('/classic_dashboard_url', { token }))).toEqual({ url: '' });
      expect(ok(await get('/alerts/summary', { token }))).toEqual({ alerts_summary: [] });
      expect(ok(await get('/scripts?script_type=active&limit=0&offset=0', { token })).count).toBe(3);
    });

    test('is not read from the cookie by routes that change or read data', async () => {
      const { status } = await post('/scripts/35:archive', {}, withCookie(cookie));
      expect(status).toBe(401);
      expectError(await get('/scripts', withCookie(cookie)), 401, 'Unauthorized');
      for (const action of ['CancelActivities&query=id:2396', 'GetAccessGroups']) {
        const path = `/api/?action=${action}&version=2011-08-01`;
        expectError(
          await send(app, 'GET', path, { token: null, ...withCookie(cookie) }),
          401,
          'Unauthorized',
        );
      }
    });

    test('ends with the log-out: neither the token nor the cookie is valid any more', async () => {
      const answer = await post('/logout', {}, { token, ...withCookie(cookie) });
      expect(ok(answer)).toEqual({});
      expect(answer.headers['set-cookie']![0]).toMatch(/Max-Age=0/);
      expectError(await get('/alerts/summary', { token }), 401, 'Unauthorized');
      expect(ok(await get('/me', withCookie(cookie)))).toEqual({});
    });
  });
}
