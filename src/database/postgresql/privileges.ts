/** Any client that runs statements in a session with our schema. */
interface Queryable {
  query<Row>(text: string): Promise<{ rows: Row[] }>;
}

/** The missing privileges of the session's user on our tables and sequences, one line for each table or sequence. */
export async function missingPrivileges(session: Queryable): Promise<string[]> {
  const { rows } = await session.query<{ line: string }>(`
    select format('%s on %s', string_agg(privilege, ', ' order by privilege), relname) as line
    from pg_class
    cross join unnest(case when relkind = 'S' then array['SELECT', 'USAGE'] else array['DELETE', 'INSERT', 'SELECT', 'UPDATE'] end)
      as privilege
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'S') and not relispartition
      and relname <> '_prisma_migrations'
      and not case when relkind = 'S' then has_sequence_privilege(oid, privilege) else has_table_privilege(oid, privilege) end
    group by relname order by relname collate "C"`);
  return rows.map(({ line }) => line);
}

export const PRIVILEGE_ADVICE =
  'make that user the owner of the tables, or grant it SELECT, INSERT, UPDATE, DELETE on all tables and USAGE, SELECT on all sequences of the schema';

export const saysMissing = (missing: readonly string[]): string =>
  `The database's user lacks privileges: ${missing.slice(0, 3).join('; ')}${missing.length > 3 ? ' …' : ''}`;
