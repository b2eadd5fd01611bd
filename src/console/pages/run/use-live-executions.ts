import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { graphql } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';
import { MOST_ROWS, useFreshList } from '../../components/table/use-fresh-list.ts';
import type { ActivityFilter } from '../../generated/graphql.ts';
import { EXECUTIONS, PAGE_SIZE } from './executions-query.ts';

const CHANGES = graphql(`
  query ChangedExecutions($id: ID!, $since: DateTime!) {
    activity(id: $id) {
      id
      ended: children(first: 1000, filter: { completionTime: { from: $since } }) {
        edges { node { id completionTime ...ExecutionRow } }
      }
      running: children(first: 1000, filter: { statuses: [DELIVERED] }) {
        edges { node { id ...ExecutionRow } }
      }
    }
  }
`);

const PAUSE_MS = 1000;
const OVERLAP_MS = 5000;

interface Live {
  readonly id: string;
  readonly creationTime: string;
  readonly filter: ActivityFilter;
  readonly counts: Readonly<Record<string, unknown>> | null;
  readonly loaded: number;
}

/**
 * Keeps the rows up to date while the counts of the run change. Changed executions are loaded by the time of their end,
 * so that a run of thousands of computers costs little. A list of one state is loaded again, because its rows change.
 */
export function useLiveExecutions({ id, creationTime, filter, counts, loaded }: Live): void {
  const client = useApolloClient();
  const since = useRef(creationTime);
  const loadList = useFreshList(
    { query: EXECUTIONS, variables: { id, filter }, loaded, pageSize: PAGE_SIZE },
    PAUSE_MS,
  );
  const loadChanges = useAtMostEvery(PAUSE_MS, async () => {
    if (document.hidden) return;
    const variables = { id, since: since.current };
    const { data } = await client.query({ query: CHANGES, variables, fetchPolicy: 'network-only' });
    const ends = data?.activity?.ended.edges.map(({ node }) =>
      Date.parse(node.completionTime ?? since.current),
    );
    // Reports that were stored at the same moment may be committed in another order.
    const next = Math.max(...(ends ?? []).map((end) => end - OVERLAP_MS), Date.parse(since.current));
    since.current = new Date(next).toISOString();
    // The rows stay in the cache. The list of what changed is not needed again.
    const args = { filter: { completionTime: { from: variables.since } } };
    client.cache.evict({
      id: client.cache.identify({ __typename: 'Activity', id }),
      fieldName: 'children',
      args,
    });
  });
  const isWholeList = !filter.statuses;
  const state = JSON.stringify(counts);
  const before = useRef(state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the counts
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (isWholeList || loaded > MOST_ROWS) loadChanges();
    else loadList();
  }, [state]);
}
