import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { ObjectEvents } from '../../components/events/object-events.tsx';
import { Loaded } from '../../components/page/loaded.tsx';

const EVENTS = graphql(`
  query EventsOfScript($id: ID!, $first: Int, $after: String) {
    script(id: $id) {
      id
      events(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...EventRow } }
      }
    }
  }
`);

/** Who changed the script, and how. */
export function ScriptEvents({ id }: { readonly id: string }) {
  const result = useQuery(EVENTS, { variables: { id, first: 50 } });
  return (
    <Loaded of={result} part={({ script }) => script?.events}>
      {(events) => (
        <ObjectEvents
          label="Changes of this script"
          events={events}
          loadMore={(after) => void result.fetchMore({ variables: { after } })}
          isLoading={result.loading}
        />
      )}
    </Loaded>
  );
}
