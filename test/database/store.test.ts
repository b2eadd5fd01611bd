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
  test('keeps all that was done in it, and answers with what the work returns', async () => {
    const answer = await store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      await makeGroup(tx, 'two');
      return 'made';
    });
    expect(answer).toBe('made');
    expect(await groups()).toEqual(['global', 'one', 'two']);
  });

  test('sees what it wrote itself', async () => {
    await store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      expect(await tx.accessGroups.byName(wholeAccount(account.id), 'one')).toMatchObject({ name: 'one' });
    });
  });

  test('that throws leaves nothing behind, and throws what its work threw', async () => {
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

  test('whose statement fails leaves nothing behind, even when the work goes on', async () => {
    const work = store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      await makeGroup(tx, 'one').catch(() => {});
      await makeGroup(tx, 'two');
    });
    await expect(work).rejects.toThrow();
    expect(await groups()).toEqual(['global']);
  });

  test('leaves nothing behind when what it says cannot be written', async () => {
    const work = store.transaction(async (tx) => {
      await makeGroup(tx, 'one');
      tx.log(account.id, [{ changes: { version: { from: null, to: 1n } } } as never]);
    });
    await expect(work).rejects.toThrow('createMany');
    expect(await groups()).toEqual(['global']);
  });

  test('that failed does not hinder the next', async () => {
    await expect(store.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await store.transaction((tx) => makeGroup(tx, 'one'));
    expect(await groups()).toEqual(['global', 'one']);
  });

  test('reads the time once, however much it does, and hands it on', async () => {
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

test('a read outside of a transaction does not ask for the time', async () => {
  await groups();
  expect(readings).toBe(0);
});

describe('the database’s clock', () => {
  test('is an instant of the one fixed width, in UTC', async () => {
    const now = await databaseClock(database.prisma);
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(parseInstant(now)).toBe(now);
  });

  test('never goes back, and goes on within a transaction', async () => {
    const returned = await database.prisma.$transaction(async (tx) => {
      const some: Instant[] = [];
      for (let turn = 0; turn < 50; turn += 1) some.push(await databaseClock(tx));
      return some;
    });
    expect(returned).toEqual(returned.toSorted());
    // `now()` would stand still: a transaction that waited for a lock would write the time before its wait.
    expect(new Set(returned).size).toBeGreaterThan(1);
  });

  test('is the clock unless another is put in its place', async () => {
    const before = await databaseClock(database.prisma);
    const returned = await createStore(database.prisma).transaction(async (_, now) => now);
    const after = await databaseClock(database.prisma);
    expect([before, returned, after]).toEqual([before, returned, after].toSorted());
  });
});
