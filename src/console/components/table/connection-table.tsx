import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { wholeNumber } from '../../format/count.ts';
import type { Column, Connection } from './column.ts';
import { ColumnHeading } from './column-heading.tsx';
import { TableRow } from './table-row.tsx';
import type { ListUrl } from './use-list-url.ts';

interface Props<Row> {
  /** Says what the rows are: `Script profiles`. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly connection: Connection<Row>;
  readonly rowKey: (row: Row) => string;
  readonly list: ListUrl;
  /** Loads the next page. Called when the viewer comes near the end. */
  readonly loadMore: (after: string) => void;
  readonly isLoading: boolean;
  /** Shown instead of the table if it has no rows. */
  readonly empty: ReactNode;
}

const ROW_HEIGHT = 45;
const ROWS_BEFORE_END = 15;

/** A list of any length. Only the rows that are visible exist, and the next page loads before the viewer reaches it. */
export function ConnectionTable<Row>(props: Props<Row>) {
  const { label, columns, connection, rowKey, list, loadMore, isLoading, empty } = props;
  const { edges, pageInfo, totalCount } = connection;
  const body = useRef<HTMLTableSectionElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const scroller = () => body.current?.closest('main') ?? null;
  const hasTable = edges.length > 0 || isLoading;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table appears and disappears
  useLayoutEffect(() => {
    const main = scroller();
    if (!main || !body.current) return;
    const measure = () => {
      const top = body.current!.getBoundingClientRect().top - main.getBoundingClientRect().top;
      setScrollMargin(Math.round(top + main.scrollTop));
    };
    // What is above the table may wrap, or say something more.
    const observer = new ResizeObserver(measure);
    for (const element of [main, ...main.querySelectorAll('.page > *')]) observer.observe(element);
    return () => observer.disconnect();
  }, [hasTable]);
  const virtual = useVirtualizer({
    count: edges.length,
    getScrollElement: scroller,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rowKey(edges[index]!.node),
    overscan: 12,
    scrollMargin,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isNearEnd = edges.length > 0 && last >= edges.length - ROWS_BEFORE_END;
  const next = pageInfo.hasNextPage && !isLoading && isNearEnd ? pageInfo.endCursor : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each cursor
  useEffect(() => {
    if (next) loadMore(next);
  }, [next]);
  if (!hasTable) return <>{empty}</>;
  const above = Math.max((rows[0]?.start ?? scrollMargin) - scrollMargin, 0);
  const below = Math.max(virtual.getTotalSize() - ((rows.at(-1)?.end ?? scrollMargin) - scrollMargin), 0);
  return (
    <table className="list" aria-label={label} aria-rowcount={totalCount + 1} aria-busy={isLoading}>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <ColumnHeading key={column.title} column={column as Column<never>} list={list} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap height={above} columns={columns.length} />
        {rows.map(({ index, key }) => (
          <TableRow
            key={key}
            columns={columns}
            row={edges[index]!.node}
            index={index}
            measure={virtual.measureElement}
          />
        ))}
        <Gap height={below} columns={columns.length} />
      </tbody>
      <caption className="list__caption">
        {pageInfo.hasNextPage && `${wholeNumber(edges.length)} of ${wholeNumber(totalCount)} loaded`}
      </caption>
    </table>
  );
}

/** The place of the rows that are not visible. */
const Gap = ({ height, columns }: { readonly height: number; readonly columns: number }) =>
  height > 0 && (
    <tr className="list__gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
