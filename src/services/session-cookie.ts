/** The parts of a request that decide about the session cookie. */
export interface CookieRequest {
  /** Whether the connection to the client is encrypted. */
  readonly secure: boolean;
  header(name: string): string | undefined;
}

/**
 * The cookie's name. Over HTTPS, a browser accepts the prefix `__Host-` only from this host, so a subdomain cannot
 * plant the cookie. The prefix requires the path `/`. Only the log-in routes and the web console's requests use the
 * cookie.
 */
export const COOKIE = 'gateway_token';
export const SECURE_COOKIE = `__Host-${COOKIE}`;
const nameOf = ({ secure }: Pick<CookieRequest, 'secure'>) => (secure ? SECURE_COOKIE : COOKIE);
const attributesOf = ({ secure }: Pick<CookieRequest, 'secure'>) =>
  `Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Strict`;

/** Browsers drop a cookie whose name and value are longer. */
const MAX_COOKIE_LENGTH = 4096;
export const MAX_COOKIE_TOKEN_LENGTH = MAX_COOKIE_LENGTH - SECURE_COOKIE.length;

type SetCookie = { readonly 'set-cookie'?: string };

/**
 * The header that sets the cookie to the token in the body. Scripts of a page cannot read the cookie, and pages of
 * another site cannot send it. Empty for a page of another origin. CORS may let it log in, but its cookie would make
 * the browser's user work as another person unnoticed.
 */
export const tokenCookie = (token: string, expiresAt: string, request: CookieRequest): SetCookie =>
  isFromElsewhere(request)
    ? {}
    : setCookie(
        `${nameOf(request)}=${token}; ${attributesOf(request)}; Expires=${new Date(expiresAt).toUTCString()}`,
      );

/** The header that removes the cookie. Empty for a page of another origin. */
export const noCookie = (request: CookieRequest): SetCookie =>
  isFromElsewhere(request) ? {} : setCookie(`${nameOf(request)}=; ${attributesOf(request)}; Max-Age=0`);

const setCookie = (cookie: string): SetCookie => ({ 'set-cookie': cookie });

/** The token in the cookie. Undefined without a cookie, and for a page of another origin. */
export function cookieToken(request: CookieRequest): string | undefined {
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
export function isFromElsewhere(request: CookieRequest): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  return origin !== undefined && !isOwnOrigin(origin, request);
}

/**
 * Whether an Origin header names this server. The unencrypted origin of an encrypted server is foreign, because an
 * attacker in between could write its pages. A proxy that is not trusted may hide the encryption.
 */
export function isOwnOrigin(origin: string, request: CookieRequest): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return host === request.header('host')?.toLowerCase() && (protocol === 'https:' || !request.secure);
}
