import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';

const COMPUTER_CHANGED = graphql(`
  subscription AnyComputerChanged {
    computerChanged {
      changes
      removedId
      computer { id ...ComputerRow }
    }
  }
`);

const PAUSE_MS = 1000;

/** Keeps the rows as the gateway has them. A computer that joins or leaves changes the list itself. */
export function useLiveComputers(reload: () => void): void {
  const calmReload = useAtMostEvery(PAUSE_MS, async () => reload());
  useSubscription(COMPUTER_CHANGED, {
    ignoreResults: true,
    onData: ({ data }) => {
      const changes = data.data?.computerChanged.changes ?? [];
      if (changes.some((change) => change !== 'EDITED')) calmReload();
    },
  });
}
