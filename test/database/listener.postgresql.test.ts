import { once } from 'node:events';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { listenOn } from '../../src/database/listener.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { waitUntil } from '../support/waiting.ts';

let database: Database;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.close());

/** Collects notifications in order. */
function receiver() {
  const received: (string | undefined)[] = [];
  let wake = () => {};
  return {
    receive(payload: string | undefined) {
      received.push(payload);
      wake();
    },
    async next(): Promise<string | undefined> {
      while (received.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received.shift();
    },
  };
}
const say = (payload: string) => database.prisma.$queryRaw`select pg_notify('news', ${payload})::text`;

test('if its connection is cut, a listener is notified that it may have missed something, and then receives notifications again', async () => {
  const { receive, next } = receiver();
  const listener = await listenOn(urlOf(database), 'news', receive, () => {});
  expect(await next()).toBeUndefined();
  await say('first');
  expect(await next()).toBe('first');
  await database.prisma.$queryRaw`
    select pg_terminate_backend(pid)::text from pg_stat_activity
    where datname = current_database() and query = 'LISTEN "news"'`;
  expect(await next()).toBeUndefined();
  await say('second');
  expect(await next()).toBe('second');
  await listener.stop();
});

test('if its connection falls silent, a listener notices and reconnects', async () => {
  const { receive, next } = receiver();
  const target = new URL(urlOf(database));
  const taken: Socket[] = [];
  const muted = new Set<Socket>();
  const proxy = createServer((socket) => {
    const upstream = connectTo(Number(target.port), target.hostname);
    taken.push(socket, upstream);
    socket.on('data', (data) => upstream.write(data)).on('error', () => {});
    upstream.on('data', (data) => muted.has(upstream) || socket.write(data)).on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(target);
  through.port = String((proxy.address() as { port: number }).port);
  const listener = await listenOn(through.href, 'news', receive, () => {}, { heartbeat: 1_000 });
  expect(await next()).toBeUndefined();
  for (const socket of taken) muted.add(socket);
  // A time-out detects the silence. The proxy keeps the connection open, like a firewall that has lost its state.
  expect(await next()).toBeUndefined();
  // On a slow machine the connection may be silent for another second. Notifications lost then are reported, too.
  let news: string | undefined;
  while (news === undefined) {
    await say('heard');
    news = await next();
  }
  expect(news).toBe('heard');
  await listener.stop();
  for (const socket of taken) socket.destroy();
  proxy.close();
});

test('a listener that is refused several times, as by a starting server, ends with one connection, and with none after it is stopped', async () => {
  const target = new URL(urlOf(database));
  let turnedAway = 0;
  const proxy = createServer((socket) => {
    socket.on('error', () => {});
    if (turnedAway < 3) {
      turnedAway += 1;
      socket.resume().end();
      return;
    }
    const upstream = connectTo(Number(target.port), target.hostname);
    upstream.on('error', () => {});
    socket.pipe(upstream).pipe(socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(target);
  through.port = String((proxy.address() as { port: number }).port);
  const { receive, next } = receiver();
  const listener = await listenOn(through.href, 'news', receive, () => {}, { reconnectAfter: 1 });
  expect(await next()).toBeUndefined();
  await say('once');
  await say('and no more');
  expect([await next(), await next()]).toEqual(['once', 'and no more']);
  await listener.stop();
  proxy.close();
  // It closes when the last connection has ended.
  await once(proxy, 'close');
});

test('a listener that finds no database reports this once, and retries until it is stopped', async () => {
  let tries = 0;
  const nothing = createServer((socket) => {
    tries += 1;
    socket.on('error', () => {}).destroy();
  });
  nothing.listen(0, '127.0.0.1');
  await once(nothing, 'listening');
  const url = new URL(urlOf(database));
  url.port = String((nothing.address() as { port: number }).port);
  const said: string[] = [];
  const listener = await listenOn(
    url.href,
    'news',
    () => {},
    (message) => said.push(message),
    { reconnectAfter: 1 },
  );
  await waitUntil(
    'the listener has tried three times',
    () => tries,
    (count) => count >= 3,
  );
  expect(said).toEqual([expect.stringMatching(/^Listening on news failed: /)]);
  await listener.stop();
  nothing.close();
  // It closes when the last connection has ended.
  await once(nothing, 'close');
  expect(said).toHaveLength(1);
});
