import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useState } from 'react';
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
import { TagChangeDialog } from '../../components/tag-change/tag-change-dialog.tsx';
import { count } from '../../format/count.ts';
import { COMPUTER_ROW, computerColumns } from './computer-columns.tsx';
import { filterOf, filtersFrom, isFiltered, orderOf } from './filters.ts';
import { SavedSearches } from './saved-searches.tsx';
import { SearchHelp } from './search-help.tsx';
import { useLiveComputers } from './use-live-computers.ts';

const COMPUTERS = graphql(`
  query Computers($first: Int, $after: String, $filter: ComputerFilter, $orderBy: ComputerOrder) {
    computers(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...ComputerRow } }
    }
  }
`);

const CHOICES = graphql(`
  query ComputerChoices {
    tagCounts { tag numComputers }
    accessGroups { id name title }
  }
`);

const PAGE_SIZE = 50;

/** Computers that scripts can run on. The address holds the search, the filters and the order. */
export function AcceptedComputers({ reloadNumbers }: { readonly reloadNumbers: () => void }) {
  const list = useListUrl('TITLE');
  const mayManage = useMay('MANAGE_COMPUTER');
  const selection = useSelection();
  const [retags, setRetags] = useState(false);
  const choices = useQuery(CHOICES);
  const result = useQuery(COMPUTERS, {
    variables: { first: PAGE_SIZE, filter: filterOf(list), orderBy: orderOf(list) },
  });
  useLiveComputers(() => {
    void result.refetch();
    void choices.refetch();
    reloadNumbers();
  });
  const shown = result.error ? result.data : (result.data ?? result.previousData);
  const rows = shown?.computers?.edges.map(({ node }) => read(COMPUTER_ROW, node)) ?? [];
  const chosen = rows.filter(({ id }) => selection.has(id));
  const empty = isFiltered(list) ? (
    <NoMatch title="No computer matches the search and the filters." list={list} />
  ) : (
    <EmptyState title="No computer is accepted yet." icon="machines">
      <p>Computers enrol with the registration key of the account. Then they wait under “Pending”.</p>
    </EmptyState>
  );
  return (
    <>
      <ListToolbar
        list={list}
        searchLabel="Search computers, such as tag:web"
        filters={filtersFrom(choices.data)}
      >
        {shown?.computers && count(shown.computers.totalCount, 'computer')}
      </ListToolbar>
      <div className="search-aids">
        <SavedSearches list={list} />
        <SearchHelp />
      </div>
      <SelectionBar
        selection={selection}
        noun="computer"
        purpose="Choose computers to change their tags."
        number={chosen.length}
        all={mayManage ? rows.map(({ id }) => id) : []}
      >
        <Button onClick={() => setRetags(true)}>Change tags</Button>
      </SelectionBar>
      <Loaded of={{ ...result, data: shown }} part={({ computers }) => computers}>
        {(connection) => (
          <ConnectionTable
            label="Computers"
            columns={computerColumns(mayManage ? selection : undefined)}
            connection={connection}
            rowKey={({ id }) => id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={empty}
          />
        )}
      </Loaded>
      {retags && <TagChangeDialog computers={chosen} close={() => setRetags(false)} done={selection.clear} />}
    </>
  );
}
