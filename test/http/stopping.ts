import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { startApp } from '../support/app.ts';
import { type RawSocket, signedIn } from './raw-socket.ts';

// A server that stops closes its connections without unnecessary waiting.
export function stopping(): void {
  const FEED = 'subscription { activityFeed { isSnapshot } }';
  const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: FEED } });

  test('a server that stops ends its streams so that clients reconnect, and does not wait for clients', async () => {
    const app = await startApp({ deadlines: { close: 200 } });
    const raw = await signedIn(app.url, app.token());
    raw.say(subscribe('1'));
    await raw.receive();
    const stream = await fetch(`${app.url}/graphql/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: FEED }),
    });
    const whole = stream.text();
    // A connection that a browser opens in advance.
    const { port, hostname } = new URL(app.url);
    const unused = connect(Number(port), hostname);
    await once(unused, 'connect');
    // Waits until the server has accepted it.
    await (await fetch(`${app.url}/healthz`)).text();
    const unread = await signedIn(app.url, app.token());
    unread.socket.pause();

    await app.close();
    expect(await raw.closed).toEqual([1012, 'The server is restarting.']);
    expect(await whole).toContain('"isSnapshot":true');
    expect(await whole).not.toContain('event: complete');
    unread.socket.resume();
    expect([1012, 1006]).toContain((await unread.closed)[0]);
    unused.destroy();
  });

  test('subscriptions over a WebSocket count for the rate limit, like requests and the opening of the WebSocket', async () => {
    const app = await startApp({ environment: { RATE_LIMIT: '4' } });
    const raw: RawSocket = await signedIn(app.url, app.token());
    const types = [];
    for (const id of ['1', '2', '3', '4']) {
      raw.say(subscribe(id));
      types.push((await raw.receive()).type);
    }
    expect(types).toEqual(['next', 'next', 'next', 'error']);
    expect((await app.graphql('{ limits { minInterval } }')).status).toBe(429);
    await app.close();
  });
}
