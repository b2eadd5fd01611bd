import type { Instant } from '../domain/time.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

export type Sql = Prisma.Sql;
export const { sql, join, raw, empty } = Prisma;

/** The client, or a transaction of it: whoever runs statements. */
export type Connection = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;

/**
 * The rows of a query as domain objects. PostgreSQL builds the JSON: one text to decode instead of a
 * value at a time, 64-bit ids arrive as numbers, and times as the text that keeps their microseconds.
 */
export async function rows<Row>(connection: Connection, query: Sql): Promise<Row[]> {
  const [answer] = await connection.$queryRaw<[{ json: string }]>(
    sql`select coalesce(json_agg(row_to_json(answer)), '[]')::text as json from (${query}) answer`,
  );
  return JSON.parse(answer.json);
}

export async function oneRow<Row>(connection: Connection, query: Sql): Promise<Row | undefined> {
  return (await rows<Row>(connection, query))[0];
}

/** A timestamptz column as an Instant. */
export const instant = (column: string): Sql =>
  raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

export const timestamp = (value: Instant | null): Sql => sql`${value}::timestamptz`;
export const bigints = (values: readonly number[]): Sql => sql`${[...values]}::bigint[]`;
export const texts = (values: readonly string[]): Sql => sql`${[...values]}::text[]`;

/** Conditions that all hold. */
export const and = (conditions: readonly Sql[]): Sql =>
  conditions.length > 0 ? join([...conditions], ' and ') : sql`true`;

/** `expression` contains `part`, in any case. */
export const contains = (expression: Sql, part: string): Sql =>
  sql`strpos(lower(${expression}), lower(${part}::text)) > 0`;

/** Column names and their values, for an insert and for an update alike. */
export type Columns = Readonly<Record<string, Sql>>;

export function insertInto(table: string, columns: Columns): Sql {
  const names = raw(Object.keys(columns).join(', '));
  return sql`insert into ${raw(table)} (${names}) values (${join(Object.values(columns))})`;
}

export const assignments = (columns: Columns): Sql =>
  join(Object.entries(columns).map(([name, value]) => sql`${raw(name)} = ${value}`));

/** Runs an insert that ends in a sequence's id, and answers with it. */
export async function insertedId(connection: Connection, insert: Sql): Promise<number> {
  const [row] = await connection.$queryRaw<[{ id: bigint }]>(sql`${insert} returning id`);
  return Number(row.id);
}

/** Puts rows into the order of the ids that were asked for. */
export function inOrderOf<Row extends { readonly id: number }>(
  ids: readonly number[],
  found: readonly Row[],
): (Row | undefined)[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}
