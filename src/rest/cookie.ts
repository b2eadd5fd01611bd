import type { RestRequest } from './request.ts';

type Asked = Pick<RestRequest, 'header' | 'secure'>;

/**
 * The cookie's name. Over HTTPS, a browser accepts the prefix `__Host-` only from this host, so a subdomain cannot
 * plant the cookie. The prefix requires the path `/`. Only the log-in routes read the cookie.
 */
export const COOKIE = 'gateway_token';
export const SECURE_COOKIE = `__Host-${COOKIE}`;
const nameOf = ({ secure }: Pick<Asked, 'secure'>) => (secure ? SECURE_COOKIE : COOKIE);
const attributesOf = ({ secure }: Pick<Asked, 'secure'>) =>
  `Path=${secure ? '/; Secure' : '/api'}; HttpOnly; SameSite=Strict`;

type SetCookie = { readonly 'set-cookie'?: string };

/**
 * The header that sets the cookie to the token in the body. Scripts of a page cannot read the cookie, and pages of
 * another site cannot send it. Empty for a page of another origin. CORS may let it log in, but its cookie would make
 * the browser's user work as another person unnoticed.
 */
export const tokenCookie = (token: string, expiresAt: string, request: Asked): SetCookie =>
  isFromElsewhere(request)
    ? {}
    : setCookie(
        `${nameOf(request)}=${token}; ${attributesOf(request)}; Expires=${new Date(expiresAt).toUTCString()}`,
      );

/** The header that removes the cookie. Empty for a page of another origin. */
export const noCookie = (request: Asked): SetCookie =>
  isFromElsewhere(request) ? {} : setCookie(`${nameOf(request)}=; ${attributesOf(request)}; Max-Age=0`);

const setCookie = (cookie: string): SetCookie => ({ 'set-cookie': cookie });

/** The token in the cookie. Undefined without a cookie, and for a page of another origin. */
export function cookieToken(request: Asked): string | undefined {
  if (isFromElsewhere(request)) return undefined;
  const name = `${nameOf(request)}=`;
  const pairs = (request.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) || undefined;
}

/**
 * Whether the browser declares that a page of another origin sends the request. Over plain HTTP, browsers omit
 * Sec-Fetch-Site. The Origin of such a page is then `null`, or differs from the requested host. Other clients send
 * neither header.
 */
function isFromElsewhere(request: Asked): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.header('host')?.toLowerCase();
}
