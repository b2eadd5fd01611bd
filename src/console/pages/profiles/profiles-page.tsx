import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { ListToolbar } from '../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../components/table/no-match.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { withPrevious } from '../../components/table/with-previous.ts';
import { count } from '../../format/count.ts';
import { viewerZone } from '../../format/time.ts';
import { filterOf, filters, isFiltered, orderOf } from './filters.ts';
import { profileColumns } from './profile-columns.tsx';
import { useLiveProfiles } from './use-live-profiles.ts';

const PROFILES = graphql(`
  query Profiles(
    $first: Int, $after: String, $filter: ScriptProfileFilter, $orderBy: ScriptProfileOrder, $timeZone: String
  ) {
    scriptProfiles(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...ProfileRow } }
    }
  }
`);

const PAGE_SIZE = 100;

/** All script profiles that the viewer may see. The address holds the search, the filters and the order. */
export default function ProfilesPage() {
  const list = useListUrl('NEXT_RUN');
  const mayCreate = useMay('MANAGE_SCRIPT_PROFILE');
  const result = withPrevious(
    useQuery(PROFILES, {
      variables: { first: PAGE_SIZE, filter: filterOf(list), orderBy: orderOf(list), timeZone: viewerZone },
    }),
  );
  useLiveProfiles(() => void result.refetch());
  const create = mayCreate && (
    <Link className="p-button--positive" to="/profiles/new" data-key="n">
      New profile
    </Link>
  );
  const empty = isFiltered(list) ? (
    <NoMatch title="No profile matches the search and the filters." list={list} />
  ) : (
    <EmptyState title="There is no script profile yet." icon="profiles">
      <p>A profile runs a script on the computers with certain tags, at the times of its schedule.</p>
      {create}
    </EmptyState>
  );
  return (
    <Page title="Script profiles" actions={create}>
      <ListToolbar list={list} searchLabel="Search profiles by title" filters={filters}>
        {result.data?.scriptProfiles && count(result.data.scriptProfiles.totalCount, 'profile')}
      </ListToolbar>
      <Loaded of={result} part={({ scriptProfiles }) => scriptProfiles}>
        {(connection) => (
          <ConnectionTable
            label="Script profiles"
            columns={profileColumns}
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
