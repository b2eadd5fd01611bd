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

// Only on PostgreSQL: with a single connection nobody waits for anybody.

let fresh: Database;
/** Its sessions look for a deadlock at once, and not after a second. */
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

/** For the sessions that the database will have. */
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

/** Resolves for everybody once so many are there. */
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

/** Two transactions that lock two profiles in opposite order, each having the one that the other wants next. */
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
 * For each attempt to begin with: from the second on it waits until the other is through. Else it could meet the other
 * once more, which PostgreSQL lets go on, and which is slow to: again and again, until it is refused.
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

describe('of two transactions that wait for each other', () => {
  test('both are done in the end: the one that was ended does all of its work anew, once', async () => {
    const { outcomes, attempts } = deadlock(meeting(2));
    expect(await Promise.all(outcomes)).toEqual(['done', 'done']);
    expect(attempts()).toBe(3);
    // With another reading of the clock each time.
    expect(readings).toBe(3);
    expect(await versions()).toEqual([3, 3]);
    expect(conflicts).toEqual([expect.stringContaining('deadlock detected')]);
  });

  test('the one that was ended leaves nothing of its first attempt behind', async () => {
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

  test('one that meets another deadlock in each attempt is refused for now after the fifth', async () => {
    // Each attempt is met by another transaction that has what it wants next, and wants what it has.
    let attempts = 0;
    const others: Promise<unknown>[] = [];
    const work = store.transaction(async (tx) => {
      attempts += 1;
      // The one that it met before still wants the first row: who took it again at once would wait for it in vain.
      await Promise.all(others);
      await tx.scriptProfiles.forUpdate(wholeAccount(account.id), 1);
      others.push(
        database.prisma.$transaction(async (other) => {
          // It looks for no deadlock while it waits, so that it is not the one who is ended.
          await other.$executeRaw(sql`set local deadlock_timeout = '60s'`);
          await other.$queryRaw(sql`select from script_profile where id = 2 for update`);
          await other.$queryRaw(sql`select from script_profile where id = 1 for update`);
        }),
      );
      // Who waits looks for a deadlock once: there must be one by then.
      await waitUntilBlocked(fresh);
      await tx.scriptProfiles.forUpdate(wholeAccount(account.id), 2);
    });
    await expect(work).rejects.toMatchObject({ name: 'Refusal', code: 'UNAVAILABLE' });
    expect(attempts).toBe(5);
    await Promise.all(others);
  });
});

test('a transaction that can’t be serialised with another is done anew, also when that shows at its end only', async () => {
  // The application states READ COMMITTED, where this cannot happen.
  const strict = anotherConnection(fresh);
  const serializable = withTransactions(strict.prisma, (work) =>
    strict.prisma.$transaction(work, { isolationLevel: 'Serializable' }),
  );
  try {
    const strictStore = createStore(serializable, async () => NOW);
    const meet = meeting(2);
    let attempts = 0;
    // Each reads both, and writes one: no order of the two explains what both read.
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

test('any other fault of a statement ends the work at once', async () => {
  let attempts = 0;
  const work = store.transaction(async (tx) => {
    attempts += 1;
    const group = { name: 'global', title: 'Twice', parentId: account.root.id };
    await tx.accessGroups.insert(account.id, group);
  });
  await expect(work).rejects.toThrow();
  expect(attempts).toBe(1);
});
