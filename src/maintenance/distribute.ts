import { DISTRIBUTION_SETTINGS, distributing, placements } from '../database/citus/placement.ts';
import { DEADLINES } from '../database/deadlines.ts';
import { quoted, type Session } from '../database/session.ts';
import type { OnProgress } from '../services/maintenance/maintenance.ts';
import { missingPlacements, placedTables } from './citus.ts';
import { countedTablesOf } from './tables.ts';

/** A table that would be distributed, with its number of rows. */
export interface Undistributed {
  readonly table: string;
  readonly isByAccount: boolean;
  readonly rows: number;
}

/** Tables that are not distributed yet, in the order of their distribution. */
export async function undistributed(session: Session): Promise<Undistributed[]> {
  const missing = missingPlacements((await placedTables(session)) ?? new Map());
  // Only these, because counting distributed rows in parallel prevents a distribution in the same transaction.
  const all = await countedTablesOf(session, ({ name }) => missing.includes(name));
  const counted = new Map(all.map(({ name, rows }) => [name, rows]));
  const byAccount = new Set(
    placements.flatMap(([table, placement]) => (placement === 'account' ? table : [])),
  );
  return missing.map((table) => ({ table, isByAccount: byAccount.has(table), rows: counted.get(table)! }));
}

/**
 * Distributes tables within the session's transaction. Foreign keys and triggers of these tables are removed first,
 * because Citus refuses them before both of their tables are distributed, and created again at the end, which checks
 * every row.
 */
export async function distribute(
  session: Session,
  tables: readonly Undistributed[],
  onProgress: OnProgress,
): Promise<void> {
  for (const setting of DISTRIBUTION_SETTINGS) await session.exec(setting);
  const removed = await removeReferences(
    session,
    tables.map(({ table }) => table),
  );
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { table, rows } of tables) {
    await session.query(distributing(table)!);
    // The rows that were copied to the shards.
    await session.query(`select truncate_local_data_after_distributing_table('${table}')::text`);
    done += rows;
    onProgress({ step: 'distributed', table, done, total });
  }
  await shareFunctions(session);
  for (const statement of removed) await session.exec(statement);
  await setUp(session);
}

/** Removes the foreign keys and triggers of tables. Returns the statements that create them again. */
async function removeReferences(session: Session, tables: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ remove: string; create: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as remove,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid)) as create
     from pg_constraint k
     where contype = 'f' and connamespace = current_schema()::regnamespace
       and (conrelid::regclass::text = any($1::text[]) or confrelid::regclass::text = any($1::text[]))
     union all
     select format('drop trigger %I on %s', tgname, tgrelid::regclass), pg_get_triggerdef(t.oid)
     from pg_trigger t
     where not tgisinternal and tgrelid::regclass::text = any($1::text[])`,
    [tables],
  );
  for (const { remove } of rows) await session.exec(remove);
  return rows.map(({ create }) => create);
}

/** Triggers on the workers call our functions, and Citus copies only those that a trigger names. */
async function shareFunctions(session: Session): Promise<void> {
  await session.query(`
    select create_distributed_function(oid::regprocedure)::text from pg_proc
    where pronamespace = current_schema()::regnamespace and prolang <> (select oid from pg_language where lanname = 'c')`);
}

/** Settings of the database, which the gateway's sessions do not pass on to the workers. */
async function setUp(session: Session): Promise<void> {
  const { rows } = await session.query<{ database: string }>('select current_database() as database');
  const database = quoted(rows[0]!.database);
  // SET LOCAL then also applies on the worker, where the trigger of the event log reads it.
  await session.exec(`alter database ${database} set citus.propagate_set_commands to 'local'`);
  // Otherwise Citus 13.2 crashes at an UPDATE whose condition is constantly false.
  await session.exec(`alter database ${database} set citus.enable_local_fast_path_query_optimization to off`);
  // A session's own limit applies on the coordinator only. Citus passes on that of the role.
  await session.exec(`alter role current_user in database ${database} set lock_timeout to ${DEADLINES.lock}`);
}
