import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { viewerZone } from '../../format/time.ts';

const PROFILE_CHANGED = graphql(`
  subscription AnyProfileChanged($timeZone: String) {
    scriptProfileChanged {
      changes
      scriptProfile { id ...ProfileRow }
    }
  }
`);

/** Keeps the rows as the gateway has them. A profile that was created or archived changes the list itself. */
export function useLiveProfiles(reload: () => void): void {
  useSubscription(PROFILE_CHANGED, {
    variables: { timeZone: viewerZone },
    ignoreResults: true,
    onData: ({ data }) => {
      const changes = data.data?.scriptProfileChanged.changes ?? [];
      if (changes.includes('CREATED') || changes.includes('ARCHIVED')) reload();
    },
  });
}
