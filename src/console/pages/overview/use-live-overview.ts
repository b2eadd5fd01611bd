import { useApolloClient, useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';
import { useRunFeed } from '../../components/live/use-run-feed.ts';

const PROFILES = graphql(`
  subscription ProfilesOfOverview { scriptProfileChanged { changes scriptProfile { id title state nextRun } } }
`);

const COMPUTERS = graphql(`
  subscription ComputersOfOverview { computerChanged { changes computer { id title status } } }
`);

const SOON_MS = 2000;
/** The totals of weeks change little, and cost the database more. */
const LATER_MS = 15_000;

/** Loads the parts of the overview again when something has happened that they show. */
export function useLiveOverview(isAllowed: boolean): void {
  const client = useApolloClient();
  const again = (include: string[]) => () =>
    document.hidden ? Promise.resolve() : client.refetchQueries({ include });
  const runs = useAtMostEvery(SOON_MS, again(['Attention', 'RunningNow']));
  const totals = useAtMostEvery(LATER_MS, again(['SuccessByDay']));
  const plans = useAtMostEvery(SOON_MS, again(['NextDay']));
  const computers = useAtMostEvery(SOON_MS, again(['Attention', 'NextDay']));
  useRunFeed(() => {
    runs();
    totals();
  });
  useSubscription(PROFILES, {
    skip: !isAllowed,
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.scriptProfileChanged.changes.length) plans();
    },
  });
  useSubscription(COMPUTERS, {
    skip: !isAllowed,
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.computerChanged.changes.length) computers();
    },
  });
}
