import type { Caller } from '../domain/access.ts';
import { Refusal } from '../domain/errors.ts';
import { bearerToken, verifyToken } from './tokens.ts';

export interface AuthenticatorOptions {
  /** Any of them may have signed: the current one, and the one before it. */
  readonly secrets: readonly string[];
  /** Who a token speaks of; undefined when there is no such person in that account. */
  callerOf(account: string, email: string): Promise<Caller | undefined>;
}

/** From an Authorization header to who is asking. @throws Refusal UNAUTHENTICATED */
export function createAuthenticator({ secrets, callerOf }: AuthenticatorOptions) {
  return async (authorization: string | undefined): Promise<Caller> => {
    const { account, email } = verifyToken(bearerToken(authorization), { secrets });
    // The database takes no NUL; nobody is called so either.
    const caller = /\0/.test(account + email) ? undefined : await callerOf(account, email);
    // A token is identity only: whoever it names must still be there.
    if (!caller) throw new Refusal('UNAUTHENTICATED', 'The token speaks of nobody in this account.');
    return caller;
  };
}
