import type { Window } from '../domain/page.ts';

/** A page of a list: its filter, order and window. */
export interface Listing<Filter, Field extends string> {
  readonly filter: Filter;
  readonly order: Order<Field>;
  readonly window: Window;
}

export interface Order<Field extends string> {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}

/** The properties of a row to read. For a nested object: all of its properties, or some. */
export type Columns<Row> = { readonly [Property in keyof Row]?: true | readonly string[] };

/** A row with its sort key as text. Cursors contain this text. */
export type Sorted<Row> = Row & { readonly sortKey: string | null };
