import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { noopObserver, type Observer } from '../services/observer.ts';
import { type DatabaseDeadlines, DEADLINES } from './deadlines.ts';
import { Prisma, PrismaClient } from './generated/client.ts';

/**
 * Creates Prisma's client. Transactions are READ COMMITTED and limited in time. The observer is notified of every
 * statement.
 */
export function createClient(
  adapter: SqlDriverAdapterFactory,
  deadlines: Pick<DatabaseDeadlines, 'begin' | 'transaction'> = DEADLINES,
  observer: () => Pick<Observer, 'statement'> = () => noopObserver,
): PrismaClient {
  const client = new PrismaClient({
    adapter,
    errorFormat: 'minimal',
    transactionOptions: {
      // A transaction that waited for a lock must see what the holder committed, or limits are overshot.
      isolationLevel: 'ReadCommitted',
      maxWait: deadlines.begin,
      timeout: deadlines.transaction,
    },
  });
  return client.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) =>
        observer().statement(model ? `${verbOf(operation)} ${model}` : textOf(args), () => query(args)),
    },
  }) as unknown as PrismaClient;
}

/** The SQL verb of a model operation. */
function verbOf(operation: string): string {
  if (/^(create|upsert)/.test(operation)) return 'insert';
  return /^(update|delete)/.exec(operation)?.[0] ?? 'select';
}

/** SQL text without its values. */
function textOf(args: unknown): string {
  const [statement] = Array.isArray(args) ? args : [args];
  return statement instanceof Prisma.Sql ? statement.text : String(statement);
}
