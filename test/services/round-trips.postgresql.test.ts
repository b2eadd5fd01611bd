import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/persistence/database.ts';
import { createStore } from '../../src/persistence/store.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { aDraft } from '../support/builders.ts';
import { connectTo, freshDatabase, urlOf } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { startWire, type Wire } from '../support/wire.ts';

// Whoever changes something keeps a lock for as long as they talk with the database, and others of the account wait for it.
// So what need not wait for an answer is said at once: counted here by how often an answer is waited for.

let fresh: Database;
let wire: Wire;
let database: Database;
let services: Services;
let account: TestAccount;
beforeAll(async () => {
  fresh = await freshDatabase();
  wire = await startWire(urlOf(fresh));
  database = connectTo(wire.url);
  services = createServices(createStore(database.connection));
  account = await anAccount(fresh.prisma);
  await insert(fresh.prisma, 'script', account, [{ id: 1000 }]);
  await insert(fresh.prisma, 'script_profile', account, [{ id: 1000 }]);
  // What is asked for the first time on a connection.
  await services.limits.get(account.caller);
});
afterAll(async () => {
  await database.close();
  await wire.stop();
  await fresh.close();
});

test.each<[string, number, () => Promise<unknown>]>([
  [
    'creating a script profile',
    4,
    () => services.scriptProfiles.create(account.caller, aDraft({ scriptId: 1000 })),
  ],
  ['an edit', 3, () => services.scriptProfiles.update(account.caller, 1000, { timeLimit: 77 })],
])('%s waits for %d answers', async (_, pinned, act) => {
  const before = wire.exchanges();
  await act();
  expect(wire.exchanges() - before).toBe(pinned);
});
