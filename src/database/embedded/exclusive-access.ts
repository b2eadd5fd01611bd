import type { PGlite } from '@electric-sql/pglite';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { migrateWithin } from '../migrations/migrate.ts';
import type { Migration } from '../migrations/migrations-folder.ts';
import { type Session, settled } from '../session.ts';
import { withinTransaction } from './embedded-adapter.ts';

/** A session of an embedded database that can apply migrations. */
export interface EmbeddedSession extends Session {
  readonly adapter: SqlDriverAdapter;
}

/** Exclusive access to an embedded database. All other statements wait until the work ends. */
export type ExclusiveAccess = <Result>(
  work: (session: EmbeddedSession) => Promise<Result>,
) => Promise<Result>;

export const exclusiveAccessTo =
  (pglite: PGlite): ExclusiveAccess =>
  (work) =>
    pglite.transaction(async (tx) => {
      const session: EmbeddedSession = {
        query: (text, values) => tx.query(text, values),
        exec: (script) => tx.exec(script),
        adapter: await withinTransaction(tx),
      };
      return settled(session, () => work(session));
    });

export async function migrateTo(
  { adapter }: EmbeddedSession,
  migrations: readonly Migration[],
): Promise<void> {
  await migrateWithin(adapter, migrations);
}

/** Makes the database read-only once the transaction commits, even for the server that has it open. */
export const retire = (session: Session) => session.exec('set default_transaction_read_only to on');
