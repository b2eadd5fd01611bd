import type { Column } from './column.ts';
import { type ListUrl, orderText } from './use-list-url.ts';

interface Props {
  readonly column: Column<never>;
  readonly list: ListUrl;
}

const said = { ASC: 'ascending', DESC: 'descending' } as const;

/** The heading of a column. If the list can be sorted by it, it is a button that turns the order round. */
export function ColumnHeading({ column: { title, order, width, align }, list }: Props) {
  const isSorted = order !== undefined && list.order.field === order;
  const turn = () => {
    const direction = isSorted && list.order.direction === 'ASC' ? 'DESC' : 'ASC';
    list.set({ order: orderText({ field: order!, direction }) });
  };
  return (
    <th
      scope="col"
      className={align === 'right' ? 'is-right' : undefined}
      style={{ width }}
      aria-sort={isSorted ? said[list.order.direction] : undefined}
    >
      {order ? (
        <button type="button" className="column-heading" onClick={turn}>
          {title}
          <span className="column-heading__arrow" aria-hidden="true">
            {isSorted && (list.order.direction === 'ASC' ? '▲' : '▼')}
          </span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}
