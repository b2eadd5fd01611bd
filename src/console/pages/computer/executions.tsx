import { useQuery, useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { executionColumns } from './execution-columns.tsx';

const EXECUTIONS = graphql(`
  query ExecutionsOfComputer($id: ID!, $first: Int, $after: String) {
    computer(id: $id) {
      id
      activities(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ComputerExecutionRow } }
      }
    }
  }
`);

const FEED = graphql(`
  subscription RunsForExecutions { activityFeed { isSnapshot activities { id status } } }
`);

const PAUSE_MS = 1000;

/** All executions on the computer, newest first. */
export function Executions({ id }: { readonly id: string }) {
  const list = useListUrl('-CREATION_TIME');
  const result = useQuery(EXECUTIONS, { variables: { id, first: 50 } });
  const reload = useAtMostEvery(PAUSE_MS, () => result.refetch());
  useSubscription(FEED, {
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.activityFeed.isSnapshot === false) reload();
    },
  });
  return (
    <Loaded of={result} part={({ computer }) => computer?.activities}>
      {(connection) => (
        <ConnectionTable
          label="Executions on this computer"
          columns={executionColumns}
          connection={connection}
          rowKey={(row) => row.id}
          list={list}
          loadMore={(after) => void result.fetchMore({ variables: { after } })}
          isLoading={result.loading}
          empty={
            <EmptyState title="Nothing ran on this computer yet." icon="status">
              <p>The overview of the computer shows which profiles reach it, and when they run.</p>
            </EmptyState>
          }
        />
      )}
    </Loaded>
  );
}
