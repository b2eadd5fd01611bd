import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import type { Instant } from '../../src/domain/time.ts';
import { parseInstant } from '../../src/domain/time.ts';
import { createStore, databaseClock } from '../../src/repositories/store.ts';
import type { Repositories, Store } from '../../src/services/ports.ts';
import { NOW } from '../support/builders.ts';
import { freshDatabase, resetDatabase } from '../support/database.ts';
import { anAccount, type TestAccount } from '../support/rows.ts';

let database: Database;
let account: TestAccount;
let store: Store;
let readings = 0;
beforeAll(async () => {
  database = await freshDatabase();
  store = createStore(database.prisma, async () => {
    readings += 1;
    return NOW;
  });
});
afterAll(() => database.close());
beforeEach(async () => {
  await resetDatabase(database);
  account = await anAccount(database.prisma);
  readings = 0;
});

const makeGroup = (tx: Repositories, name: string) =>
  tx.accessGroups.insert(account.id, { name, title: name, parentId: account.root.id });
const groups = async () =>
  (await store.read.accessGroups.all(wholeAccount(account.id))).map(({ name }) => name);

describe('a transaction', () => {
  test('commits its changes, and returns the result of its work', async () => {
    const answer = await store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      await makeGroup(tx, 'two');
      return 'made';
    });
    expect(answer).toBe('made');
    expect(await groups()).toEqual(['global', 'one', 'two']);
  });

  test('sees its own changes', async () => {
    await store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      expect(await tx.accessGroups.byName(wholeAccount(account.id), 'one')).toMatchObject({ name: 'one' });
    });
  });

  test('that throws is rolled back, and rethrows the error of its work', async () => {
    const error = new Error('On second thoughts');
    const work = store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      await tx.limits.save(account.id, { maxNumComputers: 1, maxNumProfiles: 1, minInterval: 1 });
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await groups()).toEqual(['global']);
    expect(await store.read.limits.of(account.id)).toMatchObject({ maxNumProfiles: 10 });
  });

  test('with a failed statement is rolled back, even if its work continues', async () => {
    const work = store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      await makeGroup(tx, 'one').catch(() => {});
      await makeGroup(tx, 'two');
    });
    await expect(work).rejects.toThrow();
    expect(await groups()).toEqual(['global']);
  });

  test('is rolled back if a value cannot be stored', async () => {
    const work = store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      tx.log(account.id, [{ changes: { version: { from: null, to: 1n } } } as never]);
    });
    await expect(work).rejects.toThrow('createMany');
    expect(await groups()).toEqual(['global']);
  });

  test('that failed does not affect the next', async () => {
    await expect(store.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await store.transaction((tx) => makeGroup(tx, 'one'));
    expect(await groups()).toEqual(['global', 'one']);
  });

  test('reads the time once, and passes it to its work', async () => {
    const returned = await store.transaction(async (tx, now) => {
      await makeGroup(tx, 'one');
      await tx.limits.forUpdate(account.id);
      await makeGroup(tx, 'two');
      return now;
    });
    expect(returned).toBe(NOW);
    expect(readings).toBe(1);
  });

  test('whose clock fails does nothing', async () => {
    let worked = false;
    const broken = createStore(database.prisma, () => Promise.reject(new Error('stopped')));
    const work = broken.transaction(async () => {
      worked = true;
    });
    await expect(work).rejects.toThrow('stopped');
    expect(worked).toBe(false);
  });
});

test('a read outside of a transaction does not read the time', async () => {
  await groups();
  expect(readings).toBe(0);
});

describe('the database’s clock', () => {
  test('returns an instant of fixed width, in UTC', async () => {
    const now = await databaseClock(database.prisma);
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(parseInstant(now)).toBe(now);
  });

  test('never runs backward, and advances within a transaction', async () => {
    const returned = await database.prisma.$transaction(async (tx) => {
      const some: Instant[] = [];
      for (let turn = 0; turn < 50; turn += 1) some.push(await databaseClock(tx));
      return some;
    });
    expect(returned).toEqual(returned.toSorted());
    // `now()` would not advance, so a transaction that waited for a lock would store the time before the wait.
    expect(new Set(returned).size).toBeGreaterThan(1);
  });

  test('is used unless another clock is given', async () => {
    const before = await databaseClock(database.prisma);
    const returned = await createStore(database.prisma).transaction(async (_, now) => now);
    const after = await databaseClock(database.prisma);
    expect([before, returned, after]).toEqual([before, returned, after].toSorted());
  });
});
