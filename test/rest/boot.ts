import { beforeAll, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, type RawAnswer, type RawRequest, send } from './raw.ts';

// How a dashboard of the real system was seen to start: what it asks before anybody has logged in, the log-in, its
// frame, and the way out. The steps are one walk, from top to bottom.
export function boot() {
  const PASSWORD = 'correct horse battery staple';

  let app: TestApp;
  beforeAll(async () => {
    // Tokens are made by the machine's clock: taking them back has to go by the same.
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
  /** A browser with its cookie, and no Authorization header. */
  const withCookie = (cookie: string): RawRequest => ({ headers: { cookie } });

  describe('before anybody has logged in', () => {
    test('it asks what server this is', async () => {
      expect(ok(await get('/about'))).toEqual({
        self_hosted: true,
        package_version: expect.stringMatching(/^\d/),
        revision: '',
        display_disa_stig_banner: false,
      });
    });

    test('it asks who is there: nobody', async () => {
      expect(ok(await get('/me'))).toEqual({});
    });

    test('it asks for the features, of which script profiles are one', async () => {
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
      // A token that expired long ago is no hindrance there.
      expect((await get('/features', { token: 'long.gone.token' })).status).toBe(200);
    });

    test('it asks whether there is an account, and how one logs in', async () => {
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
    ])('%s is for those who have', async (path) => {
      expectError(await get(path), 401, 'Unauthorized');
    });
  });

  describe('the log-in', () => {
    let token: string;
    let cookie: string;

    test('with a wrong password is 401, with a sentence to show', async () => {
      expectError(
        await post('/login', { email: 'john@example.com', password: 'wrong' }),
        401,
        'Unauthorized',
      );
    });

    test('gives a token and a cookie, and says that nothing is left to be done', async () => {
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

    test('is known after a reload, by the cookie alone', async () => {
      expect(ok(await get('/me', withCookie(cookie)))).toMatchObject({ email: 'john@example.com' });
    });

    test('brings the frame', async () => {
      expect(ok(await get('/classic_dashboard_url', { token }))).toEqual({ url: '' });
      expect(ok(await get('/alerts/summary', { token }))).toEqual({ alerts_summary: [] });
      expect(ok(await get('/scripts?script_type=active&limit=0&offset=0', { token })).count).toBe(3);
    });

    test('is not looked up in the cookie where something may be changed, or read', async () => {
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

    test('ends with the way out: neither token nor cookie is good for anything any more', async () => {
      const answer = await post('/logout', {}, { token, ...withCookie(cookie) });
      expect(ok(answer)).toEqual({});
      expect(answer.headers['set-cookie']![0]).toMatch(/Max-Age=0/);
      expectError(await get('/alerts/summary', { token }), 401, 'Unauthorized');
      expect(ok(await get('/me', withCookie(cookie)))).toEqual({});
    });
  });
}
