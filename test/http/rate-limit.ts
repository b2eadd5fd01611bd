import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { signToken } from '../../src/http/auth/tokens.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { setMachineClock } from '../support/machine-clock.ts';
import { openSocket } from './raw-socket.ts';

export function rateLimit(): void {
  const A_MINUTE = 6;

  let app: TestApp;
  beforeAll(async () => {
    // The test moves the time, so a minute passes only then.
    setMachineClock(Date.now());
    app = await startApp({ environment: { RATE_LIMIT: String(A_MINUTE) } });
    await app.addAccount('other', 'jane@example.com');
    await app.addAccount('third', 'jane@example.com');
  });
  afterAll(async () => {
    jest.useRealTimers();
    await app?.close();
  });

  const ask = (path: string, authorization?: string) =>
    fetch(app.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: '{"query": "{ viewer { accountName } }"}',
    });
  const statusesOf = async (authorizations: readonly (string | undefined)[]) => {
    const statuses = [];
    for (const authorization of authorizations) statuses.push((await ask('/graphql', authorization)).status);
    return statuses;
  };
  /** Each test uses another person and account, because all requests count. */
  const janes = (account: string) => `Bearer ${app.token('jane@example.com', account)}`;

  /** The limit is reset a minute after the first request. */
  function expectToldWhen({ headers }: Response): void {
    expect(headers.get('retry-after')).toBe('60');
  }

  test('a caller has a number of requests a minute in both APIs together, however the header is spelled', async () => {
    const token = app.token();
    const statuses = [];
    for (const bearer of ['Bearer ', 'bearer ', 'BEARER  ', 'Bearer   '])
      for (const path of ['/graphql', '/api/v2/script-profile-limits'])
        statuses.push((await ask(path, bearer + token)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);

    const rest = await ask('/api/v2/script-profile-limits', `Bearer ${token}`);
    expectToldWhen(rest);
    expect(await rest.json()).toMatchObject({ error: 'RateLimited', code: 429 });
    const graph = await ask('/graphql', `Bearer ${token}`);
    expectToldWhen(graph);
    expect(await graph.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });

    expect(await statusesOf([janes('third')])).toEqual([200]);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });

  test('another token of the same person does not add requests', async () => {
    const jane = { email: 'jane@example.com', account: 'other' };
    const tokens = Array.from({ length: A_MINUTE + 1 }, (_, index) =>
      signToken({ ...jane, personId: index + 1 }, { secret: app.secret, minutes: 60 }),
    );
    const statuses = await statusesOf(tokens.map((token) => `Bearer ${token}`));
    expect(statuses).toEqual([...Array(A_MINUTE).fill(200), 429]);

    // The last millisecond of the minute that started with the first request.
    setMachineClock(Date.now() + 59_999);
    expect(await statusesOf([`Bearer ${tokens[0]}`])).toEqual([429]);
    setMachineClock(Date.now() + 1);
    expect(await statusesOf([`Bearer ${tokens[0]}`])).toEqual([200]);
  });

  test('a caller with an invalid token or none is counted by address, apart from valid callers there', async () => {
    const forged = signToken(
      { email: 'john@example.com', account: 'standalone' },
      { secret: 'x'.repeat(32), minutes: 60 },
    );
    const made = [undefined, 'Bearer 1', 'Bearer 2', 'Bearer a.b.c', `Bearer ${forged}`, 'Basic am9objo='];
    expect(await statusesOf([...made, undefined, 'Bearer another'])).toEqual([
      ...made.map(() => 401),
      429,
      429,
    ]);
    expectToldWhen(await ask('/api/v2/script-profile-limits', 'Bearer yet-another'));
    expect(await statusesOf([janes('third')])).toEqual([200]);
  });

  test('all addresses of an IPv6 network of 64 bits, and all ports of an address, count as one caller', async () => {
    const proxied = await startApp({
      environment: { RATE_LIMIT: String(A_MINUTE), TRUSTED_PROXIES: '127.0.0.1' },
    });
    const statusesFrom = async (addresses: readonly string[]) => {
      const statuses = [];
      for (const address of addresses) {
        const headers = { 'x-forwarded-for': address };
        statuses.push((await fetch(`${proxied.url}/api/v2/script-profiles`, { headers })).status);
      }
      return statuses;
    };
    try {
      const hosts = Array.from({ length: A_MINUTE + 1 }, (_, index) => index + 1);
      const limited = [...Array(A_MINUTE).fill(401), 429];
      expect(await statusesFrom(hosts.map((host) => `2001:db8:1:2::${host}`))).toEqual(limited);
      expect(await statusesFrom(hosts.map((host) => `203.0.113.2:${host}`))).toEqual(limited);
      expect(await statusesFrom(['2001:db8:1:3::1', '203.0.113.3'])).toEqual([401, 401]);
    } finally {
      await proxied.close();
    }
  });

  test('a WebSocket is counted also at its authentication, so secrets cannot be guessed that way', async () => {
    await app.addAccount('fourth', 'jane@example.com');
    const connect = async () => {
      const raw = await openSocket(app.url);
      raw.say({ type: 'connection_init', payload: { authorization: janes('fourth') } });
      return raw;
    };
    for (let count = 1; count <= A_MINUTE; count++) {
      const raw = await connect();
      expect(await raw.receive()).toEqual({ type: 'connection_ack' });
      raw.socket.terminate();
    }
    expect(await (await connect()).closed).toEqual([
      1013,
      'Too many requests; at most 6 a minute are allowed.',
    ]);
    expect(await statusesOf([janes('fourth')])).toEqual([429]);
  });
}
