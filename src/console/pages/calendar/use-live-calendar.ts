import { useApolloClient, useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';

const PROFILES = graphql(`
  subscription ProfilesOfCalendar { scriptProfileChanged { changes scriptProfile { id title nextRun } } }
`);

const PAUSE_MS = 3000;

/** Loads the calendar again when a profile was changed or has run. */
export function useLiveCalendar(): void {
  const client = useApolloClient();
  const reload = useAtMostEvery(PAUSE_MS, () =>
    document.hidden ? Promise.resolve() : client.refetchQueries({ include: ['Calendar', 'PastDays'] }),
  );
  useSubscription(PROFILES, {
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data?.scriptProfileChanged.changes.length) reload();
    },
  });
}
