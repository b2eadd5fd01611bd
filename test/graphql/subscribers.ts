import { beforeAll, expect, test } from '@jest/globals';
import { createStore } from '../../src/repositories/store.ts';
import { type RawSocket, signedIn } from '../http/raw-socket.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// The database's cost of an event, for any number of subscribers.
export function subscribers(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const query = `subscription { scriptProfileChanged { scriptProfile {
  title numAssociatedComputers accessGroup { parent { name } } script { title createdBy { name } }
  lastActivity { status creator { name } } activities(first: 3) { nodes { status } } } } }`;
  const MOST_A_SOCKET = 100;

  /** The number of statements for one event of one profile with the given number of subscribers. */
  async function cost(subscribers: number): Promise<number> {
    const sockets: RawSocket[] = [];
    for (let begun = 0; begun < subscribers; begun += MOST_A_SOCKET) {
      const raw = await signedIn(app.url, app.token());
      sockets.push(raw);
      for (let id = begun; id < Math.min(begun + MOST_A_SOCKET, subscribers); id += 1) {
        raw.say({ id: String(id), type: 'subscribe', payload: { query } });
        await raw.receive();
      }
    }
    const statements = await app.statements(async () => {
      await createStore(app.database.prisma).transaction(async (tx) => {
        tx.announce({ kind: 'scriptProfile', accountId: 1, id: 5, change: 'EDITED' });
      });
      const received = sockets.map(async (raw, index) => {
        const own = Math.min(MOST_A_SOCKET, subscribers - index * MOST_A_SOCKET);
        for (let count = 0; count < own; count += 1) {
          const { payload } = await raw.receive();
          expect(payload.errors).toBeUndefined();
          expect(payload.data.scriptProfileChanged.scriptProfile.script.title).toEqual(expect.any(String));
        }
      });
      await Promise.all(received);
    });
    for (const { socket } of sockets) socket.terminate();
    return statements;
  }

  test('an event takes the same number of statements for one subscriber and for hundreds', async () => {
    const one = await cost(1);
    expect(one).toBeGreaterThan(1);
    expect(await cost(250)).toBe(one);
  });
}
