import { EmptyState } from '../page/empty-state.tsx';
import type { Connection } from '../table/column.ts';
import { ConnectionTable } from '../table/connection-table.tsx';
import { useListUrl } from '../table/use-list-url.ts';
import { type EventRow, objectEventColumns } from './event-columns.tsx';

interface Props {
  readonly label: string;
  readonly events: Connection<EventRow>;
  readonly loadMore: (after: string) => void;
  readonly isLoading: boolean;
}

/** What was done to an object, newest first. */
export function ObjectEvents({ label, events, loadMore, isLoading }: Props) {
  const list = useListUrl('-CREATED_AT');
  return (
    <ConnectionTable
      label={label}
      columns={objectEventColumns.map(({ order: _, ...column }) => column)}
      connection={events}
      rowKey={({ id }) => id}
      list={list}
      loadMore={loadMore}
      isLoading={isLoading}
      empty={<EmptyState title="The event log has nothing about it." icon="history" />}
    />
  );
}
