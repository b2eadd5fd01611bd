import type { Caller, Origin, Principal, ShownToken } from '../../domain/accounts/access.ts';
import { Refusal } from '../../domain/errors.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Issuer } from './issuer.ts';
import { bearerToken, type VerifiedToken, verifyToken } from './tokens.ts';

/** Reads an Authorization header. */
export interface Authenticator {
  /** Whom a person’s token speaks of, if they are still there. @throws Refusal UNAUTHENTICATED, UNAVAILABLE */
  subjectOf(authorization: string | undefined): Promise<VerifiedToken>;
  /** Who is asking. @throws Refusal UNAUTHENTICATED, RATE_LIMITED, UNAVAILABLE */
  authenticate(authorization: string | undefined, origin: Origin): Promise<Principal>;
}

export interface AuthenticatorOptions {
  /** Any of them may have signed: the current one, and the one before it. */
  readonly secrets: readonly string[];
  /** Whose tokens are taken, too. */
  readonly issuer?: Issuer;
  /** Who a token speaks of; undefined when there is no such person in that account, or it was taken back. */
  callerOf(account: string, email: string, token: ShownToken): Promise<Caller | undefined>;
  isComputerToken(token: string): boolean;
  /** Whose token this is; undefined when it is nobody's. */
  computerOf(token: string): Promise<{ accountId: number; computerId: number } | undefined>;
  /** The account whose registration key this is; undefined when it is not. @throws Refusal RATE_LIMITED */
  accountOfKey(account: string, key: string, origin: Origin): Promise<number | undefined>;
}

/** From an Authorization header to who is asking. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { secrets, issuer, callerOf, isComputerToken, computerOf, accountOfKey } = options;
  const verified = async (token: string) =>
    issuer?.isOf(token)
      ? issuer.verify(token)
      : verifyToken(token, { secrets, otherAlgorithms: issuer?.algorithms });
  return {
    subjectOf: async (authorization) => verified(bearerToken(authorization)),
    async authenticate(authorization, origin) {
      const credentials = basicCredentials(authorization);
      if (credentials) {
        const { user, password } = credentials;
        const accountId = mayBeName(user) ? await accountOfKey(user, password, origin) : undefined;
        if (accountId === undefined) throw unauthenticated(WRONG_BASIC);
        return { kind: 'registrar', accountId };
      }
      const token = bearerToken(authorization);
      if (isComputerToken(token)) {
        const computer = await computerOf(token);
        if (!computer)
          throw unauthenticated('The token does not belong to a computer, or the computer was removed.');
        return { kind: 'computer', ...computer };
      }
      const { account, email, shown } = await verified(token);
      // Nobody is called so.
      const caller =
        mayBeName(account) && mayBeName(email) ? await callerOf(account, email, shown) : undefined;
      // A token is identity only: whoever it names must still be there.
      if (!caller)
        throw unauthenticated('The token’s person is not in this account, or the token was revoked.');
      return { kind: 'person', caller, token: shown };
    },
  };
}

/** People try their e-mail address and password: they are told what to send instead. */
const WRONG_BASIC =
  'Basic credentials must be the name of an account and its registration key, and are only for the enrolment of computers. For all other requests, log in and send "Authorization: Bearer <token>".';

/** RFC 7617: the account's name and its registration key. */
function basicCredentials(authorization = ''): { user: string; password: string } | undefined {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization.trim())?.[1];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
