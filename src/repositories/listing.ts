import {
  and,
  bigints,
  type Connection,
  empty,
  instant,
  raw,
  rows,
  type Sql,
  sql,
  texts,
} from '../database/sql.ts';
import { type Cursor, type Slice, toSlice, type Window } from '../domain/page.ts';
import type { Order } from '../services/listing.ts';

/**
 * Keyset pages. A list is sorted by one column and, for equal values, by id. A cursor holds both, and the page starts
 * right behind it. So rows that are added or removed meanwhile shift nothing, and page 1,000 costs as much as page 1.
 * `offset` skips rows from there, for callers that count pages.
 */
export interface List {
  /** The columns of each row. */
  readonly columns: Sql;
  /** The table, named `alias` in the other properties, and the joins that the conditions need. */
  readonly from: Sql;
  /**
   * Joins that only add columns, applied to the rows of the page. If an account has far more rows than most,
   * PostgreSQL's generic plan would otherwise join and sort them all.
   */
  readonly joins?: Sql;
  readonly alias: string;
  readonly where: readonly Sql[];
  /**
   * The column and values of a condition that accepts any of several values. Each value is read from an index that
   * starts with the column and continues in sort order, and the results are merged. Otherwise PostgreSQL walks the
   * whole list to find the fifty rows of a rare value at its far end.
   */
  readonly anyOf?: { readonly column: string; readonly values: readonly string[] };
  /** Set if one plan suits every filter, because the list has thousands of rows and not millions. */
  readonly isShort?: true;
}

/**
 * The page sizes that clients usually request, which become literals. For a parameter, PostgreSQL assumes a tenth of
 * the list and rejects its stored plan as too expensive. It then plans every time, which takes a quarter of the time.
 * Only usual sizes are literals, because each literal creates a separate statement.
 */
const USUAL_PAGES: ReadonlySet<number> = new Set([10, 20, 25, 50, 100, 200, 250, 500, 1000]);

interface SortColumn {
  readonly name: string;
  readonly type: 'timestamptz' | 'text' | 'bigint';
  /** Rows without a value are last, in both directions. */
  readonly nullable?: true;
}

export type SortColumns<Field extends string> = Readonly<Record<Field, SortColumn>>;

/** @param keyed whether each row contains its sort key, for cursors */
export function pageQuery(
  list: List,
  column: SortColumn,
  direction: 'ASC' | 'DESC',
  window: Window,
  keyed = true,
): Sql {
  // Read one row more than the page, to know whether the list continues.
  const limit = window.limit + 1;
  const sortBy = raw(`${list.alias}.${column.name}`);
  const id = raw(`${list.alias}.id`);
  const key = column.type === 'timestamptz' ? instant(`${list.alias}.${column.name}`) : sql`${sortBy}::text`;
  // A page from the end is read backward and reversed afterwards.
  const ascending = (direction === 'ASC') !== window.fromEnd;
  const way = raw(ascending ? 'asc' : 'desc');
  // Only for nullable columns, because an index has PostgreSQL's default order of nulls.
  const nulls = raw(column.nullable ? `nulls ${window.fromEnd ? 'first' : 'last'}` : '');
  const order = sql`order by ${sortBy} ${way} ${nulls}, ${id} ${way}`;
  const beyond = (cursor: Cursor, behind: boolean) => {
    const side = raw((direction === 'ASC') === behind ? '>' : '<');
    const unsorted = sql`${sortBy} is null`;
    if (cursor.key === null)
      return behind
        ? sql`(${unsorted} and ${id} ${side} ${cursor.id}::bigint)`
        : sql`(not ${unsorted} or ${id} ${side} ${cursor.id}::bigint)`;
    const sorted = sql`(${sortBy}, ${id}) ${side} (${cursor.key}::${raw(column.type)}, ${cursor.id}::bigint)`;
    return column.nullable && behind ? sql`(${sorted} or ${unsorted})` : sorted;
  };
  const where = [
    ...list.where,
    ...(window.after ? [beyond(window.after, true)] : []),
    ...(window.before ? [beyond(window.before, false)] : []),
  ];
  if (list.anyOf) {
    const { column, values } = list.anyOf;
    const one = and([...where, sql`${raw(`${list.alias}.${column}`)} = one.value`]);
    where.push(sql`${id} = any(array(
      select found.id from unnest(${texts(values)}) as one(value) cross join lateral (
        select ${id} from ${list.from} where ${one} ${order} limit ${limit + window.offset}::bigint) found))`);
  }
  const columns = sql`${list.columns} ${keyed ? sql`, ${key} as "sortKey"` : empty}`;
  const isUsual = list.isShort && window.offset === 0 && USUAL_PAGES.has(window.limit);
  const most = isUsual ? raw(`limit ${limit}`) : sql`limit ${limit}::bigint offset ${window.offset}::bigint`;
  const bounds = sql`where ${and(where)} ${order} ${most}`;
  if (!list.joins) return sql`select ${columns} from ${list.from} ${bounds}`;
  const alias = raw(list.alias);
  return sql`
    select ${columns} from (select ${alias}.* from ${list.from} ${bounds}) ${alias} ${list.joins} ${order}`;
}

export async function page<Row, Field extends string>(
  connection: Connection,
  list: List,
  columns: SortColumns<Field>,
  { order, window }: { order: Order<Field>; window: Window },
): Promise<Slice<Row>> {
  const query = pageQuery(list, columns[order.field], order.direction, window);
  return toSlice(window, await rows<Row>(connection, query));
}

/**
 * Reads a page for each of several owners, with one statement and in the order of the owners.
 * @param owners a query whose rows have a position `n`, from 1. The list's conditions may refer to `owner`
 */
export async function pagesOf<Row, Field extends string>(
  connection: Connection,
  owners: Sql,
  number: number,
  list: List,
  columns: SortColumns<Field>,
  { order, window }: { order: Order<Field>; window: Window },
): Promise<Slice<Row>[]> {
  const query = pageQuery(list, columns[order.field], order.direction, window);
  const found = await rows<{ n: number; row: Row }>(
    connection,
    sql`select owner.n, row_to_json(page) as row from (${owners}) owner cross join lateral (${query}) page`,
  );
  const pages = Array.from({ length: number }, (): Row[] => []);
  for (const { n, row } of found) pages[n - 1]?.push(row);
  return pages.map((fetched) => toSlice(window, fetched));
}

/** Owners by id, in this order. */
export const owners = (ids: readonly number[]): Sql =>
  sql`select id, n from unnest(${bigints(ids)}) with ordinality as ids(id, n)`;

/** Counts the rows of each owner, with one statement and in the order of the owners. */
export async function countsOf(
  connection: Connection,
  ids: readonly number[],
  { from, where }: Pick<List, 'from' | 'where'>,
): Promise<number[]> {
  const counted = await rows<{ count: number }>(
    connection,
    sql`select (select count(*) from ${from} where ${and(where)}) from (${owners(ids)}) owner order by owner.n`,
  );
  return counted.map((row) => row.count);
}

export async function count(connection: Connection, list: Pick<List, 'from' | 'where'>): Promise<number> {
  const [answer] = await connection.$queryRaw<[{ count: bigint }]>(countQuery(list));
  return Number(answer.count);
}

export const countQuery = ({ from, where }: Pick<List, 'from' | 'where'>): Sql =>
  sql`select count(*) as count from ${from} where ${and(where)}`;
