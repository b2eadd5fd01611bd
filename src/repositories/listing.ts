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
 * Keyset pages. A list is sorted by one column and, where that ties, by id; a cursor holds both, and a
 * page starts right behind it. Rows that are added or removed meanwhile shift nothing, and page 1,000
 * costs what page 1 does. `offset` counts on from there, for callers who think in page numbers.
 */
export interface List {
  /** What each row consists of. */
  readonly columns: Sql;
  /** The table, as `alias` in what follows, and the joins that the conditions are about. */
  readonly from: Sql;
  /**
   * Those that bring columns alone, to the rows of the page: of an account that has many more rows than most, PostgreSQL's
   * plan for any account would join all, and sort them.
   */
  readonly joins?: Sql;
  readonly alias: string;
  readonly where: readonly Sql[];
  /**
   * Of a column that may have any of several values, among the conditions: the values are read one by one, each on
   * the index that begins with the column and goes on as the list is sorted, and merged. Else PostgreSQL walks the
   * whole list, to find the fifty rows of a rare value at its far end.
   */
  readonly anyOf?: { readonly column: string; readonly values: readonly string[] };
  /** One plan does for it, whatever is looked for: there are thousands of rows, and not millions. */
  readonly isShort?: true;
}

/**
 * The pages that clients ask for. Of a limit that it is not told PostgreSQL supposes a tenth of the list, finds the plan
 * that it keeps too dear, and plans each time anew, for a quarter of the time. Told in the text they are part of the plan;
 * not any number, since each is a text of its own.
 */
const USUAL_PAGES: ReadonlySet<number> = new Set([10, 20, 25, 50, 100, 200, 250, 500, 1000]);

interface SortColumn {
  readonly name: string;
  readonly type: 'timestamptz' | 'text' | 'bigint';
  /** Rows that have none come last, in both directions. */
  readonly nullable?: true;
}

export type SortColumns<Field extends string> = Readonly<Record<Field, SortColumn>>;

/** @param keyed whether its rows say where they stand, for cursors */
export function pageQuery(
  list: List,
  column: SortColumn,
  direction: 'ASC' | 'DESC',
  window: Window,
  keyed = true,
): Sql {
  // One row more than the page: that tells whether the list goes on.
  const limit = window.limit + 1;
  const sortBy = raw(`${list.alias}.${column.name}`);
  const id = raw(`${list.alias}.id`);
  const key = column.type === 'timestamptz' ? instant(`${list.alias}.${column.name}`) : sql`${sortBy}::text`;
  // Counted from the end, the list is read backward and turned round afterwards.
  const ascending = (direction === 'ASC') !== window.fromEnd;
  const way = raw(ascending ? 'asc' : 'desc');
  // Said only where it matters: an index is in PostgreSQL's own order of nulls.
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
 * A page for each of several owners, in one statement and in their order.
 * @param owners a query whose rows have a position `n`, from 1; the list's conditions may name `owner`
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

/** Owners by their ids, in this order. */
export const owners = (ids: readonly number[]): Sql =>
  sql`select id, n from unnest(${bigints(ids)}) with ordinality as ids(id, n)`;

/** How many each owner has, in one statement and in their order. */
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
