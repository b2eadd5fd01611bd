import type { RestRequest } from './request.ts';

type Asked = Pick<RestRequest, 'header' | 'secure'>;

/**
 * The cookie's name. Over HTTPS a browser takes the prefix `__Host-` from this very host alone, so that no subdomain can plant it; the
 * prefix needs the path `/`. Only the log-in's own paths read the cookie.
 */
export const COOKIE = 'gateway_token';
export const SECURE_COOKIE = `__Host-${COOKIE}`;
const nameOf = ({ secure }: Pick<Asked, 'secure'>) => (secure ? SECURE_COOKIE : COOKIE);
const attributesOf = ({ secure }: Pick<Asked, 'secure'>) =>
  `Path=${secure ? '/; Secure' : '/api'}; HttpOnly; SameSite=Strict`;

type SetCookie = { readonly 'set-cookie'?: string };

/**
 * The header that puts the token into a cookie, beside the one in the body. A page's scripts can't read it, and another
 * site's page can't send it. Nothing for a page from elsewhere: it may log in, where CORS lets it, but must not leave
 * its own cookie in a browser, whose user would then work as somebody else without knowing.
 */
export const tokenCookie = (token: string, expiresAt: string, request: Asked): SetCookie =>
  isFromElsewhere(request)
    ? {}
    : setCookie(
        `${nameOf(request)}=${token}; ${attributesOf(request)}; Expires=${new Date(expiresAt).toUTCString()}`,
      );

/** The header that removes the cookie; nothing for a page from elsewhere. */
export const noCookie = (request: Asked): SetCookie =>
  isFromElsewhere(request) ? {} : setCookie(`${nameOf(request)}=; ${attributesOf(request)}; Max-Age=0`);

const setCookie = (cookie: string): SetCookie => ({ 'set-cookie': cookie });

/** The token in the cookie. Undefined without one, and for a page from elsewhere. */
export function cookieToken(request: Asked): string | undefined {
  if (isFromElsewhere(request)) return undefined;
  const name = `${nameOf(request)}=`;
  const pairs = (request.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) || undefined;
}

/**
 * Whether a browser says that a page from elsewhere sends the request. Over plain HTTP browsers leave Sec-Fetch-Site out;
 * the Origin of such a page is then not the host that it asks, or `null`. Other clients send neither.
 */
function isFromElsewhere(request: Asked): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.header('host')?.toLowerCase();
}
