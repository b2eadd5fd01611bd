import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database, Listener } from '../../src/database/database.ts';
import { CLOCK_CHANNEL } from '../../src/repositories/activities/runs.ts';
import { createStore } from '../../src/repositories/store.ts';
import { freshDatabase, isOnPostgresql } from '../support/database.ts';
import { waitUntil } from '../support/waiting.ts';

// How the clock hears that something falls due earlier, on both databases.

let database: Database;
let received = 0;
let listener: Listener;
beforeAll(async () => {
  database = await freshDatabase();
  listener = await database.listen(CLOCK_CHANNEL, () => {
    received += 1;
  });
  // On PostgreSQL it has a connection of its own, and says so: something may have been missed before.
  await waitUntil(
    'the listener reports its connection',
    () => received,
    (count) => count === (isOnPostgresql() ? 1 : 0),
  );
});
afterAll(() => database.close());

const store = () => createStore(database.prisma);
const wake = () => store().transaction(async (tx) => tx.wakeClocks());

test('a notification is heard once its transaction is over', async () => {
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

test('one of a transaction that failed is never heard', async () => {
  const before = received;
  const failing = store().transaction(async (tx) => {
    tx.wakeClocks();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await wake();
  // Notifications come in the order of their commits.
  await waitUntil(
    'the notification arrives',
    () => received,
    (count) => count > before,
  );
  expect(received).toBe(before + 1);
});

test('whoever stopped listening hears nothing', async () => {
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
