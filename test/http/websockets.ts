import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createStore } from '../../src/repositories/store.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { expireTokens } from '../support/expiry.ts';
import {
  openSocket as open,
  type RawSocket,
  type RawSocketOptions,
  signedIn as signIn,
} from './raw-socket.ts';

// The messages of a WebSocket and its close codes. Clients reconnect after 1012, 1013 and 4403, but not after 4401 and
// violations of the protocol.
export function websockets(): void {
  let app: TestApp;
  const sockets: RawSocket[] = [];
  const NAMED = 'https://dashboard.example.com';
  beforeAll(async () => {
    app = await startApp({ environment: { CORS_ORIGINS: NAMED } });
  });
  afterAll(() => app.close());
  afterEach(() => {
    jest.useRealTimers();
    for (const { socket } of sockets.splice(0)) socket.terminate();
  });

  const closedAfterTest = async (opening: Promise<RawSocket>) => {
    const raw = await opening;
    sockets.push(raw);
    return raw;
  };
  const openSocket = (options?: RawSocketOptions) => closedAfterTest(open(app.url, options));
  const signedIn = (token = app.token()) => closedAfterTest(signIn(app.url, token));

  const init = (payload?: object) => ({ type: 'connection_init', payload });
  const FEED = { query: 'subscription { activityFeed { isSnapshot } }' };
  const subscribe = (id: string, payload: object = FEED) => ({ id, type: 'subscribe', payload });

  describe('the authentication', () => {
    test.each(['authorization', 'Authorization'])('is in the first message, as %s', async (name) => {
      const raw = await openSocket();
      raw.say(init({ [name]: `Bearer ${app.token()}` }));
      expect(await raw.receive()).toEqual({ type: 'connection_ack' });
      raw.say(subscribe('1'));
      expect(await raw.receive()).toEqual({
        id: '1',
        type: 'next',
        payload: { data: { activityFeed: { isSnapshot: true } } },
      });
    });

    test('may be in the header if the client can send one', async () => {
      const raw = await openSocket({ headers: { authorization: `Bearer ${app.token()}` } });
      raw.say(init());
      expect(await raw.receive()).toEqual({ type: 'connection_ack' });
    });

    test.each([
      ['no payload', () => undefined, 'A token is required'],
      ['no token', () => ({ authorization: 7 }), 'A token is required'],
      ['a foreign token', () => ({ authorization: 'Bearer a.b.c' }), 'The token is not a JWT.'],
      ['an expired token', () => ({ authorization: `Bearer ${app.expiredToken()}` }), 'The token expired'],
      [
        'a token of an unknown person',
        () => ({ authorization: `Bearer ${app.token('nobody@example.com')}` }),
        'The token’s person is not in this account',
      ],
    ])(
      'fails with %s: the socket is closed before any subscription, and the client must not reconnect',
      async (_, payload, why) => {
        const raw = await openSocket();
        raw.say(init(payload()));
        expect(await raw.closed).toEqual([4401, expect.stringContaining(why)]);
      },
    );

    test('must precede all other messages', async () => {
      const raw = await openSocket();
      raw.say(subscribe('1'));
      expect(await raw.closed).toEqual([4401, 'Unauthorized']);
    });

    test('must arrive before a deadline', async () => {
      const impatient = await startApp({ deadlines: { connectionInit: 50 } });
      const raw = await closedAfterTest(open(impatient.url));
      expect(await raw.closed).toEqual([4408, 'Connection initialisation timeout']);
      await impatient.close();
    });
  });

  describe('a connection is closed', () => {
    test('when its token expires, so that the client reconnects with another', async () => {
      const raw = await signedIn();
      raw.say(subscribe('1'));
      await raw.receive();
      await expireTokens(app);
      expect(await raw.closed).toEqual([4403, expect.stringMatching(/^The token expired at /)]);
    });

    test('when its person is removed, as soon as that is published, while others stay open', async () => {
      const accountId = await app.addAccount('gone', 'gone@example.com');
      const [gone, stays] = [await signedIn(app.token('gone@example.com', 'gone')), await signedIn()];
      await app.database.prisma.person.deleteMany({ where: { accountId } });
      await createStore(app.database.prisma).transaction(async (tx) => {
        tx.announce(
          { kind: 'access', accountId, personId: null },
          { kind: 'access', accountId: 1, personId: null },
        );
      });
      expect(await gone.closed).toEqual([
        4403,
        'The token’s person is not in this account, or the token was revoked.',
      ]);
      stays.say(subscribe('1'));
      expect(await stays.receive()).toMatchObject({ type: 'next' });
    });

    test.each([
      ['a message that is not JSON', '{', 4400],
      ['an unknown type', { type: 'hello' }, 4400],
      ['a second connection_init', init(), 4429],
      ['a message of more than 256 KiB', subscribe('1', { query: 'x'.repeat(256 * 1024) }), 1009],
    ])('for %s', async (_, message, code) => {
      const raw = await signedIn();
      raw.say(message);
      expect((await raw.closed)[0]).toBe(code);
    });

    test('for an id that is in use', async () => {
      const raw = await signedIn();
      raw.say(subscribe('1'));
      await raw.receive();
      raw.say(subscribe('1'));
      expect((await raw.closed)[0]).toBe(4409);
    });

    test('if it does not speak graphql-transport-ws', async () => {
      const raw = await openSocket({ protocols: [] });
      expect((await raw.closed)[0]).toBe(4406);
    });
  });

  test('a connection has at most a hundred subscriptions, and one that ends makes room', async () => {
    const raw = await signedIn();
    for (let id = 1; id <= 100; id += 1) raw.say(subscribe(String(id)));
    for (let id = 1; id <= 100; id += 1) expect(await raw.receive()).toMatchObject({ type: 'next' });
    raw.say(subscribe('one too many'));
    expect(await raw.receive()).toMatchObject({
      id: 'one too many',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', allowed: 'at most 100 subscriptions' } }],
    });
    raw.say({ id: '7', type: 'complete' });
    raw.say(subscribe('another'));
    expect(await raw.receive()).toMatchObject({ id: 'another', type: 'next' });
  });

  describe('a page in a browser', () => {
    test.each([
      ['of an origin in CORS_ORIGINS', () => NAMED],
      ['of the server itself', () => app.url],
    ])('%s may connect', async (_, origin) => {
      const raw = await openSocket({ origin: origin() });
      raw.say(init({ authorization: `Bearer ${app.token()}` }));
      expect(await raw.receive()).toEqual({ type: 'connection_ack' });
    });

    test.each(['https://evil.example.com', 'null', `${NAMED}.evil.example.com`])(
      'of another origin, %s, may not',
      async (origin) => {
        await expect(openSocket({ origin })).rejects.toThrow('403');
      },
    );
  });

  test.each(['/', '/graphql/stream', '/api/v2/script-profiles', '/graphqlx'])(
    'no WebSocket exists at %s',
    async (path) => {
      await expect(openSocket({ path })).rejects.toThrow('404');
    },
  );

  test('a request that offers an upgrade to HTTP/2, as Java’s client sends, is answered normally', async () => {
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const sent = request(
        `${app.url}/graphql`,
        {
          method: 'POST',
          headers: {
            connection: 'Upgrade, HTTP2-Settings',
            upgrade: 'h2c',
            'http2-settings': 'AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA',
            'content-type': 'application/json',
            authorization: `Bearer ${app.token()}`,
          },
        },
        async (response) => resolve({ status: response.statusCode, body: await text(response) }),
      );
      sent.on('error', reject).end(JSON.stringify({ query: '{ limits { minInterval } }' }));
    });
    expect(answer).toEqual({ status: 200, body: expect.stringContaining('"minInterval"') });
  });
}
