import type { GraphQLField } from 'graphql';
import { Extensions } from 'type-graphql';

interface FromRow {
  readonly columns: readonly string[];
  readonly given?: (row: unknown) => unknown;
}

/**
 * Declares for a field with a resolver which properties of its row the resolver reads, so that only these are fetched.
 * @param given returns the resolver's value if the row alone determines it, else undefined. For a page of rows it runs
 * instead of the resolver, because it costs a tenth
 */
export const ReadsColumns = <Row>(columns: readonly (keyof Row)[], given?: (row: Row) => unknown) =>
  Extensions({ fromRow: { columns, given } });

type Field = Pick<GraphQLField<unknown, unknown>, 'name' | 'resolve' | 'extensions'>;

const fromRow = ({ extensions }: Field) => extensions.fromRow as FromRow | undefined;

/** Returns a function that reads a field from its row. Undefined if every row needs the resolver. */
export function rowReaderOf(field: Field): ((row: unknown) => unknown) | undefined {
  const { name, resolve } = field;
  return resolve ? fromRow(field)?.given : (row) => (row as Record<string, unknown> | undefined)?.[name];
}

/** The properties of the row that a field's resolver reads. Undefined if it may read any. */
export const columnsReadBy = (field: Field): readonly string[] | undefined => fromRow(field)?.columns;
