import { type Slice, toSlice, type Window } from '../domain/page.ts';
import type { Order } from '../services/ports.ts';
import { and, type Connection, instant, raw, rows, type Sql, sql } from './sql.ts';

/**
 * Keyset pages. A list is sorted by one column and, where that ties, by id; a cursor holds both, and a
 * page starts right behind it. Rows that are added or removed meanwhile shift nothing, and page 1,000
 * costs what page 1 does. `offset` counts on from there, for callers who think in page numbers.
 */
export interface List {
  /** What each row consists of. */
  readonly columns: Sql;
  /** The table, as `alias` in what follows, and its joins. */
  readonly from: Sql;
  readonly alias: string;
  readonly where: readonly Sql[];
}

interface SortColumn {
  readonly name: string;
  readonly type: 'timestamptz' | 'text' | 'bigint';
}

export type SortColumns<Field extends string> = Readonly<Record<Field, SortColumn>>;

export function pageQuery(list: List, column: SortColumn, direction: 'ASC' | 'DESC', window: Window): Sql {
  const sortBy = raw(`${list.alias}.${column.name}`);
  const id = raw(`${list.alias}.id`);
  const key = column.type === 'timestamptz' ? instant(`${list.alias}.${column.name}`) : sql`${sortBy}::text`;
  // Counted from the end, the list is read backward and turned round afterwards.
  const ascending = (direction === 'ASC') !== window.fromEnd;
  const order = raw(ascending ? 'asc' : 'desc');
  const beyond = (cursor: NonNullable<Window['after']>, behind: boolean) =>
    sql`(${sortBy}, ${id}) ${raw((direction === 'ASC') === behind ? '>' : '<')} (${cursor.key}::${raw(column.type)}, ${cursor.id}::bigint)`;
  const where = [
    ...list.where,
    ...(window.after ? [beyond(window.after, true)] : []),
    ...(window.before ? [beyond(window.before, false)] : []),
  ];
  // One row more than the page tells whether the list goes on.
  return sql`
    select ${list.columns}, ${key} as "sortKey"
    from ${list.from}
    where ${and(where)}
    order by ${sortBy} ${order}, ${id} ${order}
    limit ${window.limit + 1}::bigint offset ${window.offset}::bigint`;
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

export async function count(connection: Connection, list: Pick<List, 'from' | 'where'>): Promise<number> {
  const [answer] = await connection.$queryRaw<[{ count: bigint }]>(
    sql`select count(*) as count from ${list.from} where ${and(list.where)}`,
  );
  return Number(answer.count);
}
