import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';

const FEED = graphql(`
  subscription RunFeed { activityFeed { isSnapshot activities { id status } } }
`);

/** Calls back when runs start or end. The cache already has the new state of those that it knows. */
export function useRunFeed(onChange: () => void): void {
  useSubscription(FEED, {
    ignoreResults: true,
    // A snapshot may contain a run that started after the page was loaded.
    onData: onChange,
  });
}
