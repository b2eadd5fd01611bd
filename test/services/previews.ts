import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { aDraft } from '../support/builders.ts';
import { anotherConnection, freshDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { withTransactions } from '../support/wrapped-client.ts';

export function previews(): void {
  // Only on PostgreSQL, because the embedded database has one connection, so no other could hold a lock.

  let database: Database;
  let other: Database;
  let account: TestAccount;
  beforeAll(async () => {
    database = await freshDatabase();
    other = anotherConnection(database);
    account = await anAccount(database.prisma);
    await insert(database.prisma, 'script', account, [{ id: 1000 }]);
    await insert(database.prisma, 'script_profile', account, [{ id: 7 }]);
    await insert(database.prisma, 'computer', account, [{ id: 2000 }]);
  });
  afterAll(async () => {
    await other.close();
    await database.close();
  });

  const create = { create: aDraft({ scriptId: 1000 }) };
  const update = { update: { id: 7, edit: { title: 'Other', tags: ['web'] } } };

  test('a preview waits for no lock, even if all rows that it reads are locked', async () => {
    const services = createServices(createStore(other.prisma));
    await createStore(database.prisma).transaction(async (tx) => {
      await tx.limits.forUpdate(account.id);
      await tx.scripts.forUpdate(wholeAccount(account.id), 1000);
      await tx.scriptProfiles.forUpdate(wholeAccount(account.id), 7);
      await tx.computers.forUpdate(wholeAccount(account.id), [2000]);
      for (const change of [create, update]) {
        expect((await services.previews.preview(account.caller, change)).problems).toEqual([]);
      }
    });
  });

  test('a preview takes no lock that another transaction could wait for, and writes nothing', async () => {
    const held: unknown[] = [];
    const watched = createStore(
      withTransactions(database.prisma, (work) =>
        database.prisma.$transaction(async (tx) => {
          const result = await work(tx);
          held.push(
            ...(await tx.$queryRaw<{ mode: string; xid: string | null }[]>(sql`
            select distinct mode, pg_current_xact_id_if_assigned()::text as xid from pg_locks where pid = pg_backend_pid()`)),
          );
          return result;
        }),
      ),
    );
    for (const change of [create, update])
      await createServices(watched).previews.preview(account.caller, change);
    // Locking or writing a row requires a transaction id, and a stronger lock on its table.
    expect(new Set(held.map((lock) => JSON.stringify(lock)))).toEqual(
      new Set(['AccessShareLock', 'ExclusiveLock'].map((mode) => JSON.stringify({ mode, xid: null }))),
    );
  });
}
