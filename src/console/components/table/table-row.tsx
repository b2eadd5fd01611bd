import { memo, type Ref } from 'react';
import type { Column } from './column.ts';

interface Props<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly index: number;
  readonly measure: Ref<HTMLTableRowElement>;
}

/** A row of a list. Scrolling renders only rows that become visible. */
export const TableRow = memo(function TableRow<Row>({ columns, row, index, measure }: Props<Row>) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      {columns.map(({ title, align, cell }, column) => {
        // The first cell names the row.
        const Cell = column === 0 ? 'th' : 'td';
        return (
          <Cell
            key={title}
            scope={column === 0 ? 'row' : undefined}
            data-heading={title}
            className={align === 'right' ? 'is-right' : undefined}
          >
            {cell(row)}
          </Cell>
        );
      })}
    </tr>
  );
}) as <Row>(props: Props<Row>) => React.JSX.Element;
