import { readMigrations } from '../database/migrations/migrations-folder.ts';
import { missingPrivileges } from '../database/postgresql/privileges.ts';
import { quoted, type Session } from '../database/session.ts';
import { oneRow, type Reader, type Sql, sql } from '../database/sql.ts';
import type { Instant } from '../domain/time.ts';
import { databaseClock } from '../repositories/store.ts';
import type { Inspection, Violation } from '../services/maintenance/diagnosis.ts';
import { catalogueOf } from './catalogue.ts';
import { undistributedTables } from './citus.ts';
import { orphans } from './orphans.ts';
import { rules } from './rules.ts';
import { sequencesOf, tablesOf } from './tables.ts';

const EXAMPLES = 3;

/** Inspects the whole database without changing it. */
export async function examine(session: Session): Promise<Inspection> {
  const connection = readerOn(session);
  const time = await timeOf(session);
  const migrations = await migrationsOf(session);
  const missing = await missingPrivileges(session);
  return {
    time,
    server: await serverOf(session),
    missingPrivileges: missing,
    migrations,
    catalogue: await catalogueOf(session),
    undistributed: await undistributedTables(session),
    broken:
      missing.length === 0 && (await areOurs(migrations))
        ? await brokenRules(session, connection, time)
        : undefined,
  };
}

export const timeOf = (session: Session): Promise<Instant> => databaseClock(readerOn(session));

async function serverOf(session: Session): Promise<Inspection['server']> {
  const { rows } = await session.query<Inspection['server']>(`
    select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::int as "mostConnections"`);
  return rows[0]!;
}

export async function migrationsOf(session: Session): Promise<Inspection['migrations']> {
  const { rows: there } = await session.query<{ exists: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as exists`,
  );
  if (!there[0]!.exists) return [];
  const { rows } = await session.query<Inspection['migrations'][number]>(
    `select migration_name as name, checksum, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null order by migration_name collate "C"`,
  );
  return rows;
}

async function areOurs(found: Inspection['migrations']): Promise<boolean> {
  const known = await readMigrations();
  return known.every(({ name }, i) => found[i]?.name === name && found[i]?.finished);
}

async function brokenRules(session: Session, reader: Reader, now: Instant): Promise<Violation[]> {
  const broken: Violation[] = [];
  for (const { says, advice, about, broken: query } of rules) {
    const found = await oneRow<{ number: number; examples: string[] | null }>(reader, summaryOf(query(now)));
    if (found!.number > 0)
      broken.push({ rule: { says, advice }, about, number: found!.number, examples: found!.examples! });
  }
  return [...broken, ...(await orphans(session)), ...(await sequencesBehind(session))];
}

const summaryOf = (query: Sql): Sql => sql`
  select count(*) as number,
    array_agg(format('%s in account %s', what, account_id) order by account_id, what)
      filter (where n <= ${EXAMPLES}::int) as examples
  from (select *, row_number() over (order by account_id, what) as n from (${query}) broken) numbered`;

/** Finds sequences that will return ids which are already taken. Inserts would then fail with duplicate keys. */
async function sequencesBehind(session: Session): Promise<Violation[]> {
  const sequences = await sequencesOf(session);
  const behind: string[] = [];
  for (const { name } of (await tablesOf(session)).filter(({ columns }) => columns.includes('id'))) {
    const next = sequences[`${name}_id_seq`];
    const { rows } = await session.query<{ highest: number | null }>(
      `select max(id)::float8 as highest from ${quoted(name)}`,
    );
    if (next !== undefined && (rows[0]!.highest ?? 0) >= next) behind.push(`${name}_id_seq`);
  }
  if (behind.length === 0) return [];
  const says = 'sequences that will return numbers that are already in use';
  const advice = `select setval('${behind[0]}', (select max(id) from …)) and so on for each, because rows were inserted manually`;
  return [{ rule: { says, advice }, about: 'rows', number: behind.length, examples: behind }];
}

/** Runs queries in this session. */
const readerOn = (session: Session): Reader => ({
  $queryRaw: async <Rows>({ text, values }: Sql) => (await session.query(text, values)).rows as Rows,
});
