import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { Refusal, show } from '../domain/errors.ts';

/** Whom a token speaks of. It is identity only: what they may do is looked up. */
export interface TokenSubject {
  readonly email: string;
  readonly account: string;
  /** The legacy API's tokens have it; nothing here needs it. */
  readonly personId?: number;
}

const ALGORITHM = 'HS256';
/** Seconds that two machines' clocks may differ. */
const SKEW = 30;
const LONGEST_TOKEN = 8192;
/** The end of the year 9999, which is as far as a date can be shown. */
const LATEST = 253_402_300_799;

/** In seconds since 1970, as in the claims. */
const currentTime = () => Math.floor(Date.now() / 1000);

/** A token of the legacy API's form: claims `exp`, `iat`, `sub` (the e-mail), `acc` (the account), `id`. */
export function signToken(
  { email, account, personId }: TokenSubject,
  { secret, minutes, now = currentTime() }: { secret: string; minutes: number; now?: number },
): string {
  const exp = now + Math.round(minutes * 60);
  const id = personId === undefined ? {} : { id: personId };
  return jwt.sign({ exp, iat: now, sub: email, acc: account, ...id }, keyOf(secret), {
    algorithm: ALGORITHM,
  });
}

/** @throws Refusal UNAUTHENTICATED, which says why */
export function verifyToken(
  token: string,
  { secrets, now = currentTime() }: { secrets: readonly string[]; now?: number },
): TokenSubject {
  if (!token) throw unauthenticated('There is no token.');
  if (token.length > LONGEST_TOKEN)
    throw unauthenticated(`The token is longer than ${LONGEST_TOKEN} characters.`);
  const { exp, nbf, sub, acc, id } = signedClaims(token, secrets);
  if (!isTime(exp)) throw unauthenticated('The token has no time at which it expires (exp).');
  if (now >= exp + SKEW) throw unauthenticated(`The token expired at ${shown(exp)}.`);
  if (nbf !== undefined) {
    if (!isTime(nbf)) throw unauthenticated('The time from which the token is valid (nbf) is no time.');
    if (now + SKEW < nbf) throw unauthenticated(`The token is not valid before ${shown(nbf)}.`);
  }
  if (!isName(sub)) throw unauthenticated('The token does not say who is asking (sub).');
  if (!isName(acc)) throw unauthenticated('The token does not say in which account (acc).');
  if (id === undefined) return { email: sub, account: acc };
  if (!isId(id)) throw unauthenticated("The token's id is no number of a person.");
  return { email: sub, account: acc, personId: id };
}

/** The claims, once it is certain that we signed them. Their times are judged by the caller, at its own time. */
function signedClaims(token: string, secrets: readonly string[]): Record<string, unknown> {
  const algorithm = algorithmOf(token);
  if (algorithm !== ALGORITHM) {
    throw unauthenticated(`The token must be signed with ${ALGORITHM}; found ${show(algorithm)}.`);
  }
  const options: jwt.VerifyOptions = {
    algorithms: [ALGORITHM],
    ignoreExpiration: true,
    ignoreNotBefore: true,
  };
  // Any of the secrets may have signed: while one replaces another, both are valid.
  for (const secret of secrets) {
    try {
      const claims: unknown = jwt.verify(token, keyOf(secret), options);
      return typeof claims === 'object' ? { ...claims } : {};
    } catch {
      // Not this one.
    }
  }
  throw unauthenticated('The token was not signed here: its signature is wrong.');
}

/** Only for the message: what is accepted is pinned where the signature is verified. */
function algorithmOf(token: string): unknown {
  try {
    const decoded = jwt.decode(token, { complete: true });
    if (decoded) return decoded.header.alg;
  } catch {
    // Parts that are no JSON.
  }
  throw unauthenticated('The token is no JWT.');
}

/** What follows `Bearer` in an Authorization header. @throws Refusal UNAUTHENTICATED */
export function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (token) return token;
  const found = authorization
    ? 'the Authorization header is of another form'
    : 'there is no Authorization header';
  throw unauthenticated(`A token is needed, as "Authorization: Bearer <token>": ${found}.`);
}

/** As a key, never as text: a text that looks like PEM would be taken for a key of another kind. */
const keyOf = (secret: string) => createSecretKey(secret, 'utf8');

const isTime = (claim: unknown): claim is number =>
  typeof claim === 'number' && claim >= 0 && claim <= LATEST;
const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== '';
const isId = (claim: unknown): claim is number => Number.isSafeInteger(claim) && Number(claim) > 0;

const shown = (time: number) => new Date(time * 1000).toISOString();

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
