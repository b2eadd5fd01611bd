import { ApolloClient } from '@apollo/client';
import { createCache } from './cache.ts';
import { createLink } from './links.ts';

// Apollo derives from these that data may be partial where a query has an error.
declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
      interface Query {
        errorPolicy: 'all';
      }
      interface Mutate {
        errorPolicy: 'all';
      }
    }
  }
}

export const client: ApolloClient = new ApolloClient({
  cache: createCache(),
  link: createLink(() => client.refetchQueries({ include: 'active' })),
  clientAwareness: { name: 'console' },
  defaultOptions: {
    // What the caller may not view is null with an error beside it, and the rest of the page is still worth showing.
    watchQuery: {
      errorPolicy: 'all',
      fetchPolicy: 'cache-and-network',
      nextFetchPolicy: 'cache-first',
      // By default, a refetch overwrites the cache, and the policies in run-policies.ts would not see the newer state.
      refetchWritePolicy: 'merge',
    },
    query: { errorPolicy: 'all' },
    mutate: { errorPolicy: 'all' },
  },
});
