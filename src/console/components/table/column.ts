import type { ReactNode } from 'react';

/** A column of a list. */
export interface Column<Row> {
  readonly title: string;
  /** Value of the list's order enum, if the list can be sorted by the column. */
  readonly order?: string;
  /** Share of the width, such as `12rem` or `20%`. Columns without it share the rest. */
  readonly width?: string;
  /** Numbers are easier to compare at the right. */
  readonly align?: 'right';
  readonly cell: (row: Row) => ReactNode;
}

/** A page of a list, as every connection of the graph has it. */
export interface Connection<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}
