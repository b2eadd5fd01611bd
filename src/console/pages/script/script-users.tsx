import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { ConnectionTable } from '../../components/table/connection-table.tsx';
import { useListUrl } from '../../components/table/use-list-url.ts';
import { viewerZone } from '../../format/time.ts';
import { orderOf } from '../profiles/filters.ts';
import { profileColumns } from '../profiles/profile-columns.tsx';

const USERS = graphql(`
  query UsersOfScript(
    $id: ID!, $first: Int, $after: String, $orderBy: ScriptProfileOrder, $timeZone: String
  ) {
    script(id: $id) {
      id
      profiles(first: $first, after: $after, orderBy: $orderBy) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ProfileRow } }
      }
    }
  }
`);

/** The profiles that run the script, always in its newest version. */
export function ScriptUsers({ id }: { readonly id: string }) {
  const list = useListUrl('NEXT_RUN');
  const result = useQuery(USERS, {
    variables: { id, first: 50, orderBy: orderOf(list), timeZone: viewerZone },
  });
  return (
    <Loaded of={result} part={({ script }) => script?.profiles}>
      {(profiles) => (
        <ConnectionTable
          label="Profiles that run this script"
          columns={profileColumns}
          connection={profiles}
          rowKey={(row) => row.id}
          list={list}
          loadMore={(after) => void result.fetchMore({ variables: { after } })}
          isLoading={result.loading}
          empty={
            <EmptyState title="No profile runs this script." icon="profiles">
              <p>A profile says when the script runs, and on which computers.</p>
            </EmptyState>
          }
        />
      )}
    </Loaded>
  );
}
