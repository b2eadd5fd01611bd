import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { useSelection } from '../../components/live/use-selection.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { SelectionBar } from '../../components/selection-bar.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { ListToolbar } from '../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../components/table/no-match.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { count } from '../../format/count.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import { orderOf } from './filters.ts';
import { isForDecision, PENDING_ROW, pendingColumns } from './pending-columns.tsx';
import { RejectDialog } from './reject-dialog.tsx';
import { useLiveComputers } from './use-live-computers.ts';

const PENDING = graphql(`
  query PendingComputers($first: Int, $after: String, $filter: ComputerFilter, $orderBy: ComputerOrder) {
    computers(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...PendingRow } }
    }
  }
`);

const PAGE_SIZE = 50;

/** Computers that enrolled and wait until a person accepts or rejects them. No script runs on them. */
export function PendingComputers({ reloadNumbers }: { readonly reloadNumbers: () => void }) {
  const list = useListUrl('-CREATED_AT');
  const selection = useSelection();
  const isAdministrator = useMay('MANAGE_ACCOUNT');
  const [asks, setAsks] = useState<{ readonly to: 'accept' | 'reject'; readonly ids: readonly string[] }>();
  const filter = { status: 'PENDING' as const, search: list.search || undefined };
  const result = withPrevious(
    useQuery(PENDING, { variables: { first: PAGE_SIZE, filter, orderBy: orderOf(list) } }),
  );
  const reload = () => {
    void result.refetch();
    reloadNumbers();
  };
  useLiveComputers(reload);
  const rows = result.data?.computers?.edges.map(({ node }) => read(PENDING_ROW, node)) ?? [];
  const chosen = rows.filter(({ id }) => selection.has(id));
  const ask = (to: 'accept' | 'reject', ids: readonly string[]) => setAsks({ to, ids });
  const asked = rows.filter(({ id }) => asks?.ids.includes(id));
  const dialog = {
    computers: asked,
    close: () => setAsks(undefined),
    done: () => {
      selection.clear();
      reload();
    },
  };
  const empty = list.search ? (
    <NoMatch title="No pending computer matches the search." list={list} />
  ) : (
    <EmptyState title="No computer waits for a decision." icon="machines">
      <p>A computer that enrols with the registration key of the account appears here.</p>
      {isAdministrator && <Link to="/administration/enrolment">Settings for enrolment</Link>}
    </EmptyState>
  );
  return (
    <>
      <ListToolbar list={list} searchLabel="Search pending computers by title or hostname">
        {result.data?.computers && count(result.data.computers.totalCount, 'pending computer')}
      </ListToolbar>
      <SelectionBar
        selection={selection}
        noun="computer"
        purpose="Choose computers to accept or reject several at once."
        number={chosen.length}
        all={rows.filter(isForDecision).map(({ id }) => id)}
      >
        <Button
          appearance="positive"
          onClick={() =>
            ask(
              'accept',
              chosen.map(({ id }) => id),
            )
          }
        >
          Accept chosen
        </Button>
        <Button
          onClick={() =>
            ask(
              'reject',
              chosen.map(({ id }) => id),
            )
          }
        >
          Reject chosen
        </Button>
      </SelectionBar>
      <Loaded of={result} part={({ computers }) => computers}>
        {(connection) => (
          <ConnectionTable
            label="Pending computers"
            columns={pendingColumns({
              selection,
              accept: (id) => ask('accept', [id]),
              reject: (id) => ask('reject', [id]),
            })}
            connection={connection}
            rowKey={({ id }) => id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={empty}
          />
        )}
      </Loaded>
      {asks?.to === 'accept' && asked.length > 0 && <AcceptDialog {...dialog} />}
      {asks?.to === 'reject' && asked.length > 0 && <RejectDialog {...dialog} />}
    </>
  );
}
