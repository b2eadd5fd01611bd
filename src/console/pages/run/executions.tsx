import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { ListToolbar } from '../../components/table/list-toolbar.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { count } from '../../format/count.ts';
import { totalOf } from '../../format/run-counts.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import type { ActivityFilter } from '../../generated/graphql.ts';
import { executionColumns } from './execution-columns.tsx';
import { ExecutionDialog } from './execution-dialog.tsx';
import { statusesOf } from './execution-states.ts';
import { EXECUTIONS, PAGE_SIZE } from './executions-query.ts';
import { StateFilter } from './state-filter.tsx';
import { useLiveExecutions } from './use-live-executions.ts';

const RUN = graphql(`
  fragment RunOfExecutions on Activity {
    id
    creationTime
    counts { canceled delivered failed succeeded undelivered }
  }
`);

/** The run on each of its computers. The address holds the state, the search and the open execution. */
export function Executions({ run }: { readonly run: FragmentType<typeof RUN> }) {
  const { id, counts, creationTime } = read(RUN, run);
  const list = useListUrl('CREATION_TIME');
  const [params] = useSearchParams();
  const state = list.filter('state');
  const filter: ActivityFilter = {
    statuses: statusesOf(state) as ActivityFilter['statuses'],
    query: list.search ? `computer:${JSON.stringify(list.search)}` : undefined,
  };
  const result = useQuery(EXECUTIONS, { variables: { id, first: PAGE_SIZE, filter } });
  // Not those of another run, which was open before.
  const before = result.previousData?.activity?.id === id ? result.previousData : undefined;
  const shown = result.data ?? before;
  const connection = shown?.activity?.children;
  useLiveExecutions({
    ...{ id, creationTime, filter, counts },
    loaded: connection?.edges.length ?? 0,
  });
  const columns = useMemo(
    () => executionColumns((execution) => ({ search: withExecution(params, execution).toString() })),
    [params],
  );
  const open = list.filter('execution');
  return (
    <Section title="Computers">
      {counts && totalOf(counts) > 0 && <StateFilter list={list} counts={counts} />}
      <ListToolbar list={list} searchLabel="Search computers by name">
        {connection && count(connection.totalCount, 'computer')}
      </ListToolbar>
      <Loaded of={{ ...result, data: shown }} part={({ activity }) => activity?.children}>
        {(found) => (
          <ConnectionTable
            label="Computers of the run"
            columns={columns}
            connection={found}
            rowKey={(row) => row.id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={<Empty isFiltered={state !== undefined || list.search !== ''} />}
          />
        )}
      </Loaded>
      {open && <ExecutionDialog id={open} close={() => list.set({ execution: undefined })} />}
    </Section>
  );
}

const Empty = ({ isFiltered }: { readonly isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState title="No computer of this run matches the state and the search." icon="search" />
  ) : (
    <EmptyState title="This run had no computers." icon="machines">
      <p>No computer matched the profile when the run started.</p>
    </EmptyState>
  );

function withExecution(params: URLSearchParams, execution: string): URLSearchParams {
  const next = new URLSearchParams(params);
  next.set('execution', execution);
  return next;
}
