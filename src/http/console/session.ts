import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalidAsDescribed, Refusal } from '../../domain/errors.ts';
import { isFromElsewhere, MAX_COOKIE_TOKEN_LENGTH, tokenCookie } from '../../services/session-cookie.ts';
import { originOf } from '../address.ts';
import { send } from '../answer.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import { cookieRequestOf, isFromConsole, SESSION_PATH } from '../auth/authorization.ts';
import { bearerToken } from '../auth/tokens.ts';
import type { Limiter } from '../rate-limit.ts';

export interface SessionOptions {
  readonly authenticator: Authenticator;
  readonly limitRate: Limiter;
  /** The identity provider whose tokens are accepted too. */
  readonly issuer?: string;
}

/**
 * Serves the session of the web console. GET describes it before the log-in. POST puts a token that the page has just
 * received into the cookie: one of an outside issuer, or one for another account. Afterwards no script can read it.
 */
export async function addSession(
  scope: FastifyInstance,
  { authenticator, limitRate, issuer }: SessionOptions,
): Promise<void> {
  const identify = async (request: FastifyRequest, authorization: string | undefined) => {
    const principal = await authenticator.authenticate(authorization, originOf(request));
    request.requestRecord.principal = principal;
    if (principal.kind !== 'person' || !principal.token)
      throw new Refusal('UNAUTHENTICATED', 'A session requires the token of a person.');
    return principal.token.expiresAt;
  };
  scope.addHook('onRequest', async (request) => {
    const limited = await limitRate(request);
    if (limited) throw limited;
  });
  scope.get(SESSION_PATH, async (request) => {
    const expiresAt = await identify(request, request.authorization).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    });
    return { issuer: issuer ?? null, expiresAt };
  });

  // A hook and not the handler, because Fastify checks the type of a body first, and a session has no body.
  const begin = async (request: FastifyRequest, reply: FastifyReply) => {
    const cookieRequest = cookieRequestOf(request);
    if (!isFromConsole(request) || isFromElsewhere(cookieRequest))
      throw new Refusal('FORBIDDEN', 'Only a page of this server may start a session.');
    const { authorization } = request.headers;
    const expiresAt = await identify(request, authorization);
    const token = bearerToken(authorization);
    if (token.length > MAX_COOKIE_TOKEN_LENGTH) {
      const allowed = `at most ${MAX_COOKIE_TOKEN_LENGTH} characters, to fit into a cookie`;
      throw invalidAsDescribed('token', `${token.length} characters`, allowed);
    }
    return send(reply, {
      status: 200,
      headers: { ...tokenCookie(token, expiresAt, cookieRequest) },
      body: { expiresAt },
    });
  };
  scope.post(SESSION_PATH, { onRequest: begin }, () => undefined);
}
