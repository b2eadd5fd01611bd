import { useQuery, useSubscription } from '@apollo/client/react';
import { useParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { ComputerDetails } from './computer-details.tsx';

const COMPUTER = graphql(`
  query ComputerDetails($id: ID!) {
    computer(id: $id) { id ...ComputerDetails }
  }
`);

const COMPUTER_CHANGED = graphql(`
  subscription OneComputerChanged($id: ID!) {
    computerChanged(id: $id) { changes removedId computer { id ...ComputerDetails } }
  }
`);

const RUN_CHANGED = graphql(`
  subscription RunsForComputer { activityFeed { isSnapshot activities { id status } } }
`);

/** Reports of the client cause no event, so its last exchange is asked for. */
const POLL_MS = 30_000;

const PAUSE_MS = 1000;

/** One computer: why which profile reaches it, what ran, and what runs next. */
export default function ComputerPage() {
  const id = useParams().id!;
  const result = useQuery(COMPUTER, { variables: { id }, pollInterval: POLL_MS });
  const reload = useAtMostEvery(PAUSE_MS, () => result.refetch());
  useSubscription(COMPUTER_CHANGED, {
    variables: { id },
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.computerChanged.removedId) reload();
    },
  });
  useSubscription(RUN_CHANGED, {
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.activityFeed.isSnapshot === false) reload();
    },
  });
  return (
    <Loaded of={result} part={({ computer }) => computer} missing={<NotFoundPage what="computer" />}>
      {(computer) => <ComputerDetails computer={computer} reload={reload} />}
    </Loaded>
  );
}
