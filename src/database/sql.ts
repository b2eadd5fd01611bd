import { composed } from '../domain/text.ts';
import type { Instant } from '../domain/time.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { Columns as ColumnsWanted } from '../services/listing.ts';
import { Prisma } from './generated/client.ts';

export type Sql = Prisma.Sql;
export const { sql, join, raw, empty } = Prisma;

/** Prisma's client, or one of its transactions. */
export type Connection = Prisma.TransactionClient;

/** Anything that runs queries. */
export interface Reader {
  $queryRaw<Rows>(query: Sql): Promise<Rows>;
}

/**
 * Returns the rows of a query as domain objects. PostgreSQL builds the JSON, so Node decodes one text instead of many
 * values. Ids of 64 bits arrive as numbers, and times as text that keeps their microseconds. The result stays JSON up
 * to the driver, because a cast to text would copy it again.
 */
export const rows = <Row>(connection: Reader, query: Sql): Promise<Row[]> =>
  rowsBehind(connection, empty, query);

/** Like `rows`, for statements that change rows, because PostgreSQL allows such expressions only at the top of a statement. */
export const rowsOfChange = <Row>(connection: Reader, expressions: Sql, query: Sql): Promise<Row[]> =>
  rowsBehind(connection, sql`with ${expressions}`, query);

async function rowsBehind<Row>(connection: Reader, expressions: Sql, query: Sql): Promise<Row[]> {
  const [answer] = await connection.$queryRaw<[{ json: Row[] | null }]>(
    sql`${expressions} select json_agg(row_to_json(answer)) as json from (${query}) answer`,
  );
  return answer.json ?? [];
}

export async function oneRow<Row>(connection: Reader, query: Sql): Promise<Row | undefined> {
  const [answer] = await connection.$queryRaw<{ json: Row }[]>(
    sql`select row_to_json(answer) as json from (${query}) answer`,
  );
  return answer?.json;
}

type Expression = Sql | ((wanted?: readonly string[]) => Sql);

/** The SQL expression of each property of a row. A function builds it for the requested columns only. */
export type Shape<Row> = { readonly [Property in keyof Row]-?: Expression };

/** All properties of the rows, or the requested ones, because writing a property as JSON costs more than finding it. */
export const shaped = <Row>(shape: Shape<Row>, wanted?: ColumnsWanted<Row>): Sql =>
  raw(
    Object.entries<Expression>(shape)
      .flatMap(([name, expression]) => {
        const columns = wanted ? wanted[name as keyof Row] : true;
        if (!columns) return [];
        const { sql } =
          typeof expression === 'function' ? expression(columns === true ? undefined : columns) : expression;
        return [`${sql} as "${name}"`];
      })
      .join(', '),
  );

/** A JSON object within a row, with all or some of the properties. Each property maps to a column. */
export const jsonObject = (
  alias: string,
  columns: Readonly<Record<string, string>>,
  wanted?: readonly string[],
): string =>
  `json_build_object(${Object.entries(columns)
    .flatMap(([name, column]) => (!wanted || wanted.includes(name) ? [`'${name}', ${alias}.${column}`] : []))
    .join(', ')})`;

/** A timestamptz column as an Instant. */
export const instant = (column: string): Sql =>
  raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** A time as Prisma's client reads it, without microseconds. */
export const instantOfDate = (date: Date): Instant => date.toISOString().replace('Z', '000Z');

export const timestamp = (value: Instant | null): Sql => sql`${value}::timestamptz`;
export const bigints = (values: readonly number[]): Sql => sql`${[...values]}::bigint[]`;
export const texts = (values: readonly string[]): Sql => sql`${[...values]}::text[]`;

/** Joins conditions with AND. */
export const and = (conditions: readonly Sql[]): Sql =>
  conditions.length > 0 ? join([...conditions], ' and ') : sql`true`;

/**
 * Whether `expression` contains `part`, ignoring case. The texts of `expression` must be in Unicode's composed form.
 */
export const contains = (expression: Sql, part: string): Sql =>
  sql`strpos(lower(${expression}), lower(${composed(part)}::text)) > 0`;

/** The conditions that keep a column within a range. Empty without a range. */
export const within = (column: Sql, range: TimeRange | null | undefined): Sql[] => [
  ...(range?.from == null ? [] : [sql`${column} >= ${timestamp(range.from)}`]),
  ...(range?.until == null ? [] : [sql`${column} < ${timestamp(range.until)}`]),
];

/** Column names and values, for inserts and updates. */
export type Columns = Readonly<Record<string, Sql>>;

export function insertInto(table: string, columns: Columns): Sql {
  const names = raw(Object.keys(columns).join(', '));
  return sql`insert into ${raw(table)} (${names}) values (${join(Object.values(columns))})`;
}

export const assignments = (columns: Columns): Sql =>
  join(Object.entries(columns).map(([name, value]) => sql`${raw(name)} = ${value}`));

/** Runs an insert into a table with a sequence and returns the new id. */
export async function insertedId(connection: Connection, insert: Sql): Promise<number> {
  const [row] = await connection.$queryRaw<[{ id: bigint }]>(sql`${insert} returning id`);
  return Number(row.id);
}

/** Returns rows in the order of the requested ids, with undefined for an id without a row. */
export function inOrderOf<Row extends { readonly id: number }>(
  ids: readonly number[],
  found: readonly Row[],
): (Row | undefined)[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

/** Condition that excludes the given rows of a table. */
export const apartFrom = (
  table: string,
  except: readonly { readonly accountId: number; readonly id: number }[],
): Sql =>
  except.length === 0
    ? empty
    : sql`and not exists (
        select from unnest(${bigints(except.map(({ accountId }) => accountId))}, ${bigints(except.map(({ id }) => id))})
          as excepted(account_id, id)
        where excepted.account_id = ${raw(table)}.account_id and excepted.id = ${raw(table)}.id)`;
