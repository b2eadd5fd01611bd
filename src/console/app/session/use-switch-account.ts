import { useMutation } from '@apollo/client/react';
import { graphql } from '../graphql.ts';
import { Refused } from './requests.ts';
import { moveSession } from './session.ts';

const SWITCH_ACCOUNT = graphql(`
  mutation SwitchAccount($accountName: String!) {
    switchAccount(input: { accountName: $accountName }) {
      session { token }
      userErrors { code field message }
    }
  }
`);

/** Moves the session to another account of the viewer. The returned function throws Refused. */
export function useSwitchAccount(): (accountName: string) => Promise<void> {
  // The token in the answer must not stay in the cache.
  const [mutate] = useMutation(SWITCH_ACCOUNT, { fetchPolicy: 'no-cache' });
  return async (accountName) => {
    const { data, error } = await mutate({ variables: { accountName } });
    const token = data?.switchAccount?.session?.token;
    if (!token) throw new Refused(error?.message ?? data?.switchAccount?.userErrors[0]?.message);
    await moveSession(token);
  };
}
