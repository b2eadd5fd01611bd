import type { Caller, Origin, Principal, ShownToken } from '../../domain/accounts/access.ts';
import { Refusal } from '../../domain/errors.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Issuer } from './issuer.ts';
import { bearerToken, type VerifiedToken, verifyToken } from './tokens.ts';

/** Reads an Authorization header. */
export interface Authenticator {
  /** Verifies a person's token. @throws Refusal UNAUTHENTICATED, UNAVAILABLE */
  subjectOf(authorization: string | undefined): Promise<VerifiedToken>;
  /** Identifies the caller. @throws Refusal UNAUTHENTICATED, RATE_LIMITED, UNAVAILABLE */
  authenticate(authorization: string | undefined, origin: Origin): Promise<Principal>;
}

export interface AuthenticatorOptions {
  /** The current secret and the previous one. A token may be signed with either. */
  readonly secrets: readonly string[];
  /** Identity provider whose tokens are accepted too. */
  readonly issuer?: Issuer;
  /** Finds the token's person. Undefined if the account has no such person, or if the token was revoked. */
  callerOf(account: string, email: string, token: ShownToken): Promise<Caller | undefined>;
  isComputerToken(token: string): boolean;
  /** Finds the token's computer. Undefined if no computer has this token. */
  computerOf(token: string): Promise<{ accountId: number; computerId: number } | undefined>;
  /** Finds the account with this registration key. Undefined if the key is wrong. @throws Refusal RATE_LIMITED */
  accountOfKey(account: string, key: string, origin: Origin): Promise<number | undefined>;
}

/** Identifies callers by their Authorization header. */
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
      // PostgreSQL rejects some texts, so they can't be names.
      const caller =
        mayBeName(account) && mayBeName(email) ? await callerOf(account, email, shown) : undefined;
      // A token only proves an identity, so its person must still exist.
      if (!caller)
        throw unauthenticated('The token’s person is not in this account, or the token was revoked.');
      return { kind: 'person', caller, token: shown };
    },
  };
}

/** People try their e-mail address and password, so the message says what to send instead. */
const WRONG_BASIC =
  'Basic credentials must be the name of an account and its registration key, and are only for the enrolment of computers. For all other requests, log in and send "Authorization: Bearer <token>".';

/** RFC 7617. The credentials are the account's name and its registration key. */
function basicCredentials(authorization = ''): { user: string; password: string } | undefined {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization.trim())?.[1];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
