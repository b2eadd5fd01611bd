import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CookieRequest, cookieToken, isOwnOrigin } from '../../services/session-cookie.ts';
import type { ProxyCheck } from '../address.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Authorization header. Without one, the session cookie in the form of this header, where it is accepted. */
    readonly authorization: string | undefined;
  }
}

/**
 * The web console sends this header with the value 1. A page of another origin could send it only after a preflight
 * request, which the server refuses.
 */
export const CONSOLE_HEADER = 'x-gateway-console';
export const SESSION_PATH = '/session';

/** Requests that may be authenticated by the session cookie. A browser opens no page with them. */
const cookieRoutes: Readonly<Record<string, readonly string[]>> = {
  '/graphql': ['POST'],
  '/graphql/stream': ['GET', 'POST'],
  [SESSION_PATH]: ['GET'],
};

/** Adds `authorization` to requests. All code that depends on the token reads it from there. */
export function addAuthorization(server: FastifyInstance, acceptsCookie: boolean): void {
  server.decorateRequest('authorization', {
    getter() {
      const { authorization } = this.headers;
      return authorization === undefined && acceptsCookie ? authorizationOfConsole(this) : authorization;
    },
  });
}

export const cookieRequestOf = ({ headers, protocol }: FastifyRequest): CookieRequest => ({
  secure: protocol === 'https',
  header: (name) => headers[name]?.toString(),
});

export const isFromConsole = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers[CONSOLE_HEADER] === '1';

function authorizationOfConsole(request: FastifyRequest): string | undefined {
  const { headers, method } = request;
  if (headers.cookie === undefined || !isFromConsole(request)) return undefined;
  if (!cookieRoutes[request.routeOptions.url ?? '']?.includes(method)) return undefined;
  return bearer(cookieToken(cookieRequestOf(request)));
}

/**
 * The authorization of a WebSocket's request, which Fastify does not see. A page cannot add headers to it, so the cookie
 * counts only if the browser names this server as the page's origin.
 */
export function authorizationOfUpgrade(
  { headers, socket }: IncomingMessage,
  { acceptsCookie, isProxy }: { readonly acceptsCookie: boolean; readonly isProxy: ProxyCheck },
): string | undefined {
  const { authorization, origin } = headers;
  if (authorization !== undefined || !acceptsCookie || origin === undefined) return authorization;
  const forwarded = isProxy({ socket }) ? headers['x-forwarded-proto']?.toString() : undefined;
  const request: CookieRequest = {
    // As Fastify reads it: the last proxy's word.
    secure: forwarded
      ? forwarded.split(',').at(-1)!.trim() === 'https'
      : (socket as Partial<TLSSocket>).encrypted === true,
    header: (name) => headers[name]?.toString(),
  };
  return isOwnOrigin(origin, request) ? bearer(cookieToken(request)) : undefined;
}

const bearer = (token: string | undefined) => token && `Bearer ${token}`;
