import {
  apartFrom,
  type Connection,
  empty,
  instant,
  oneRow,
  raw,
  rows,
  type Sql,
  sql,
  timestamp,
} from '../database/sql.ts';
import type { Instant } from '../domain/time.ts';
import type { Due } from '../services/activities/run-ports.ts';

/** Rows of all accounts that fall due at the time in a column. The column has an index. */
interface DueRows {
  readonly table: 'activity' | 'script_profile';
  readonly column: string;
  /** Restricts the rows further: begins with `and`. */
  readonly restriction?: Sql;
}

/** The rows that are due, earliest first. */
export const dueAt = (
  connection: Connection,
  { table, column, restriction = empty }: DueRows,
  now: Instant,
  most: number,
  except: readonly Due[],
): Promise<Due[]> =>
  rows<Due>(
    connection,
    sql`
      select account_id as "accountId", id from ${raw(table)}
      where ${raw(column)} <= ${timestamp(now)} ${restriction} ${apartFrom(table, except)}
      order by ${raw(column)} limit ${most}::int`,
  );

/** The time at which the next row falls due. Undefined if none will. */
export async function nextDueAt(
  connection: Connection,
  { table, column, restriction = empty }: DueRows,
  except: readonly Due[],
): Promise<Instant | undefined> {
  const next = await oneRow<{ at: Instant }>(
    connection,
    sql`
      select ${instant(`next.${column}`)} as at
      from (
        select ${raw(column)} from ${raw(table)}
        where ${raw(column)} is not null ${restriction} ${apartFrom(table, except)}
        order by ${raw(column)} limit 1) next`,
  );
  return next?.at;
}
