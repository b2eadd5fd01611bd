import { useSubscription } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';

const CHANGED = graphql(`
  subscription OneProfileChanged($id: ID!) {
    scriptProfileChanged(id: $id) {
      scriptProfile { id ...OneProfile }
    }
  }
`);

/** Keeps the page of a profile as the gateway has it. */
export function useLiveProfile(id: string): void {
  useSubscription(CHANGED, { variables: { id }, ignoreResults: true });
}
