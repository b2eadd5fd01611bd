import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import type { ListUrl } from '../../components/table/use-list-url.ts';

const SAVED_SEARCHES = graphql(`
  query SavedSearches { savedSearches { id name title search } }
`);

/** Searches that were saved for the account. A click searches with one. */
export function SavedSearches({ list }: { readonly list: ListUrl }) {
  const searches = useQuery(SAVED_SEARCHES).data?.savedSearches ?? [];
  if (searches.length === 0) return null;
  return (
    <p className="saved-searches">
      <span className="u-text--muted">Saved searches:</span>
      {searches.map(({ id, title, search }) => (
        <button
          key={id}
          type="button"
          className="tag"
          title={search}
          aria-pressed={list.search === search}
          onClick={() => list.set({ search: list.search === search ? undefined : search })}
        >
          {title}
        </button>
      ))}
    </p>
  );
}
