import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { ObjectEvents } from '../../components/events/object-events.tsx';
import { Loaded } from '../../components/page/loaded.tsx';

const EVENTS = graphql(`
  query EventsOfComputer($id: ID!, $first: Int, $after: String) {
    computer(id: $id) {
      id
      events(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id ...EventRow } }
      }
    }
  }
`);

/** Who changed the computer, and how. */
export function ComputerEvents({ id }: { readonly id: string }) {
  const result = useQuery(EVENTS, { variables: { id, first: 50 } });
  return (
    <Loaded of={result} part={({ computer }) => computer?.events}>
      {(events) => (
        <ObjectEvents
          label="Changes of this computer"
          events={events}
          loadMore={(after) => void result.fetchMore({ variables: { after } })}
          isLoading={result.loading}
        />
      )}
    </Loaded>
  );
}
