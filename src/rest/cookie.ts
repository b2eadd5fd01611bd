import type { RestRequest } from './request.ts';

/** Only the log-in's own paths ask for it, so no other path gets it. */
export const COOKIE = 'gateway_token';
const ATTRIBUTES = 'Path=/api; HttpOnly; SameSite=Strict';

/** The token beside the one in the body, which a page's scripts can't read, and another site's page can't send. */
export const tokenCookie = (token: string, expiresAt: string, { secure }: { secure: boolean }): string =>
  `${COOKIE}=${token}; ${ATTRIBUTES}; Expires=${new Date(expiresAt).toUTCString()}${secure ? '; Secure' : ''}`;

export const noCookie = ({ secure }: { secure: boolean }): string =>
  `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0${secure ? '; Secure' : ''}`;

/** The token in the cookie; undefined where there is none. */
export function cookieToken(request: Pick<RestRequest, 'header'>): string | undefined {
  const pairs = (request.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) || undefined;
}

/**
 * Whether a browser says that another site's page sends the request. Such a page may log in, where CORS lets it; but
 * it must not leave its own cookie in somebody's browser, who would then work as somebody else without knowing.
 */
export const isFromElsewhere = (request: Pick<RestRequest, 'header'>): boolean =>
  ['cross-site', 'same-site'].includes(request.header('sec-fetch-site') ?? '');
