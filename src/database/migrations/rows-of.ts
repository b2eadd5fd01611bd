import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

/** The rows of a query, each as its values. */
export const rowsOf = async (connection: SqlDriverAdapter, sql: string): Promise<unknown[][]> =>
  (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
