import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { Repositories, Store } from '../../src/services/ports.ts';
import { times } from '../services/at-once.ts';
import { NOW } from '../support/builders.ts';
import { anotherConnection, freshDatabase, resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { waitUntilBlocked } from '../support/waiting.ts';
import { withTransactions } from '../support/wrapped-client.ts';

// Only on PostgreSQL, because a single connection never waits for another.

let fresh: Database;
/** Its sessions look for deadlocks immediately, and not after a second. */
let database: Database;
let account: TestAccount;
let store: Store;
let readings = 0;
let conflicts: string[];
beforeAll(async () => {
  fresh = await freshDatabase();
  await setting("SET deadlock_timeout = '20ms'");
  database = anotherConnection(fresh);
  const clock = async () => {
    readings += 1;
    return NOW;
  };
  store = createStore(database.prisma, clock, {
    onConflict: (conflict) => conflicts.push(String(conflict)),
  });
});
afterAll(async () => {
  await database.close();
  await fresh.close();
});

/** Sets a default for new sessions of the database. */
const setting = (what: string) =>
  fresh.prisma.$executeRawUnsafe(
    `DO $do$ BEGIN EXECUTE format($$ALTER DATABASE %I ${what}$$, current_database()); END $do$`,
  );

beforeEach(async () => {
  readings = 0;
  conflicts = [];
  await resetDatabase(database);
  account = await anAccount(database.prisma);
  await insert(database.prisma, 'script', account, [{ id: 1000 }]);
  await insert(database.prisma, 'script_profile', account, [{ id: 1 }, { id: 2 }]);
});

/** Returns a function that resolves when the given number of callers has called it. */
function meeting(number: number): () => Promise<void> {
  let there = 0;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    there += 1;
    if (there === number) open();
    return all;
  };
}

/** Two transactions that lock two profiles in opposite order. Each holds the lock that the other requests next. */
function deadlock(
  meet: () => Promise<void>,
  between: (tx: Repositories) => Promise<unknown> = async () => {},
) {
  let attempts = 0;
  const count = async (tx: Repositories, id: number) => {
    const profile = (await tx.scriptProfiles.forUpdate(wholeAccount(account.id), id))!;
    await tx.scriptProfiles.save(account.id, profile, { ...profile, version: profile.version + 1 });
  };
  const outcomes: Promise<string>[] = [
    [1, 2],
    [2, 1],
  ].map(([first, second], index) => {
    const waitsAnew = behind(() => outcomes[1 - index]!);
    return store.transaction(async (tx) => {
      attempts += 1;
      await waitsAnew();
      await count(tx, first!);
      await between(tx);
      await meet();
      await count(tx, second!);
      return 'done';
    });
  });
  return { outcomes, attempts: () => attempts };
}

/**
 * Called at the start of each attempt. From the second attempt on, it waits until the other transaction has ended.
 * Otherwise the two could deadlock again and again, until one is refused.
 */
function behind(other: () => Promise<unknown>): () => Promise<void> {
  let isAnew = false;
  return async () => {
    if (isAnew) await Promise.allSettled([other()]);
    isAnew = true;
  };
}

const versions = async () =>
  (await store.read.scriptProfiles.byIds(wholeAccount(account.id), [1, 2])).map(
    (profile) => profile!.version,
  );

describe('if two transactions wait for each other', () => {
  test('both succeed in the end, because the canceled one is retried once as a whole', async () => {
    const { outcomes, attempts } = deadlock(meeting(2));
    expect(await Promise.all(outcomes)).toEqual(['done', 'done']);
    expect(attempts()).toBe(3);
    // Each attempt reads the clock again.
    expect(readings).toBe(3);
    expect(await versions()).toEqual([3, 3]);
    expect(conflicts).toEqual([expect.stringContaining('deadlock detected')]);
  });

  test('the canceled one leaves no changes of its first attempt', async () => {
    let made = 0;
    const makeGroup = (tx: Repositories) => {
      made += 1;
      const name = `group-${made}`;
      return tx.accessGroups.insert(account.id, { name, title: name, parentId: account.root.id });
    };
    const { outcomes } = deadlock(meeting(2), makeGroup);
    await Promise.all(outcomes);
    expect(made).toBe(3);
    expect(await store.read.accessGroups.all(wholeAccount(account.id))).toHaveLength(1 + 2);
  });

  test('a transaction that deadlocks in each attempt is refused as UNAVAILABLE after the fifth', async () => {
    // In each attempt another transaction holds the lock that it requests next, and waits for the lock that it holds.
    let attempts = 0;
    const others: Promise<unknown>[] = [];
    const work = store.transaction(async (tx) => {
      attempts += 1;
      // Each of the others must end first. It still waits for row 1, so the next attempt would only wait for it.
      await Promise.all(others);
      await tx.scriptProfiles.forUpdate(wholeAccount(account.id), 1);
      others.push(
        database.prisma.$transaction(async (other) => {
          // The other does not look for a deadlock, so PostgreSQL does not cancel it.
          await other.$executeRaw(sql`set local deadlock_timeout = '60s'`);
          await other.$queryRaw(sql`select from script_profile where id = 2 for update`);
          await other.$queryRaw(sql`select from script_profile where id = 1 for update`);
        }),
      );
      // A waiting transaction looks for a deadlock once, so the deadlock must exist by then.
      await waitUntilBlocked(fresh);
      await tx.scriptProfiles.forUpdate(wholeAccount(account.id), 2);
    });
    await expect(work).rejects.toMatchObject({ name: 'Refusal', code: 'UNAVAILABLE' });
    expect(attempts).toBe(5);
    await Promise.all(others);
  });
});

test('a transaction that cannot be serialized with another is retried, even if only its COMMIT fails', async () => {
  // The application uses READ COMMITTED, where this cannot happen.
  const strict = anotherConnection(fresh);
  const serializable = withTransactions(strict.prisma, (work) =>
    strict.prisma.$transaction(work, { isolationLevel: 'Serializable' }),
  );
  try {
    const strictStore = createStore(serializable, async () => NOW);
    const meet = meeting(2);
    let attempts = 0;
    // Each transaction reads both rows and writes one. No serial order of the two explains both reads.
    const outcomes: Promise<void>[] = times(2, (index) => {
      const waitsAnew = behind(() => outcomes[1 - index]!);
      return strictStore.transaction(async (tx) => {
        attempts += 1;
        await waitsAnew();
        const both = await tx.scriptProfiles.byIds(wholeAccount(account.id), [1, 2]);
        const sum = both.reduce((total, profile) => total + profile!.version, 0);
        await meet();
        await tx.scriptProfiles.save(account.id, both[index]!, { ...both[index]!, version: sum });
      });
    });
    await Promise.all(outcomes);
    expect(attempts).toBe(3);
    expect((await versions()).sort()).toEqual([2, 3]);
  } finally {
    await strict.close();
  }
});

test('any other error of a statement ends the work immediately', async () => {
  let attempts = 0;
  const work = store.transaction(async (tx) => {
    attempts += 1;
    const group = { name: 'global', title: 'Twice', parentId: account.root.id };
    await tx.accessGroups.insert(account.id, group);
  });
  await expect(work).rejects.toThrow();
  expect(attempts).toBe(1);
});
