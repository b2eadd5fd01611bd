import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database, Listener } from '../../src/database/database.ts';
import { CLOCK_CHANNEL } from '../../src/repositories/activities/runs.ts';
import { createStore } from '../../src/repositories/store.ts';
import { freshDatabase, isOnPostgresql } from '../support/database.ts';
import { waitUntil } from '../support/waiting.ts';

// How the scheduler is notified, on both databases, that work falls due earlier.

let database: Database;
let received = 0;
let listener: Listener;
beforeAll(async () => {
  database = await freshDatabase();
  listener = await database.listen(CLOCK_CHANNEL, () => {
    received += 1;
  });
  // On PostgreSQL, the listener connects by itself. It then notifies once, because earlier notifications may be lost.
  await waitUntil(
    'the listener reports its connection',
    () => received,
    (count) => count === (isOnPostgresql() ? 1 : 0),
  );
});
afterAll(() => database.close());

const store = () => createStore(database.prisma);
const wake = () => store().transaction(async (tx) => tx.wakeClocks());

test('a notification arrives after its transaction is committed', async () => {
  const before = received;
  await store().transaction(async (tx) => {
    tx.wakeClocks();
    await tx.accounts.ids();
    expect(received).toBe(before);
  });
  await waitUntil(
    'the notification arrives',
    () => received,
    (count) => count > before,
  );
  expect(received).toBe(before + 1);
});

test('a notification of a failed transaction never arrives', async () => {
  const before = received;
  const failing = store().transaction(async (tx) => {
    tx.wakeClocks();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await wake();
  // Notifications arrive in the order of their commits.
  await waitUntil(
    'the notification arrives',
    () => received,
    (count) => count > before,
  );
  expect(received).toBe(before + 1);
});

test('after it has stopped, a listener receives nothing', async () => {
  await listener.stop();
  const before = received;
  let others = 0;
  const other = await database.listen(CLOCK_CHANNEL, () => {
    others += 1;
  });
  await waitUntil('the other listener is notified', async () => {
    await wake();
    return others;
  });
  await other.stop();
  expect(received).toBe(before);
});
