import type { TransactionalConnection } from '../../src/persistence/connection.ts';
import type { Connection } from '../../src/persistence/sql.ts';

/** The same connection, with something done before each statement; in transactions too, but for BEGIN and COMMIT. */
export const heard = (connection: TransactionalConnection, before: () => void): TransactionalConnection => ({
  ...hearing(connection, before),
  transaction: (work) => connection.transaction((tx) => work(hearing(tx, before))),
});

/** The same of its transactions only. */
export const heardWithin = (
  connection: TransactionalConnection,
  before: () => void,
): TransactionalConnection => ({ ...connection, transaction: heard(connection, before).transaction });

const hearing = (connection: Connection, before: () => void): Connection => ({
  $queryRaw: async (query) => {
    before();
    return connection.$queryRaw(query);
  },
  $executeRaw: async (query) => {
    before();
    return connection.$executeRaw(query);
  },
});
