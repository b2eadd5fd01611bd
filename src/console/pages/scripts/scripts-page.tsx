import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { type Filter, ListToolbar } from '../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../components/table/no-match.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { count } from '../../format/count.ts';
import type { ScriptOrderField, ScriptStatus } from '../../generated/graphql.ts';
import { scriptColumns } from './script-columns.tsx';
import { useLiveScripts } from './use-live-scripts.ts';

const SCRIPTS = graphql(`
  query Scripts($first: Int, $after: String, $filter: ScriptFilter, $orderBy: ScriptOrder) {
    scripts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...ScriptRow } }
    }
  }
`);

const filters: readonly Filter[] = [
  {
    name: 'state',
    label: 'State',
    any: 'Active',
    options: [
      { value: 'ARCHIVED', label: 'Archived' },
      { value: 'REDACTED', label: 'Redacted' },
    ],
  },
];

const PAGE_SIZE = 50;

/** All scripts that the viewer may see. The address holds the search, the filters and the order. */
export default function ScriptsPage() {
  const list = useListUrl('TITLE');
  const mayCreate = useMay('MANAGE_SCRIPT');
  const state = list.filter('state') as ScriptStatus | undefined;
  const filter = { search: list.search || undefined, statuses: [state ?? 'ACTIVE'] };
  const orderBy = { field: list.order.field as ScriptOrderField, direction: list.order.direction };
  const result = withPrevious(useQuery(SCRIPTS, { variables: { first: PAGE_SIZE, filter, orderBy } }));
  useLiveScripts(() => void result.refetch());
  const create = mayCreate && (
    <Link className="p-button--positive" to="/scripts/new" data-key="n">
      New script
    </Link>
  );
  const empty =
    list.search || state ? (
      <NoMatch title="No script matches the search and the filters." list={list} />
    ) : (
      <EmptyState title="There is no script yet." icon="code">
        <p>A script is code that computers run. A script profile says when, and on which computers.</p>
        {create}
      </EmptyState>
    );
  return (
    <Page title="Scripts" actions={create}>
      <ListToolbar list={list} searchLabel="Search scripts by title" filters={filters}>
        {result.data?.scripts && count(result.data.scripts.totalCount, 'script')}
      </ListToolbar>
      <Loaded of={result} part={({ scripts }) => scripts}>
        {(connection) => (
          <ConnectionTable
            label="Scripts"
            columns={scriptColumns}
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
