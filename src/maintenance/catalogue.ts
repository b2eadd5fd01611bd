import type { Session } from '../database/session.ts';

/**
 * The objects that migrations created, one line each. Definitions are left out, because servers of different versions
 * print them differently.
 */
export async function catalogueOf(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ line: string }>(`
    with ours as (
      select oid, relname from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
        and relname <> '_prisma_migrations'),
    lines as (
      select format('column %s.%s %s%s', relname, attname, format_type(atttypid, atttypmod),
               case when attnotnull then ' not null' else '' end) as line
      from ours join pg_attribute on attrelid = ours.oid and attnum > 0 and not attisdropped
      union all
      select format('%sindex %s on %s', case when indisunique then 'unique ' else '' end, i.relname, ours.relname)
      from ours join pg_index on indrelid = ours.oid join pg_class i on i.oid = indexrelid
      where indisvalid
      union all
      select format('constraint %s on %s', conname, relname)
      from ours join pg_constraint on conrelid = ours.oid
      where contype in ('c', 'f', 'p', 'u') and convalidated
        and not exists (select from pg_trigger where tgconstraint = pg_constraint.oid and tgenabled not in ('O', 'A'))
      union all
      select format('trigger %s on %s', tgname, relname)
      from ours join pg_trigger on tgrelid = ours.oid
      where not tgisinternal and tgenabled in ('O', 'A'))
    select line from lines order by line collate "C"`);
  return rows.map(({ line }) => line);
}
