import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useCalm } from '../../components/use-calm.ts';

const COMPUTER_CHANGED = graphql(`
  subscription AnyComputerChanged {
    computerChanged {
      changes
      removedId
      computer { id ...ComputerRow }
    }
  }
`);

/** Keeps the rows as the gateway has them. A computer that joins or leaves changes the list itself. */
export function useLiveComputers(reload: () => void): void {
  const calmReload = useCalm(reload);
  useSubscription(COMPUTER_CHANGED, {
    ignoreResults: true,
    onData: ({ data }) => {
      const changes = data.data?.computerChanged.changes ?? [];
      if (changes.some((change) => change !== 'EDITED')) calmReload();
    },
  });
}
