import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { rowsOf } from '../migrations/rows-of.ts';
import { DISTRIBUTION_SETTINGS, distributing, FIRST_OF_ACCOUNT } from './placement.ts';

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

/** Makes the settings of a migration, which hold until its transaction ends. */
export async function prepareDistributed(connection: SqlDriverAdapter): Promise<void> {
  for (const setting of DISTRIBUTION_SETTINGS) await connection.executeScript(setting);
  // The limit for requests applies on the workers.
  await connection.executeScript('SET LOCAL lock_timeout TO 0');
}

/** Distributes a table that a migration creates, while it is empty and before a foreign key refers to it. */
export async function distributeCreated(connection: SqlDriverAdapter, statement: string): Promise<void> {
  const table = /^create table "?(\w+)/i.exec(statement.trimStart())?.[1];
  const sql = table && distributing(table);
  if (sql) await rowsOf(connection, sql);
}
