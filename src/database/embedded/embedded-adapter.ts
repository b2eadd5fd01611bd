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
 * The package's adapter with two of its methods replaced. Its `executeScript` does not wait for the script
 * (a failing migration would be recorded as applied, and its error end the process as an unhandled
 * rejection), and its `commit` swallows a COMMIT that failed: rows acknowledged, and lost.
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
 * PGlite runs a transaction as a callback, Prisma as an object to commit or roll back: the callback waits
 * here until it is told which. Commit and rollback answer only when PGlite is through with it.
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
        // PGlite sends BEGIN, COMMIT and ROLLBACK itself, so nobody else must.
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
    // Also what keeps a failed COMMIT from being an unhandled rejection beside the one that `finish` reports.
    outcome.catch(failed);
  });
}

/**
 * PGlite runs in this process and answers as if at once: whoever sends one statement after the other would let no timer
 * run, not even those that bound a transaction, and no other request in.
 */
function yieldingToEventLoop(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  adapter.queryRaw = (query) => queryRaw(query).finally(() => setImmediate());
  adapter.executeRaw = (query) => executeRaw(query).finally(() => setImmediate());
  return adapter;
}

/** For what a transaction that is PGlite's own asks through Prisma's engines; it begins and ends none itself. */
export async function withinTransaction(tx: PGliteTransaction): Promise<SqlDriverAdapter> {
  const adapter = await overTransaction(tx);
  adapter.executeScript = (script) => run(tx, script);
  return adapter;
}

/** The package converts arguments, rows and errors over anything that has PGlite's `query`. */
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
