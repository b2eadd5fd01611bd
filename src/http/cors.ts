import type { IncomingHttpHeaders } from 'node:http';
import { CONSOLE_HEADER } from './auth/authorization.ts';

/**
 * The pages of other origins that may read answers. Credentials are never allowed, because a page sends its token
 * itself.
 */
export interface CorsPolicy {
  readonly origins: readonly string[];
  /** Whether pages of this machine may read answers, on any port. Meant for dashboards in development. */
  readonly loopback: boolean;
}

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;

export const allowsOrigin = ({ origins, loopback }: CorsPolicy, origin: string): boolean =>
  origins.includes(origin) || (loopback && LOOPBACK.test(origin));

/** Headers that a page may read. */
const EXPOSED = 'Retry-After, X-Request-Id, X-Query-Cost';
/** Seconds. Browsers limit it to two hours. */
const MAX_AGE = 7200;

/** Sent on every answer, because a cache that ignored the origin would give one page the answer meant for another. */
export const corsHeaders = (policy: CorsPolicy, { origin }: IncomingHttpHeaders): Record<string, string> => ({
  vary: 'Origin',
  ...(origin !== undefined &&
    allowsOrigin(policy, origin) && {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
    }),
});

/** Whether a browser asks if a page may send a request. Any other OPTIONS request asks for the methods of a path. */
export const isPreflight = (method: string | undefined, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/**
 * The answer to a preflight. It is the same for every path, so the page can send its request and read the error.
 */
export function preflightHeaders(policy: CorsPolicy, headers: IncomingHttpHeaders): Record<string, string> {
  const vary = { vary: 'Origin, Access-Control-Request-Headers' };
  if (!allowsOrigin(policy, headers.origin ?? '')) return vary;
  const asked = headers['access-control-request-headers']?.toString().split(',').filter(isForeign).join(',');
  return {
    ...vary,
    'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
    ...(asked !== undefined && { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(MAX_AGE),
  };
}

/** Whether a page of another origin may send a header. The header of the console proves that its page is of this origin. */
const isForeign = (name: string) => name.trim().toLowerCase() !== CONSOLE_HEADER;
