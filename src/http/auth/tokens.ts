import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { ShownToken } from '../../domain/accounts/access.ts';
import type { Grant } from '../../domain/accounts/token.ts';
import { Refusal, show } from '../../domain/errors.ts';
import { epochSeconds, type Instant, instantOf } from '../../domain/time.ts';

/** Whom a token speaks of. It is identity only: what they may do is looked up. */
export interface TokenSubject {
  readonly email: string;
  readonly account: string;
  /** The legacy API's tokens have it; nothing here needs it. */
  readonly personId?: number;
  /** The access key that it was got with. */
  readonly accessKey?: string;
}

export interface VerifiedToken extends TokenSubject {
  readonly shown: ShownToken;
}

const ALGORITHM = 'HS256';
/** Seconds that two machines' clocks may differ. */
const SKEW = 30;
const LONGEST_TOKEN = 8192;
/** 366 days, which is as far as `npm run token` goes: what is valid for longer was not made by us. */
const LONGEST_LIFE = 366 * 86_400;
/** The audience of what commands ask of a running server: it keeps their tokens and people's apart. */
const OPERATOR = 'operator';
const OPERATOR_SECONDS = 60;
/** The end of the year 9999, which is as far as a date can be shown. */
const LATEST = 253_402_300_799;

/** In seconds since 1970, as in the claims. */
const currentTime = () => Math.floor(Date.now() / 1000);

/** A token of the legacy API's form: claims `exp`, `iat`, `sub` (the e-mail), `acc` (the account), `id`; `jti` on top. */
export function signToken(
  { email, account, personId, accessKey }: TokenSubject,
  { secret, minutes, now = currentTime() }: { secret: string; minutes: number; now?: number },
): string {
  const exp = now + Math.round(minutes * 60);
  const optional = {
    ...(personId !== undefined && { id: personId }),
    ...(accessKey !== undefined && { key: accessKey }),
  };
  // Without an id of its own, two tokens of a second would be the same, and logging one out would take the other along.
  const claims = { exp, iat: now, sub: email, acc: account, ...optional, jti: randomUUID() };
  return jwt.sign(claims, keyOf(secret), { algorithm: ALGORITHM });
}

/** Makes the token that somebody was granted. */
export function issuedToken(
  { identity, expiryMinutes, notAfter, validFrom, accessKey }: Grant,
  { secret }: { secret: string },
): { token: string; expiresAt: Instant } {
  const { email, accountName: account, personId } = identity;
  // Earlier tokens may have been taken back in this very second: that is a second ahead, and this one must not be.
  const now = Math.max(currentTime(), validFrom ? epochSeconds(validFrom) : 0);
  const expires = Math.min(
    now + expiryMinutes * 60,
    notAfter ? epochSeconds(notAfter) : Number.POSITIVE_INFINITY,
  );
  const minutes = (expires - now) / 60;
  const token = signToken({ email, account, personId, accessKey }, { secret, minutes, now });
  return { token, expiresAt: instantOf(expires) };
}

/** A token for the commands of whoever knows the secret. It speaks of nobody, and is good for one minute. */
export const signOperatorToken = ({
  secret,
  now = currentTime(),
}: {
  secret: string;
  now?: number;
}): string =>
  jwt.sign({ exp: now + OPERATOR_SECONDS, iat: now, aud: OPERATOR }, keyOf(secret), { algorithm: ALGORITHM });

interface Verification {
  readonly secrets: readonly string[];
  readonly now?: number;
  /** What an issuer's tokens, which are taken as well, are signed with. */
  readonly otherAlgorithms?: readonly string[];
}

/** @throws Refusal UNAUTHENTICATED, which says why */
export function verifyToken(token: string, verification: Verification): VerifiedToken {
  const { claims, times } = timelyClaims(token, verification);
  const { aud, sub, acc, id, key } = claims;
  if ([aud].flat().includes(OPERATOR))
    throw unauthenticated('The token is an operator’s token, which is not accepted here.');
  if (!isName(sub)) throw unauthenticated('The token does not name its person (sub).');
  if (!isName(acc)) throw unauthenticated('The token does not name its account (acc).');
  if (id !== undefined && !isId(id)) throw unauthenticated('The token’s id is not the number of a person.');
  if (key !== undefined && !isName(key)) throw unauthenticated('The token’s key is not an access key.');
  const accessKey = key === undefined ? {} : { accessKey: key };
  return {
    email: sub,
    account: acc,
    ...(id !== undefined && { personId: id }),
    ...accessKey,
    shown: { id: tokenId(token), ...times, ...accessKey },
  };
}

/** @throws Refusal UNAUTHENTICATED for any other token */
export function verifyOperatorToken(token: string, verification: Verification): void {
  if (timelyClaims(token, verification).claims.aud !== OPERATOR)
    throw unauthenticated('The token is not an operator’s token.');
}

/** The claims of a token that we signed, and that is valid now. */
function timelyClaims(token: string, { secrets, now = currentTime(), otherAlgorithms = [] }: Verification) {
  if (!token) throw unauthenticated('The token is missing.');
  if (token.length > LONGEST_TOKEN)
    throw unauthenticated(`The token is longer than ${LONGEST_TOKEN} characters.`);
  const claims = signedClaims(token, secrets, otherAlgorithms);
  return { claims, times: checkTimes(claims, now) };
}

/** What a token says of its times, judged at this one. @throws Refusal UNAUTHENTICATED, which says why */
export function checkTimes(
  { exp, nbf, iat }: { readonly exp?: unknown; readonly nbf?: unknown; readonly iat?: unknown },
  now = currentTime(),
): Pick<ShownToken, 'issuedAt' | 'expiresAt'> {
  if (!isTime(exp)) throw unauthenticated('The token has no expiry time (exp).');
  if (now >= exp + SKEW) throw unauthenticated(`The token expired at ${shown(exp)}.`);
  if (exp > now + LONGEST_LIFE + SKEW) {
    throw unauthenticated(`The token must expire within 366 days; found ${shown(exp)}.`);
  }
  if (nbf !== undefined) {
    if (!isTime(nbf))
      throw unauthenticated('The time from which the token is valid (nbf) is not a valid time.');
    if (now + SKEW < nbf) throw unauthenticated(`The token is not valid before ${shown(nbf)}.`);
  }
  if (iat !== undefined) {
    if (!isTime(iat))
      throw unauthenticated('The time at which the token was issued (iat) is not a valid time.');
    if (now + SKEW < iat)
      throw unauthenticated(`The token was issued at ${shown(iat)}, which is in the future.`);
  }
  // One that does not say when it was made is as old as can be.
  return { issuedAt: instantOf(iat ?? 0), expiresAt: instantOf(exp) };
}

/** Milliseconds since 1970 at which the token of a header is no longer taken; undefined when it does not say. */
export function expiryOf(authorization: string | undefined): number | undefined {
  try {
    const claims = jwt.decode(bearerToken(authorization), { json: true });
    return isTime(claims?.exp) ? (claims.exp + SKEW) * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** Of what is signed: the last letter of a signature could be spelled otherwise. */
export const tokenId = (token: string): string =>
  createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');

/** The claims, once it is certain that we signed them. Their times are judged by the caller, at its own time. */
function signedClaims(
  token: string,
  secrets: readonly string[],
  otherAlgorithms: readonly string[],
): Record<string, unknown> {
  const { alg, typ = 'JWT', crit } = headerOf(token);
  if (alg !== ALGORITHM) {
    const allowed = [ALGORITHM, ...otherAlgorithms].join(' or ');
    throw unauthenticated(`The token must be signed with ${allowed}; found ${show(alg)}.`);
  }
  if (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT') {
    throw unauthenticated(`The token must have the type JWT; found ${show(typ)}.`);
  }
  if (crit !== undefined)
    throw unauthenticated('The token requires extensions (crit), and none are supported.');
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
  throw unauthenticated('The token was not signed by this server: its signature is wrong.');
}

/** As it was sent, and by nobody verified: good for a message, or to see whose token it claims to be. */
export function headerOf(token: string): Readonly<Record<string, unknown>> {
  if (!token) throw unauthenticated('The token is missing.');
  if (token.length > LONGEST_TOKEN)
    throw unauthenticated(`The token is longer than ${LONGEST_TOKEN} characters.`);
  try {
    const decoded = jwt.decode(token, { complete: true });
    if (decoded) return { ...decoded.header };
  } catch {
    // Parts that are no JSON.
  }
  throw unauthenticated('The token is not a JWT.');
}

/** What follows `Bearer` in an Authorization header. @throws Refusal UNAUTHENTICATED */
export function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (token) return token;
  const found = authorization
    ? 'the Authorization header has another form'
    : 'the Authorization header is missing';
  throw unauthenticated(`A token is required as "Authorization: Bearer <token>", but ${found}.`);
}

/** As a key, never as text: a text that looks like PEM would be taken for a key of another kind. */
const keyOf = (secret: string) => createSecretKey(secret, 'utf8');

const isTime = (claim: unknown): claim is number =>
  typeof claim === 'number' && claim >= 0 && claim <= LATEST;
const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== '';
const isId = (claim: unknown): claim is number => Number.isSafeInteger(claim) && Number(claim) > 0;

const shown = (time: number) => new Date(time * 1000).toISOString();

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
