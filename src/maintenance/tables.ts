import { quoted, type Session } from '../database/session.ts';

/** A table to copy. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns that rows are sorted by: the primary key, in an order that is the same on every server. */
  readonly order: readonly string[];
}

/** All tables except the history of migrations, sorted by name. */
export async function tablesOf(session: Session): Promise<Table[]> {
  const { rows } = await session.query<Table>(`
    select c.relname as name,
      (select json_agg(a.attname order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select json_agg(quote_ident(a.attname) || case when a.attcollation <> 0 then ' collate "C"' else '' end order by k.n)
       from pg_index i
       cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, n)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
       where i.indrelid = c.oid and i.indisprimary) as order
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> '_prisma_migrations'
    order by c.relname collate "C"`);
  return rows;
}

/** Tables with their number of rows. Defaults to all. */
export async function countedTablesOf(
  session: Session,
  isWanted: (table: Table) => boolean = () => true,
): Promise<(Table & { readonly rows: number })[]> {
  const counted: (Table & { readonly rows: number })[] = [];
  for (const table of (await tablesOf(session)).filter(isWanted)) {
    const sql = `select count(*)::float8 as count from ${quoted(table.name)}`;
    const { rows } = await session.query<{ count: number }>(sql);
    counted.push({ ...table, rows: rows[0]!.count });
  }
  return counted;
}

const FIRST_FETCH = 16;
const MAX_FETCHED_ROWS = 5_000;
const AIM = 1_000_000;

/**
 * Reads the rows of a table as lines of JSON, in the order of its key. Each batch has about a megabyte, because some
 * rows have a hundred bytes and some are scripts.
 */
export async function* linesOf(session: Session, { name, columns, order }: Table): AsyncGenerator<string[]> {
  const cursor = quoted(`lines of ${name}`);
  await session.query(`
    declare ${cursor} no scroll cursor for
    select replace(row_to_json(listed)::text, E'\\n', ' ') as line
    from (select ${columns.map(quoted).join(', ')} from ${quoted(name)} order by ${order.join(', ')}) listed`);
  for (let most = FIRST_FETCH; ; ) {
    const { rows } = await session.query<{ line: string }>(`fetch ${most} from ${cursor}`);
    if (rows.length === 0) break;
    const lines = rows.map(({ line }) => line);
    yield lines;
    const size = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
    most = Math.min(Math.max(Math.floor(AIM / size), 1), MAX_FETCHED_ROWS);
  }
  await session.query(`close ${cursor}`);
}

/** Inserts rows in the format of `linesOf`. */
export async function insertLines(session: Session, table: Table, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const columns = table.columns.map(quoted).join(', ');
  await session.query(
    `insert into ${quoted(table.name)} (${columns})
     select ${columns} from json_populate_recordset(null::${quoted(table.name)}, $1::json)`,
    [`[${lines.join(',')}]`],
  );
}

/**
 * Runs work that fills tables in any order, although they refer to one another and to themselves. Afterwards it creates
 * the foreign keys again, which checks every row. A violation fails the transaction.
 */
export async function withoutForeignKeys<Result>(
  session: Session,
  work: () => Promise<Result>,
): Promise<Result> {
  const { rows } = await session.query<{ table: string; name: string; definition: string }>(`
    select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = current_schema()::regnamespace
    order by conrelid::regclass::text collate "C", conname collate "C"`);
  for (const { table, name } of rows) await session.exec(`alter table ${table} drop constraint ${name}`);
  const result = await work();
  for (const { table, name, definition } of rows)
    await session.exec(`alter table ${table} add constraint ${name} ${definition}`);
  return result;
}

/** The next number of each sequence. */
export async function sequencesOf(session: Session): Promise<Record<string, number>> {
  const { rows: sequences } = await session.query<{ name: string }>(
    `select sequencename as name from pg_sequences
     where schemaname = current_schema() order by sequencename collate "C"`,
  );
  const next: Record<string, number> = {};
  for (const { name } of sequences) {
    // Read the sequence itself, because pg_sequences shows no value for one that was set but not used since.
    const { rows } = await session.query<{ next: number }>(
      `select (last_value + is_called::int)::float8 as next from ${quoted(name)}`,
    );
    next[name] = rows[0]!.next;
  }
  return next;
}

export async function setSequences(
  session: Session,
  sequences: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [name, next] of Object.entries(sequences))
    await session.query('select setval(quote_ident($1)::regclass, $2::bigint, false)::text', [
      name,
      String(next),
    ]);
}
