import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useReload } from '../../components/live/use-reload.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { Time } from '../../components/time.tsx';
import { wholeNumber } from '../../format/count.ts';
import { slotWords } from '../../format/slot.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const SLOTS = graphql(`
  query ProfileSlots($id: ID!, $first: Int, $after: String) {
    scriptProfile(id: $id) {
      id
      slots(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ProfileSlot } }
      }
    }
  }
`);

const SLOT = graphql(`
  fragment ProfileSlot on SlotEntry {
    id
    firstSlot
    lastSlot
    number
    ...SlotWords
    activity { id databaseId creationTime }
  }
`);

type Row = { readonly id: string } & FragmentType<typeof SLOT>;

const columns: readonly Column<Row>[] = [
  {
    title: 'Slot',
    width: '18rem',
    cell: (of) => {
      const { firstSlot, lastSlot, number } = read(SLOT, of);
      return (
        <>
          <Time at={firstSlot} as={number > 1 ? 'short' : 'both'} />
          {number > 1 && (
            <>
              {' '}
              to <Time at={lastSlot} />
            </>
          )}
        </>
      );
    },
  },
  {
    title: 'Outcome',
    width: '12rem',
    cell: (of) => <StatusChip look={slotWords(read(SLOT, of)).look} />,
  },
  { title: 'Slots', width: '5rem', align: 'right', cell: (of) => wholeNumber(read(SLOT, of).number) },
  { title: 'Reason', cell: (of) => slotWords(read(SLOT, of)).reason },
  {
    title: 'Run',
    width: '12rem',
    cell: (of) => {
      const { activity } = read(SLOT, of);
      if (!activity) return null;
      return (
        <Link to={`/runs/${activity.databaseId}`}>
          <Time at={activity.creationTime} />
        </Link>
      );
    },
  },
];

interface Props {
  readonly id: string;
  readonly changed: string;
  readonly isEvent: boolean;
}

/** The slot ledger: the outcome of each slot, with the reason. */
export function SlotsTab({ id, changed, isEvent }: Props) {
  const list = useListUrl('-FIRST_SLOT');
  const result = useQuery(SLOTS, { variables: { id, first: 50 } });
  useReload(result.refetch, changed);
  return (
    <>
      <p className="u-text--muted">
        A slot is a time at which the trigger falls due. Each one is recorded, with the reason if it had no
        run of its own. A moved slot is missed: it came too soon after a run, so the next run is at a later
        slot.
      </p>
      <p>
        <Link to="/administration/limits">Minimum time between runs</Link>
      </p>
      <Loaded of={result} part={({ scriptProfile }) => scriptProfile?.slots}>
        {(connection) => (
          <ConnectionTable
            label="Slots"
            columns={columns}
            connection={connection}
            rowKey={({ id: key }) => key}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={
              <EmptyState
                title={
                  isEvent
                    ? 'A profile that runs when computers enrol has no slots.'
                    : 'No slot has fallen due yet.'
                }
                icon="history"
              >
                <p>
                  {isEvent
                    ? 'Its runs are under “Runs”.'
                    : 'The first one is at the next run, which the overview of the profile shows.'}
                </p>
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </>
  );
}
