import { type Connection, raw, sql } from '../database/sql.ts';
import type { Computer } from '../domain/computers/computer.ts';
import type { ScriptProfile } from '../domain/script-profiles/script-profile.ts';
import type { Script } from '../domain/scripts/script.ts';
import { computerRepository } from '../repositories/computers/computers.ts';
import { scriptProfileColumns } from '../repositories/script-profiles/script-profiles.ts';
import { scriptColumns, versionColumns } from '../repositories/scripts/scripts.ts';

/**
 * Sets the sequence of a table to continue from this id, because rows of a demonstration have fixed ids. Call it before
 * an insert that takes its id from the sequence, and after the last row. Rows that are created later then get higher
 * ids.
 */
export async function continueFrom(tx: Connection, table: string, id: number): Promise<void> {
  await tx.$queryRaw(sql`select setval(${`${table}_id_seq`}::text::regclass, ${id}::bigint, false)`);
}

export async function insertComputers(
  tx: Connection,
  accountId: number,
  computers: readonly Computer[],
): Promise<void> {
  const repository = computerRepository(tx);
  for (const computer of computers) {
    await continueFrom(tx, 'computer', computer.id);
    await repository.insert(accountId, computer, null);
  }
  // Saving stores the tags and the time of acceptance, which an insert does not.
  await repository.save(
    accountId,
    computers.filter(({ status }) => status === 'accepted'),
  );
}

export async function insertScripts(
  tx: Connection,
  accountId: number,
  scripts: readonly Script[],
): Promise<void> {
  await insertNumbered(
    tx,
    'script',
    accountId,
    scripts.map((script) => ({ id: script.id, ...scriptColumns(script) })),
  );
  await insertRows(
    tx,
    'script_version',
    accountId,
    scripts.map((script) => ({ scriptId: script.id, ...versionColumns(script) })),
  );
}

export async function insertProfiles(
  tx: Connection,
  accountId: number,
  profiles: readonly ScriptProfile[],
): Promise<void> {
  await insertNumbered(
    tx,
    'script_profile',
    accountId,
    profiles.map((profile) => ({ id: profile.id, ...scriptProfileColumns(profile) })),
  );
}

/** Inserts rows with fixed ids. The sequence continues after the highest id. */
async function insertNumbered<Row extends { readonly id: number }>(
  tx: Connection,
  table: string,
  accountId: number,
  rows: readonly Row[],
): Promise<void> {
  await insertRows(tx, table, accountId, rows);
  await continueFrom(tx, table, Math.max(0, ...rows.map(({ id }) => id)) + 1);
}

/**
 * Inserts any number of rows in one statement. The rows are sent as JSON, and the database parses each text by its
 * column's type. So times keep their microseconds. Keys are the column names in camelCase.
 */
export async function insertRows<Row extends object>(
  tx: Connection,
  table: string,
  accountId: number,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const column = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const json = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [column(key), value])),
  );
  const columns = raw(Object.keys(json[0]!).join(', '));
  await tx.$executeRaw(sql`
    insert into ${raw(table)} (account_id, ${columns})
    select ${accountId}::bigint, ${columns}
    from json_populate_recordset(null::${raw(table)}, ${JSON.stringify(json)}::json)`);
}
