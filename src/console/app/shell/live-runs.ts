import { useSubscription } from '@apollo/client/react';
import { graphql } from '../graphql.ts';

const LIVE_RUNS = graphql(`
  subscription LiveRuns {
    activityFeed {
      isSnapshot
      activities {
        id
        status
        completionTime
        duration
        counts { canceled delivered failed succeeded undelivered }
      }
    }
  }
`);

/**
 * Keeps the state of runs right on every page, because the cache has each run once. It also keeps the connection open,
 * so that the console can say when it is lost.
 */
export function useLiveRuns(): void {
  useSubscription(LIVE_RUNS, { ignoreResults: true });
}
