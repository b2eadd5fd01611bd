import type { IncomingHttpHeaders } from 'node:http';

/** Which pages of other origins may read answers. Never with credentials: a page sends its token itself. */
export interface CorsPolicy {
  readonly origins: readonly string[];
  /** Whether pages of this machine may, on any port: dashboards under development. */
  readonly loopback: boolean;
}

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;

export const allowsOrigin = ({ origins, loopback }: CorsPolicy, origin: string): boolean =>
  origins.includes(origin) || (loopback && LOOPBACK.test(origin));

/** What a page may read beside the body. */
const EXPOSED = 'Retry-After, X-Request-Id, X-Query-Cost';
/** Seconds. Browsers cap it at two hours. */
const MAX_AGE = 7200;

/** On every answer: a cache that ignored the origin would show one page what was meant for another. */
export const corsHeaders = (policy: CorsPolicy, { origin }: IncomingHttpHeaders): Record<string, string> => ({
  vary: 'Origin',
  ...(origin !== undefined &&
    allowsOrigin(policy, origin) && {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
    }),
});

/** A browser asks whether a page may send a request. Any other OPTIONS request asks for the methods of a path. */
export const isPreflight = (method: string | undefined, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/** The answer to it is the same for every path, so that a page learns what is wrong with its request itself. */
export function preflightHeaders(policy: CorsPolicy, headers: IncomingHttpHeaders): Record<string, string> {
  const vary = { vary: 'Origin, Access-Control-Request-Headers' };
  if (!allowsOrigin(policy, headers.origin ?? '')) return vary;
  const asked = headers['access-control-request-headers'];
  return {
    ...vary,
    'access-control-allow-methods': 'GET, POST, PATCH, PUT',
    ...(asked !== undefined && { 'access-control-allow-headers': asked.toString() }),
    'access-control-max-age': String(MAX_AGE),
  };
}
