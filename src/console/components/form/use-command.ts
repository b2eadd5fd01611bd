import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { refusalOf } from './refusal.ts';

/** A mutation for a `ConfirmDialog`. Resolves to the reason if the gateway refused it. Runs `done` if it did not. */
export function useCommand<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
) {
  const [mutate] = useMutation(document);
  return async (variables: Variables, done?: () => void): Promise<string | undefined> => {
    const reason = refusalOf(await mutate({ variables } as never));
    if (reason === undefined) done?.();
    return reason;
  };
}
