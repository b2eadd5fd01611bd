import { graphql } from '../../app/graphql.ts';

export const EXECUTIONS = graphql(`
  query Executions($id: ID!, $first: Int, $after: String, $filter: ActivityFilter) {
    activity(id: $id) {
      id
      children(
        first: $first, after: $after, filter: $filter, orderBy: { field: CREATION_TIME, direction: ASC }
      ) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...ExecutionRow } }
      }
    }
  }
`);

export const PAGE_SIZE = 200;
