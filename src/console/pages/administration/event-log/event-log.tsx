import { useQuery, useSubscription } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { graphql } from '../../../app/graphql.ts';
import { eventColumns } from '../../../components/events/event-columns.tsx';
import { useAtMostEvery } from '../../../components/live/use-at-most-every.ts';
import { EmptyState } from '../../../components/page/empty-state.tsx';
import { Loaded } from '../../../components/page/loaded.tsx';
import { ConnectionTable } from '../../../components/table/connection-table.tsx';
import { ListToolbar } from '../../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../../components/table/no-match.tsx';
import { useListUrl } from '../../../components/table/use-list-url.ts';
import { count } from '../../../format/count.ts';
import { filterOf, filters, isFiltered, orderOf } from './event-filters.ts';

const EVENTS = graphql(`
  query EventLog($first: Int, $after: String, $filter: EventFilter, $orderBy: EventOrder) {
    events(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...EventRow } }
    }
  }
`);

const EVENT_ADDED = graphql(`
  subscription EventAdded($filter: EventFilter) {
    eventAdded(filter: $filter) { isSnapshot events { id } }
  }
`);

const PAGE_SIZE = 50;
const PAUSE_MS = 1000;

/** Who did what, also what was refused. The address holds the search and the filters. */
export default function EventLog() {
  const list = useListUrl('-CREATED_AT');
  const filter = filterOf(list);
  const result = useQuery(EVENTS, { variables: { first: PAGE_SIZE, filter, orderBy: orderOf(list) } });
  const reload = useAtMostEvery(PAUSE_MS, () => result.refetch());
  useSubscription(EVENT_ADDED, {
    variables: { filter },
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.eventAdded.isSnapshot === false) reload();
    },
  });
  const shown = result.error ? result.data : (result.data ?? result.previousData);
  const isOfOne = list.filter('person') || list.filter('entity');
  return (
    <>
      <ListToolbar list={list} searchLabel="Search by event, object or person" filters={filters}>
        {isOfOne && (
          <Button appearance="link" onClick={() => list.set({ person: undefined, entity: undefined })}>
            Show events of all people and objects
          </Button>
        )}{' '}
        {shown?.events && count(shown.events.totalCount, 'event')}
      </ListToolbar>
      <Loaded of={{ ...result, data: shown }} part={({ events }) => events}>
        {(connection) => (
          <ConnectionTable
            label="Event log"
            columns={eventColumns}
            connection={connection}
            rowKey={({ id }) => id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={
              isFiltered(list) ? (
                <NoMatch title="No event matches the search and the filters." list={list} />
              ) : (
                <EmptyState title="Nothing happened yet." icon="history" />
              )
            }
          />
        )}
      </Loaded>
    </>
  );
}
