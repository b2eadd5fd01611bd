import { setImmediate } from 'node:timers/promises';
import type { PGlite, Transaction as PGliteTransaction } from '@electric-sql/pglite';
import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';

/**
 * The package's adapter with two methods replaced, because both hide failures. Its `executeScript` does not wait for
 * the script. A failing migration would be recorded as applied, and its error would end the process as an unhandled
 * rejection. Its `commit` swallows a failed COMMIT, so acknowledged rows would be lost.
 */
export function embeddedAdapter(pglite: PGlite): SqlDriverAdapterFactory {
  const factory = new PrismaPGlite(pglite);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = yieldingToEventLoop(await factory.connect());
      adapter.executeScript = async (script) => {
        await pglite.exec(script).catch(asAdapterError);
      };
      adapter.startTransaction = (isolationLevel) => startTransaction(pglite, isolationLevel);
      return adapter;
    },
  };
}

/**
 * Bridges two interfaces: PGlite runs a transaction as a callback, Prisma as an object with commit and rollback. The
 * callback waits here until Prisma ends the transaction. Commit and rollback resolve only when PGlite has finished.
 */
function startTransaction(pglite: PGlite, isolationLevel?: IsolationLevel): Promise<Transaction> {
  return new Promise((started, failed) => {
    let end: (how: 'commit' | 'rollback') => void;
    const ending = new Promise<'commit' | 'rollback'>((resolve) => {
      end = resolve;
    });
    const outcome = pglite.transaction(async (tx) => {
      if (isolationLevel) await tx.exec(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`);
      const queries = yieldingToEventLoop(await overTransaction(tx));
      const finish = async (how: 'commit' | 'rollback') => {
        end(how);
        await outcome.catch(asAdapterError);
      };
      started({
        provider: queries.provider,
        adapterName: queries.adapterName,
        // PGlite sends BEGIN, COMMIT and ROLLBACK itself, so Prisma must not.
        options: { usePhantomQuery: true },
        queryRaw: (query) => queries.queryRaw(query),
        executeRaw: (query) => queries.executeRaw(query),
        createSavepoint: (name) => run(tx, `SAVEPOINT ${name}`),
        rollbackToSavepoint: (name) => run(tx, `ROLLBACK TO SAVEPOINT ${name}`),
        releaseSavepoint: (name) => run(tx, `RELEASE SAVEPOINT ${name}`),
        commit: () => finish('commit'),
        rollback: () => finish('rollback'),
      });
      if ((await ending) === 'rollback') await tx.rollback();
    });
    // Rejects if the transaction does not begin. It also handles a later failure that `finish` does not await, because
    // an unhandled rejection would end the process.
    outcome.catch(failed);
  });
}

/**
 * Lets timers and other requests run between statements. PGlite runs in this process and answers within the same turn
 * of the event loop. So a series of statements would block even the timeouts of transactions.
 */
function yieldingToEventLoop(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  adapter.queryRaw = (query) => queryRaw(query).finally(() => setImmediate());
  adapter.executeRaw = (query) => executeRaw(query).finally(() => setImmediate());
  return adapter;
}

/** Adapter for Prisma's engines inside a transaction of PGlite. It neither begins nor ends the transaction. */
export async function withinTransaction(tx: PGliteTransaction): Promise<SqlDriverAdapter> {
  const adapter = await overTransaction(tx);
  adapter.executeScript = (script) => run(tx, script);
  return adapter;
}

/** The package converts arguments, rows and errors for any object that has PGlite's `query`. */
function overTransaction(tx: PGliteTransaction): Promise<SqlDriverAdapter> {
  return new PrismaPGlite(tx as unknown as PGlite).connect();
}

async function run(tx: PGliteTransaction, sql: string): Promise<void> {
  await tx.exec(sql).catch(asAdapterError);
}

function asAdapterError(error: unknown): never {
  const { code, severity, message, detail, column, hint } = error as Record<string, string | undefined>;
  if (!code || !severity || !message) throw error;
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}
