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
import type { Due, DueBounds } from '../services/activities/run-ports.ts';
import { ofAccount } from './scope.ts';

/** Rows of all accounts that fall due at the time in a column. The column has an index. */
interface DueRows {
  readonly table: 'activity' | 'script_profile';
  readonly column: string;
  /** Restricts the rows further: begins with `and`. */
  readonly restriction?: Sql;
}

interface Question extends DueBounds {
  readonly except: readonly Due[];
}

/** The rows that are due, earliest first. */
export async function dueAt(
  connection: Connection,
  { table, column, restriction = empty }: DueRows,
  { now, most, except, ...bounds }: Question & { readonly now: Instant; readonly most: number },
): Promise<Due[]> {
  await limitTime(connection, bounds);
  return rows<Due>(
    connection,
    sql`
      select account_id as "accountId", id from ${raw(table)}
      where ${raw(column)} <= ${timestamp(now)} ${restriction} ${apartFrom(table, except)} ${ofOne(table, bounds)}
      order by ${raw(column)} limit ${most}::int`,
  );
}

/** The time at which the next row falls due. Undefined if none will. */
export async function nextDueAt(
  connection: Connection,
  { table, column, restriction = empty }: DueRows,
  { except, ...bounds }: Question,
): Promise<Instant | undefined> {
  await limitTime(connection, bounds);
  const next = await oneRow<{ at: Instant }>(
    connection,
    sql`
      select ${instant(`next.${column}`)} as at
      from (
        select ${raw(column)} from ${raw(table)}
        where ${raw(column)} is not null ${restriction} ${apartFrom(table, except)} ${ofOne(table, bounds)}
        order by ${raw(column)} limit 1) next`,
  );
  return next?.at;
}

/** Condition that restricts a question to one account, if it is about one. */
export const ofOne = (table: string, { accountId }: DueBounds = {}): Sql =>
  accountId === undefined ? empty : sql`and ${ofAccount(accountId, table)}`;

/** Limits the statements of the current transaction, if the question has a limit. */
export async function limitTime(connection: Connection, { timeoutMs }: DueBounds = {}): Promise<void> {
  if (timeoutMs !== undefined)
    await connection.$executeRaw(raw(`set local statement_timeout to ${timeoutMs}`));
}
