import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { inTime } from '../services/in-time.ts';
import { type DatabaseDeadlines, DEADLINES } from './deadlines.ts';
import type { Connection, Sql } from './sql.ts';

/** Whoever runs statements, and several as one transaction: all of them count, or none. */
export interface TransactionalConnection extends Connection {
  /**
   * Commits when the work is done, and rolls back when it throws; throws what the work threw. Statements run in the
   * order in which they are asked for, and need not wait for each other's answers: the server need not either. COMMIT
   * comes behind what nobody has waited for. When a statement fails nothing stays, and why it failed is what every
   * statement behind it is told, and the caller.
   */
  transaction<Result>(work: (tx: Connection) => Promise<Result>): Promise<Result>;
}

/**
 * Statements over one of Prisma's driver adapters, without Prisma's client: that is made for queries which it plans
 * itself, and costs Node more for a statement that is written already than the driver does.
 */
export function connectionOver(
  factory: SqlDriverAdapterFactory,
  deadlines: Pick<DatabaseDeadlines, 'begin' | 'transaction'> = DEADLINES,
): TransactionalConnection & { close(): Promise<void> } {
  let adapter: Promise<SqlDriverAdapter> | undefined;
  const connected = () => {
    // One that could not be made is made again for the next statement.
    adapter ??= factory.connect().catch((error) => {
      adapter = undefined;
      throw error;
    });
    return adapter;
  };
  const open = new Set<OpenTransaction>();
  return {
    ...statementsOf(async (statement) => statement(await connected())),
    async transaction(work) {
      const tx = openTransaction(await begin(await connected(), deadlines.begin), deadlines.transaction);
      open.add(tx);
      try {
        const result = await work(tx.statements);
        await tx.commit();
        return result;
      } catch (error) {
        await tx.rollback();
        throw error;
      } finally {
        open.delete(tx);
      }
    },
    /** Rolls back what is not through yet: nobody will wait for it. */
    async close() {
      await Promise.all([...open].map((tx) => tx.rollback()));
      await (await adapter?.catch(() => undefined))?.dispose();
    },
  };
}

/** Waits for a connection, but not for ever; one that comes too late is given back. */
async function begin(adapter: SqlDriverAdapter, maxWait: number): Promise<Transaction> {
  const starting = adapter.startTransaction();
  return inTime(starting, maxWait, () => {
    starting.then((tx) => finish(tx, 'ROLLBACK')).catch(() => {});
    throw tookTooLong(`No transaction could begin within ${maxWait} ms.`);
  }).catch(asTheServerSaysIt);
}

interface OpenTransaction {
  readonly statements: Connection;
  commit(): Promise<void>;
  /** Of one that has ended, and of one whose connection is lost, nothing is left to roll back: it never fails. */
  rollback(): Promise<void>;
}

function openTransaction(tx: Transaction, timeout: number): OpenTransaction {
  let ended: Error | undefined;
  /** Why the first statement failed that did: the server gives up the whole, and says of all others only that. */
  let failure: unknown;
  const running = new Set<Promise<unknown>>();
  /** Nothing is asked of one that has ended: it would run on a connection which is somebody else's next. */
  const run = async <Answer>(statement: (tx: Transaction) => Promise<Answer>): Promise<Answer> => {
    if (ended) throw ended;
    const answer = statement(tx);
    answer.catch((error) => {
      failure ??= error;
    });
    running.add(answer);
    try {
      return await answer;
    } catch {
      throw failure;
    } finally {
      running.delete(answer);
    }
  };
  const end = async (how: Ending, reason: Error) => {
    if (ended) throw ended;
    ended = reason;
    clearTimeout(timer);
    // A ROLLBACK must come behind everything: what is sent after it would count by itself. COMMIT need not wait, since it
    // goes the way of the statements.
    if (how === 'ROLLBACK') await Promise.allSettled(running);
    const [finished] = await Promise.allSettled([finish(tx, how), ...running]);
    // Where a statement failed at the server, COMMIT is a ROLLBACK there, and no error.
    if (failure !== undefined) throw failure;
    if (finished.status === 'rejected') throw finished.reason;
  };
  const rollback = (reason: Error) => end('ROLLBACK', reason).catch(() => {});
  const commit = async () => {
    if (tx.options.usePhantomQuery) await Promise.allSettled(running);
    if (failure !== undefined) throw failure;
    await end('COMMIT', isOver());
  };
  const timer = setTimeout(
    () => rollback(tookTooLong(`A transaction was not through within ${timeout} ms.`)),
    timeout,
  );
  return {
    statements: statementsOf(run),
    commit: () => commit().catch(asTheServerSaysIt),
    rollback: () => rollback(isOver()),
  };
}

type Ending = 'COMMIT' | 'ROLLBACK';

/** Where the driver does not send COMMIT and ROLLBACK itself, the adapter's methods only give the connection back. */
async function finish(tx: Transaction, how: Ending): Promise<void> {
  const send = (ending: Ending) => tx.executeRaw({ sql: ending, args: [], argTypes: [] });
  try {
    if (!tx.options.usePhantomQuery) await send(how);
  } catch (error) {
    // One that was canceled has ended nothing: whoever has the connection next would be refused.
    await send('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    await (how === 'COMMIT' ? tx.commit() : tx.rollback());
  }
}

type Run = <Answer>(statement: (queryable: SqlQueryable) => Promise<Answer>) => Promise<Answer>;

const statementsOf = (run: Run): Connection => ({
  $queryRaw: async <Rows>(query: Sql) => {
    const statement = asStatement(query);
    const answer = await run((queryable) => queryable.queryRaw(statement)).catch(asTheServerSaysIt);
    return objectsOf(answer) as Rows;
  },
  $executeRaw: (query) => {
    const statement = asStatement(query);
    return run((queryable) => queryable.executeRaw(statement)).catch(asTheServerSaysIt);
  },
});

const asStatement = ({ text, values }: Sql): SqlQuery => ({
  sql: text,
  args: [...values],
  argTypes: values.map((value) => (Array.isArray(value) ? listOf : scalar)),
});

// The type is what the statement says, as `${id}::bigint` does: the adapter needs to know only whether it is a list.
const scalar: ArgType = { scalarType: 'unknown', arity: 'scalar' };
const listOf: ArgType = { scalarType: 'unknown', arity: 'list' };

function objectsOf({ columnNames, columnTypes, rows }: SqlResultSet): object[] {
  return rows.map((row) =>
    Object.fromEntries(columnNames.map((name, column) => [name, decoded(row[column], columnTypes[column]!)])),
  );
}

/** The adapter's own value where JavaScript has no better: of numerics and times the text, which keeps every digit. */
function decoded(value: unknown, type: ColumnType): unknown {
  if (value === null) return null;
  if (type === ColumnTypeEnum.Int64) return BigInt(value as string);
  if (type === ColumnTypeEnum.Int64Array)
    return (value as unknown[]).map((each) => decoded(each, ColumnTypeEnum.Int64));
  if (type === ColumnTypeEnum.Json) return JSON.parse(value as string);
  return value;
}

/** The adapters call many errors by their kind alone; whoever reads a log wants to know what was wrong. */
function asTheServerSaysIt(error: unknown): never {
  if (!isDriverAdapterError(error)) throw error;
  const { originalMessage = error.message, originalCode } = error.cause;
  throw Object.assign(error, { message: originalMessage, code: originalCode });
}

/** What the adapters say where a server does not answer in time. */
export const tookTooLong = (message: string) =>
  Object.assign(new DriverAdapterError({ kind: 'SocketTimeout' }), { message });

export const notReachable = (message: string) =>
  Object.assign(new DriverAdapterError({ kind: 'DatabaseNotReachable' }), { message });

const isOver = () => new Error('The transaction is over: a statement of it came too late.');
