import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { rowsOf } from '../migrations/rows-of.ts';
import { distributing, FIRST_OF_ACCOUNT } from './placement.ts';

/** Whether the tables are distributed by Citus. */
export async function isDistributed(connection: SqlDriverAdapter): Promise<boolean> {
  const [exists] = await rowsOf(connection, `SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL`);
  if (!exists?.[0]) return false;
  const [isFirst] = await rowsOf(
    connection,
    `SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('${FIRST_OF_ACCOUNT}'))`,
  );
  return Boolean(isFirst?.[0]);
}

/** Settings without which Citus refuses migrations. They hold until the transaction ends. */
export async function prepareDistributed(connection: SqlDriverAdapter): Promise<void> {
  // Citus otherwise uses several connections to a worker, which do not see each other's foreign keys.
  await connection.executeScript(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
  await connection.executeScript('SET LOCAL citus.enable_unsafe_triggers TO on');
  // The limit for requests applies on the workers.
  await connection.executeScript('SET LOCAL lock_timeout TO 0');
}

/** Distributes a table that a migration creates, while it is empty and before a foreign key refers to it. */
export async function distributeCreated(connection: SqlDriverAdapter, statement: string): Promise<void> {
  const table = /^create table "?(\w+)/i.exec(statement.trimStart())?.[1];
  const sql = table && distributing(table);
  if (sql) await rowsOf(connection, sql);
}
