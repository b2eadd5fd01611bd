import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useAtMostEvery } from '../live/use-at-most-every.ts';

/** Maximum size of a page of the graph. */
export const MOST_ROWS = 1000;

interface List<Data, Variables> {
  readonly query: TypedDocumentNode<Data, Variables>;
  /** The variables without `first` and `after`. */
  readonly variables: Omit<Variables, 'first' | 'after'>;
  readonly loaded: number;
  readonly pageSize: number;
}

/**
 * Returns a function that loads all loaded rows of a list again, so that new rows appear and the viewer keeps the place.
 * Does nothing if more than MOST_ROWS rows are loaded.
 */
export function useFreshList<Data, Variables extends OperationVariables>(
  { query, variables, loaded, pageSize }: List<Data, Variables>,
  pauseMs: number,
): () => void {
  const client = useApolloClient();
  return useAtMostEvery(pauseMs, async () => {
    if (loaded > MOST_ROWS || document.hidden) return;
    const first = Math.max(loaded, pageSize);
    await client.query({
      query,
      variables: { ...variables, first } as unknown as Variables,
      fetchPolicy: 'network-only',
    } as never);
  });
}
