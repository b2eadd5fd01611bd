import { connect, type Socket } from 'node:net';
import { beforeAll, expect, test } from '@jest/globals';
import { createStore } from '../../src/repositories/store.ts';
import type { TestApp } from '../support/app.ts';
import { follow } from '../support/following.ts';
import { anAccount, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { signedIn } from './raw-socket.ts';

// Clients that subscribe to much and read nothing are disconnected, and do not affect clients that read.
export function slowConsumers(): void {
  const PROFILES = Array.from({ length: 50 }, (_, index) => 1000 + index);
  let app: TestApp;
  let accountId: number;
  let token: string;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
    const account = await anAccount(app.database.prisma);
    accountId = account.id;
    token = app.token('jane@example.com', 'acme');
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
    await app.database.prisma.scriptVersion.updateMany({ data: { code: 'x'.repeat(100_000) } });
    await insert(
      app.database.prisma,
      'script_profile',
      account,
      PROFILES.map((id) => ({ id })),
    );
  });

  const LITTLE = 'subscription { scriptProfileChanged { scriptProfile { databaseId } } }';
  /** Four hundred kilobytes for each event. */
  const MUCH = `subscription { scriptProfileChanged { scriptProfile {
  a: script { code } b: script { code } c: script { code } d: script { code } } } }`;
  const LOOKS = 10;

  /** Changes every profile repeatedly, as fast as a reading client receives the events. */
  async function changeMuch(): Promise<void> {
    const reader = follow(app, 'WebSocket', LITTLE, {}, token);
    await reader.next();
    for (let look = 0; look < LOOKS; look += 1) {
      await createStore(app.database.prisma).transaction(async (tx) => {
        for (const id of PROFILES) tx.announce({ kind: 'scriptProfile', accountId, id, change: 'EDITED' });
      });
      for (const databaseId of PROFILES) {
        const { scriptProfileChanged } = await reader.next();
        expect(scriptProfileChanged.scriptProfile).toEqual({ databaseId });
      }
    }
    await reader.stop();
  }

  test('a slow client is disconnected over WebSocket', async () => {
    const slow = await signedIn(app.url, token);
    slow.say({ id: '1', type: 'subscribe', payload: { query: MUCH } });
    await slow.receive();
    let taken = 0;
    slow.socket.on('message', () => {
      taken += 1;
    });
    slow.socket.pause();
    await changeMuch();
    slow.socket.resume();
    // The reason arrives unless the connection is cut because too much data precedes it.
    expect([1013, 1006]).toContain((await slow.closed)[0]);
    expect(taken).toBeLessThan(LOOKS * PROFILES.length);
  });

  test('a slow client is disconnected over server-sent events', async () => {
    const { hostname, port } = new URL(app.url);
    const slow: Socket = connect(Number(port), hostname);
    const body = JSON.stringify({ query: MUCH });
    slow.write(
      [
        'POST /graphql/stream HTTP/1.1',
        `Host: ${hostname}`,
        `Authorization: Bearer ${token}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    await new Promise((first) => slow.once('data', first));
    slow.pause();
    await changeMuch();
    let taken = 0;
    const closed = new Promise((ended) => slow.once('close', ended));
    slow
      .on('error', () => {})
      .on('data', (data) => {
        taken += data.length;
      });
    slow.resume();
    await closed;
    expect(taken).toBeLessThan(LOOKS * PROFILES.length * 400_000);
  });
}
