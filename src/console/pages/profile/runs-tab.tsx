import { useQuery } from '@apollo/client/react';
import { Select } from '@canonical/react-components';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useReload } from '../../components/live/use-reload.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import type { ActivityStatus } from '../../generated/graphql.ts';

const RUNS = graphql(`
  query ProfileRuns($id: ID!, $first: Int, $after: String, $filter: ActivityFilter) {
    scriptProfile(id: $id) {
      id
      activities(first: $first, after: $after, filter: $filter) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ProfileRun } }
      }
    }
  }
`);

const RUN = graphql(`
  fragment ProfileRun on Activity {
    id
    databaseId
    status
    creationTime
    duration
    creator { id name }
    counts { ...ProgressCounts }
  }
`);

type Row = { readonly id: string } & FragmentType<typeof RUN>;

const columns: readonly Column<Row>[] = [
  {
    title: 'Started',
    width: '16rem',
    cell: (of) => {
      const { databaseId, creationTime } = read(RUN, of);
      return (
        <Link className="list__main" to={`/runs/${databaseId}`}>
          <Time at={creationTime} as="both" />
        </Link>
      );
    },
  },
  {
    title: 'Status',
    width: '9rem',
    cell: (of) => <StatusChip look={activityLooks[read(RUN, of).status]} />,
  },
  {
    title: 'Executions',
    cell: (of) => {
      const { counts } = read(RUN, of);
      return counts && <ProgressBar counts={counts} />;
    },
  },
  {
    title: 'Duration',
    width: '8rem',
    cell: (of) => {
      const { duration: seconds } = read(RUN, of);
      return seconds === null ? <span className="u-text--muted">Not over</span> : duration(seconds);
    },
  },
  {
    title: 'Started by',
    width: '11rem',
    cell: (of) => read(RUN, of).creator?.name ?? <span className="u-text--muted">The trigger</span>,
  },
];

const options = Object.entries(activityLooks)
  .filter(([status]) => ['SUCCEEDED', 'FAILED', 'CANCELED', 'DELIVERED', 'UNDELIVERED'].includes(status))
  .map(([value, { label }]) => ({ value, label }));

/** The runs of the profile, newest first. */
export function RunsTab({ id, changed }: { readonly id: string; readonly changed: string }) {
  const list = useListUrl('-CREATION_TIME');
  const status = list.filter('status');
  const filter = status ? { statuses: [status as ActivityStatus] } : undefined;
  const result = withPrevious(useQuery(RUNS, { variables: { id, first: 50, filter } }));
  useReload(result.refetch, changed);
  return (
    <>
      <div className="toolbar">
        <Select
          label="Status"
          name="status"
          wrapperClassName="toolbar__filter"
          value={status ?? ''}
          options={[{ value: '', label: 'Any' }, ...options]}
          onChange={({ target }) => list.set({ status: target.value })}
        />
        <div className="toolbar__rest">
          {result.data?.scriptProfile && count(result.data.scriptProfile.activities.totalCount, 'run')}
        </div>
      </div>
      <Loaded of={result} part={({ scriptProfile }) => scriptProfile?.activities}>
        {(connection) => (
          <ConnectionTable
            label="Runs"
            columns={columns}
            connection={connection}
            rowKey={({ id: key }) => key}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={
              <EmptyState
                title={status ? 'No run has this status.' : 'It has not run yet.'}
                icon="statistics"
              >
                <p>
                  {status
                    ? 'Choose another state above.'
                    : 'It runs when its trigger falls due, or at once with “Run now”.'}
                </p>
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </>
  );
}
