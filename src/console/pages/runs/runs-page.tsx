import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { useRunFeed } from '../../components/live/use-run-feed.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { ListToolbar } from '../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../components/table/no-match.tsx';
import { useFreshList } from '../../components/table/use-fresh-list.ts';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { count } from '../../format/count.ts';
import { filters, isFiltered, useFilter } from './filters.ts';
import { PinnedFilters } from './pinned-filters.tsx';
import { runColumns } from './run-columns.tsx';

const RUNS = graphql(`
  query Runs($first: Int, $after: String, $filter: ActivityFilter) {
    activities(first: $first, after: $after, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...RunRow } }
    }
  }
`);

const PAGE_SIZE = 50;
const PAUSE_MS = 1000;

/** All runs that the viewer may see, newest first. The address holds the search and the filters. */
export default function RunsPage() {
  const list = useListUrl('-CREATION_TIME');
  const filter = useFilter(list);
  const result = withPrevious(useQuery(RUNS, { variables: { first: PAGE_SIZE, filter } }));
  const loaded = result.data?.activities?.edges.length ?? 0;
  const refresh = useFreshList({ query: RUNS, variables: { filter }, loaded, pageSize: PAGE_SIZE }, PAUSE_MS);
  useRunFeed(refresh);
  const empty = isFiltered(list) ? (
    <NoMatch title="No run matches the search and the filters." list={list} />
  ) : (
    <EmptyState title="Nothing has run yet." icon="history">
      <p>A run starts when the schedule of a profile falls due, or when you run a profile yourself.</p>
      <Link to="/profiles">Go to the profiles</Link>
    </EmptyState>
  );
  return (
    <Page title="Runs">
      <ListToolbar list={list} searchLabel="Search runs by title" filters={filters}>
        {result.data?.activities && count(result.data.activities.totalCount, 'run')}
      </ListToolbar>
      <PinnedFilters list={list} />
      <Loaded of={result} part={({ activities }) => activities}>
        {(connection) => (
          <ConnectionTable
            label="Runs"
            columns={runColumns}
            connection={connection}
            rowKey={({ id }) => id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={empty}
          />
        )}
      </Loaded>
    </Page>
  );
}
