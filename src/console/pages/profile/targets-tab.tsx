import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useReload } from '../../components/live/use-reload.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import type { Column } from '../../components/table/column.ts';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { ListToolbar } from '../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../components/table/no-match.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { Tags } from '../../components/tags.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const TARGETS = graphql(`
  query ProfileTargets($first: Int, $after: String, $filter: ComputerFilter) {
    computers(first: $first, after: $after, filter: $filter, orderBy: { field: TITLE, direction: ASC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...TargetRow } }
    }
  }
`);

const ROW = graphql(`
  fragment TargetRow on Computer {
    id
    databaseId
    title
    hostname
    tags
    isOnline
    lastSeenAt
    accessGroup { id title }
    lastExecution { id status }
  }
`);

type Row = { readonly id: string } & FragmentType<typeof ROW>;

const columns: readonly Column<Row>[] = [
  {
    title: 'Computer',
    cell: (of) => {
      const { databaseId, title, hostname } = read(ROW, of);
      return (
        <>
          <Link className="list__main" to={`/computers/${databaseId}`}>
            {title}
          </Link>
          <span className="list__detail">{hostname}</span>
        </>
      );
    },
  },
  { title: 'Tags', cell: (of) => <Tags tags={read(ROW, of).tags} /> },
  { title: 'Access group', width: '9rem', cell: (of) => read(ROW, of).accessGroup.title },
  {
    title: 'Seen',
    width: '10rem',
    cell: (of) => {
      const { isOnline, lastSeenAt } = read(ROW, of);
      if (isOnline) return <StatusChip look={{ label: 'Online', tone: 'good' }} />;
      return lastSeenAt ? (
        <Time at={lastSeenAt} as="relative" />
      ) : (
        <span className="u-text--muted">Never</span>
      );
    },
  },
  {
    title: 'Last run of any profile',
    width: '10rem',
    cell: (of) => {
      const { lastExecution } = read(ROW, of);
      return lastExecution ? <StatusChip look={activityLooks[lastExecution.status]} /> : null;
    },
  },
];

interface Props {
  readonly id: string;
  readonly changed: string;
  readonly isEvent: boolean;
}

/** The computers that the next run reaches. */
export function TargetsTab({ id, changed, isEvent }: Props) {
  const list = useListUrl('TITLE');
  const filter = { query: `profile:script:${id}`, search: list.search || undefined };
  const result = withPrevious(useQuery(TARGETS, { variables: { first: 50, filter }, skip: isEvent }));
  useReload(result.refetch, changed);
  if (isEvent)
    return (
      <EmptyState title="It runs on each computer when the computer enrols." icon="machines">
        <p>So it has no list of targets. Its runs show the computers that enrolled.</p>
      </EmptyState>
    );
  return (
    <>
      <ListToolbar list={list} searchLabel="Search targets by title or hostname">
        {result.data?.computers && count(result.data.computers.totalCount, 'computer')}
      </ListToolbar>
      <Loaded of={result} part={({ computers }) => computers}>
        {(connection) => (
          <ConnectionTable
            label="Targets"
            columns={columns}
            connection={connection}
            rowKey={({ id: key }) => key}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={
              list.search ? (
                <NoMatch title="No target matches the search." list={list} />
              ) : (
                <EmptyState title="The profile matches no computer." icon="machines">
                  <p>Give computers one of its tags, or edit the profile.</p>
                  <Link to="/computers">Go to the computers</Link>
                </EmptyState>
              )
            }
          />
        )}
      </Loaded>
    </>
  );
}
