import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';

const SCRIPT_CHANGED = graphql(`
  subscription AnyScriptChanged {
    scriptChanged { changes script { id ...ScriptRow } }
  }
`);

/** Keeps the rows as the gateway has them. A script that was created or archived changes the list itself. */
export function useLiveScripts(reload: () => void): void {
  useSubscription(SCRIPT_CHANGED, {
    ignoreResults: true,
    onData: ({ data }) => {
      const changes = data.data?.scriptChanged.changes ?? [];
      if (changes.some((change) => change !== 'EDITED')) reload();
    },
  });
}
