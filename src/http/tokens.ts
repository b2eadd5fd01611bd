import jwt from 'jsonwebtoken';
import { Refusal } from '../domain/errors.ts';

/** Whom a token speaks of. It is identity only: what they may do is looked up. */
export interface TokenSubject {
  readonly email: string;
  readonly account: string;
}

const ALGORITHM = 'HS256';
/** Seconds that two machines' clocks may differ. */
const SKEW = 30;
const LONGEST_TOKEN = 8192;

/** A token of the legacy API's form: claims `exp`, `iat`, `sub` (the e-mail), `acc` (the account). */
export function signToken(subject: TokenSubject, options: { secret: string; minutes: number }): string {
  return jwt.sign({ sub: subject.email, acc: subject.account }, options.secret, {
    algorithm: ALGORITHM,
    expiresIn: options.minutes * 60,
  });
}

/** @throws Refusal UNAUTHENTICATED, which says why */
export function verifyToken(token: string, { secrets }: { secrets: readonly string[] }): TokenSubject {
  if (token.length > LONGEST_TOKEN)
    throw unauthenticated(`The token is longer than ${LONGEST_TOKEN} characters.`);
  const claims = verified(token, secrets);
  if (typeof claims !== 'object' || typeof claims.exp !== 'number') {
    throw unauthenticated('The token has no time at which it expires (exp).');
  }
  const { sub, acc } = claims;
  if (typeof sub !== 'string' || typeof acc !== 'string' || !sub || !acc) {
    throw unauthenticated('The token does not say who is asking (sub), or in which account (acc).');
  }
  return { email: sub, account: acc };
}

/** Any of the secrets may have signed: while one replaces another, both are valid. */
function verified(token: string, secrets: readonly string[]): jwt.JwtPayload | string {
  let failure: unknown;
  for (const secret of secrets) {
    try {
      return jwt.verify(token, secret, { algorithms: [ALGORITHM], clockTolerance: SKEW });
    } catch (error) {
      failure = error;
      // A token that this secret signed, and that is over or not yet valid: no other secret mends that.
      if (error instanceof jwt.TokenExpiredError || error instanceof jwt.NotBeforeError) break;
    }
  }
  throw unauthenticated(why(failure));
}

function why(failure: unknown): string {
  if (failure instanceof jwt.TokenExpiredError)
    return `The token expired at ${failure.expiredAt.toISOString()}.`;
  if (failure instanceof jwt.NotBeforeError)
    return `The token is not valid before ${failure.date.toISOString()}.`;
  if (failure instanceof Error && /malformed|invalid token/.test(failure.message))
    return 'The token is no JWT.';
  return `The token was not signed here, or not with ${ALGORITHM}.`;
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

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
