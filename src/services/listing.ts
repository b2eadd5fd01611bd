import type { Window } from '../domain/page.ts';

/** One page of a list: which rows, in which order, which window of them. */
export interface Listing<Filter, Field extends string> {
  readonly filter: Filter;
  readonly order: Order<Field>;
  readonly window: Window;
}

export interface Order<Field extends string> {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}

/** Which properties of rows are fetched; of an object among them, all of its own or some. */
export type Columns<Row> = { readonly [Property in keyof Row]?: true | readonly string[] };

/** A row, with the text by which its list is sorted: what a cursor is made of. */
export type Sorted<Row> = Row & { readonly sortKey: string | null };
