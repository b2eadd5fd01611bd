import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { ShownToken } from '../../domain/accounts/access.ts';
import type { Grant } from '../../domain/accounts/token.ts';
import { Refusal, show } from '../../domain/errors.ts';
import { epochSeconds, type Instant, instantOf } from '../../domain/time.ts';

/** The person that a token identifies. A token proves only an identity, and permissions are looked up. */
export interface TokenSubject {
  readonly email: string;
  readonly account: string;
  /** Tokens of the legacy API contain it, but this code does not need it. */
  readonly personId?: number;
  /** The access key with which the token was obtained. */
  readonly accessKey?: string;
}

export interface VerifiedToken extends TokenSubject {
  readonly shown: ShownToken;
}

const ALGORITHM = 'HS256';
/** Seconds by which the clocks of two machines may differ. */
const SKEW = 30;
const MAX_TOKEN_LENGTH = 8192;
/** 366 days, which is the maximum of `npm run token`. The gateway never issues a token for longer. */
const MAX_LIFETIME_SECONDS = 366 * 86_400;
/** Audience of tokens for commands that call a running server. It keeps them apart from people's tokens. */
const OPERATOR = 'operator';
const OPERATOR_SECONDS = 60;
/** The end of the year 9999, which is the latest date that can be formatted. */
const LATEST = 253_402_300_799;

/** Seconds since 1970, as in the claims. */
const currentTime = () => Math.floor(Date.now() / 1000);

/**
 * Signs a token in the form of the legacy API: `exp`, `iat`, `sub` (the e-mail), `acc` (the account), `id`. It also has
 * a `jti`.
 */
export function signToken(
  { email, account, personId, accessKey }: TokenSubject,
  { secret, minutes, now = currentTime() }: { secret: string; minutes: number; now?: number },
): string {
  const exp = now + Math.round(minutes * 60);
  const optional = {
    ...(personId !== undefined && { id: personId }),
    ...(accessKey !== undefined && { key: accessKey }),
  };
  // Without a unique id, two tokens of the same second would be equal, so logging out one would revoke both.
  const claims = { exp, iat: now, sub: email, acc: account, ...optional, jti: randomUUID() };
  return jwt.sign(claims, keyOf(secret), { algorithm: ALGORITHM });
}

/** Signs the token of a grant. */
export function issuedToken(
  { identity, expiryMinutes, notAfter, validFrom, accessKey }: Grant,
  { secret }: { secret: string },
): { token: string; expiresAt: Instant } {
  const { email, accountName: account, personId } = identity;
  // Earlier tokens may have been revoked in this second. Their revocation is dated one second ahead, and must not cover
  // this token.
  const now = Math.max(currentTime(), validFrom ? epochSeconds(validFrom) : 0);
  const expires = Math.min(
    now + expiryMinutes * 60,
    notAfter ? epochSeconds(notAfter) : Number.POSITIVE_INFINITY,
  );
  const minutes = (expires - now) / 60;
  const token = signToken({ email, account, personId, accessKey }, { secret, minutes, now });
  return { token, expiresAt: instantOf(expires) };
}

/**
 * Signs a token for the commands of an operator who knows the secret. It identifies no person and expires after one
 * minute.
 */
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
  /** Algorithms of the issuer, whose tokens are accepted too. */
  readonly otherAlgorithms?: readonly string[];
}

/** @throws Refusal UNAUTHENTICATED with the reason */
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
    shown: { id: tokenId(token), ...times, ...accessKey, recoveryHash: recoveryHashOf(token) },
  };
}

/** @throws Refusal UNAUTHENTICATED if it is any other token */
export function verifyOperatorToken(token: string, verification: Verification): void {
  if (timelyClaims(token, verification).claims.aud !== OPERATOR)
    throw unauthenticated('The token is not an operator’s token.');
}

/** The claims of a token that we signed and that is valid now. */
function timelyClaims(token: string, { secrets, now = currentTime(), otherAlgorithms = [] }: Verification) {
  if (!token) throw unauthenticated('The token is missing.');
  if (token.length > MAX_TOKEN_LENGTH)
    throw unauthenticated(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  const claims = signedClaims(token, secrets, otherAlgorithms);
  return { claims, times: checkTimes(claims, now) };
}

/** Checks the times of a token against `now`. @throws Refusal UNAUTHENTICATED with the reason */
export function checkTimes(
  { exp, nbf, iat }: { readonly exp?: unknown; readonly nbf?: unknown; readonly iat?: unknown },
  now = currentTime(),
): Pick<ShownToken, 'issuedAt' | 'expiresAt'> {
  if (!isTime(exp)) throw unauthenticated('The token has no expiry time (exp).');
  if (now >= exp + SKEW) throw unauthenticated(`The token expired at ${shown(exp)}.`);
  if (exp > now + MAX_LIFETIME_SECONDS + SKEW) {
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
  // A token without a time of issue counts as issued in 1970.
  return { issuedAt: instantOf(iat ?? 0), expiresAt: instantOf(exp) };
}

/** Milliseconds since 1970 at which the header's token stops being accepted. Undefined if it has no expiry. */
export function expiryOf(authorization: string | undefined): number | undefined {
  try {
    const claims = jwt.decode(bearerToken(authorization), { json: true });
    return isTime(claims?.exp) ? (claims.exp + SKEW) * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** Hashes only the signed part, because the last letter of a signature has several spellings. */
export const tokenId = (token: string): string => hashOfSigned('', token);

/** Differs from the token id, because the list of revoked tokens contains the id. */
export const recoveryHashOf = (token: string): string => hashOfSigned('recovery ', token);

const hashOfSigned = (prefix: string, token: string): string =>
  createHash('sha256')
    .update(prefix + token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');

/** Returns the claims after checking our signature. The caller checks their times. */
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
  // Either secret may have signed the token. While one replaces the other, both are valid.
  for (const secret of secrets) {
    try {
      const claims: unknown = jwt.verify(token, keyOf(secret), options);
      return typeof claims === 'object' ? { ...claims } : {};
    } catch {
      // This secret did not sign it.
    }
  }
  throw unauthenticated('The token was not signed by this server: its signature is wrong.');
}

/** Decodes the header without verification. It serves for messages, and to see whose token it claims to be. */
export function headerOf(token: string): Readonly<Record<string, unknown>> {
  if (!token) throw unauthenticated('The token is missing.');
  if (token.length > MAX_TOKEN_LENGTH)
    throw unauthenticated(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  try {
    const decoded = jwt.decode(token, { complete: true });
    if (decoded) return { ...decoded.header };
  } catch {
    // A part of the token is not JSON, so it is rejected below.
  }
  throw unauthenticated('The token is not a JWT.');
}

/** The token after `Bearer` in an Authorization header. @throws Refusal UNAUTHENTICATED */
export function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (token) return token;
  const found = authorization
    ? 'the Authorization header has another form'
    : 'the Authorization header is missing';
  throw unauthenticated(`A token is required as "Authorization: Bearer <token>", but ${found}.`);
}

/** A key object, because the library would take a string that looks like PEM for a key of another type. */
const keyOf = (secret: string) => createSecretKey(secret, 'utf8');

const isTime = (claim: unknown): claim is number =>
  typeof claim === 'number' && claim >= 0 && claim <= LATEST;
const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== '';
const isId = (claim: unknown): claim is number => Number.isSafeInteger(claim) && Number(claim) > 0;

const shown = (time: number) => new Date(time * 1000).toISOString();

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
