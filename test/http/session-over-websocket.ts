import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { expireTokens } from '../support/expiry.ts';
import { waitUntil } from '../support/waiting.ts';
import { openSocket, type RawSocket } from './raw-socket.ts';

// Whose a WebSocket is, by its first message, its cookie and the origin of its page.
export function sessionOverWebSocket(): void {
  const DASHBOARD = 'https://dashboard.example.com';
  let app: TestApp;
  let off: TestApp;
  beforeAll(async () => {
    const environment = { CORS_ORIGINS: DASHBOARD, TRUSTED_PROXIES: '127.0.0.1' };
    app = await startApp({ environment, logLevel: 'info' });
    off = await startApp({ environment: { ...environment, CONSOLE: 'off' } });
    await app.addAccount('other', 'jane@example.com');
  });
  const sockets: RawSocket[] = [];
  afterEach(() => {
    jest.useRealTimers();
    for (const { socket } of sockets.splice(0)) socket.terminate();
  });
  afterAll(() => Promise.all([app?.close(), off?.close()]));

  interface Opening {
    readonly on?: TestApp;
    readonly cookie?: string;
    /** The token in the first message. */
    readonly token?: string;
    readonly origin?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  /** Opens a WebSocket as a browser does. Undefined if the server refused the upgrade. */
  async function open({ on = app, cookie, token, origin, headers }: Opening): Promise<RawSocket | undefined> {
    const sent = { ...(cookie !== undefined && { cookie }), ...headers };
    const raw = await openSocket(on.url, { origin, headers: sent }).catch((error: Error) => {
      expect(error.message).toContain('403');
      return undefined;
    });
    if (!raw) return undefined;
    sockets.push(raw);
    raw.say({
      type: 'connection_init',
      ...(token !== undefined && { payload: { authorization: `Bearer ${token}` } }),
    });
    return raw;
  }

  /** Whose the socket is: `cookie` or `message`, as the log names the subscriber, or the code of the refusal. */
  async function whoOpens(opening: Opening): Promise<string | number> {
    const raw = await open(opening);
    if (!raw) return 403;
    const lines = app.logged();
    lines.length = 0;
    const closed = raw.closed.then(([code]) => code);
    const first = await Promise.race([raw.receive().catch(() => closed), closed]);
    if (typeof first === 'number') return first;
    raw.say({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { activityFeed { isSnapshot } }' },
    });
    const { caller } = await waitUntil('the subscription is logged', () =>
      lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'subscription'),
    );
    return caller.account === 1 ? 'cookie' : 'message';
  }

  const cookie = () => `theme=dark; gateway_token=${app.token()}`;
  const jane = () => app.token('jane@example.com', 'other');

  test.each<[string, () => Opening, string | number]>([
    ['the cookie, from this origin', () => ({ cookie: cookie(), origin: app.url }), 'cookie'],
    ['the cookie, without an origin', () => ({ cookie: cookie() }), 4401],
    ['the cookie, from an origin in CORS_ORIGINS', () => ({ cookie: cookie(), origin: DASHBOARD }), 4401],
    ['the cookie, from another port', () => ({ cookie: cookie(), origin: 'http://127.0.0.1:1' }), 4401],
    ['the cookie, from another site', () => ({ cookie: cookie(), origin: 'https://evil.example' }), 403],
    ['the cookie, from a null origin', () => ({ cookie: cookie(), origin: 'null' }), 403],
    [
      'the cookie, from a subdomain',
      () => ({ cookie: cookie(), origin: app.url.replace('127', 'a.127') }),
      403,
    ],
    [
      'the cookie, from a page that the browser calls foreign',
      () => ({ cookie: cookie(), origin: app.url, headers: { 'sec-fetch-site': 'same-site' } }),
      4401,
    ],
    [
      'the cookie, from a page whose name was pointed to this server',
      () => ({ cookie: cookie(), origin: 'http://evil.example:4000', headers: { host: '127.0.0.1' } }),
      403,
    ],
    [
      'no cookie, from a page whose name was pointed to this server',
      () => ({ origin: 'http://evil.example', headers: { host: 'evil.example' } }),
      4401,
    ],
    ['no cookie', () => ({ origin: app.url }), 4401],
    ['a cookie that is invalid', () => ({ cookie: 'gateway_token=a.b.c', origin: app.url }), 4401],
    [
      'a cookie that has expired',
      () => ({ cookie: `gateway_token=${app.expiredToken()}`, origin: app.url }),
      4401,
    ],
    ['a token and the cookie', () => ({ cookie: cookie(), origin: app.url, token: jane() }), 'message'],
    ['an invalid token and the cookie', () => ({ cookie: cookie(), origin: app.url, token: 'a.b.c' }), 4401],
    [
      'the cookie for encrypted connections, over HTTPS',
      () => ({
        cookie: `__Host-${cookie().slice('theme=dark; '.length)}`,
        origin: app.url.replace('http', 'https'),
        headers: { 'x-forwarded-proto': 'https' },
      }),
      'cookie',
    ],
    [
      'the cookie for encrypted connections, from the same host without encryption',
      () => ({
        cookie: `__Host-${cookie().slice('theme=dark; '.length)}`,
        origin: app.url,
        headers: { 'x-forwarded-proto': 'https' },
      }),
      4401,
    ],
    [
      'a cookie that another host may have set, over HTTPS',
      () => ({
        cookie: cookie(),
        origin: app.url.replace('http', 'https'),
        headers: { 'x-forwarded-proto': 'https' },
      }),
      4401,
    ],
  ])('a WebSocket with %s', async (_, openingOf, expected) => {
    expect(await whoOpens(openingOf())).toBe(expected);
  });

  test('the cookie opens no WebSocket if the console is off', async () => {
    const raw = await open({ on: off, cookie: `gateway_token=${off.token()}`, origin: off.url });
    expect((await raw!.closed)[0]).toBe(4401);
  });

  describe('a WebSocket that the cookie opened', () => {
    const signedIn = async (token: string) => {
      const raw = await open({ cookie: `gateway_token=${token}`, origin: app.url });
      expect(await raw!.receive()).toEqual({ type: 'connection_ack' });
      return raw!;
    };

    test('is closed when its person logs out', async () => {
      const token = app.token();
      const raw = await signedIn(token);
      const headers = { cookie: `gateway_token=${token}`, origin: app.url };
      expect((await send(app, 'POST', '/api/v2/logout', { token: null, headers })).status).toBe(200);
      expect(await raw.closed).toEqual([4403, expect.stringContaining('revoked')]);
    });

    test('is closed when its token expires', async () => {
      const raw = await signedIn(app.token());
      await expireTokens(app);
      expect(await raw.closed).toEqual([4403, expect.stringMatching(/^The token expired at /)]);
    });
  });
}
