import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf } from '../domain/accounts/log-in.ts';
import { emailKey } from '../domain/accounts/person.ts';
import { Refusal } from '../domain/errors.ts';
import type { TokenSubject } from './auth/tokens.ts';

export interface RateLimit {
  /** 0 turns the limit off. */
  readonly perMinute: number;
  /** Verifies a token and returns its person. @throws Refusal if the token is not valid */
  subjectOf(authorization: string | undefined): Promise<TokenSubject>;
}

/** Counts a request. Returns a refusal with the time of the next try if there were too many. */
export type Limiter = (request: FastifyRequest) => Promise<Refusal | undefined>;

/**
 * Counts requests by caller, whichever tokens they use. Without a valid token it counts by network, because callers can
 * vary invalid tokens.
 */
export async function rateLimiter(
  server: FastifyInstance,
  { perMinute, subjectOf }: RateLimit,
): Promise<Limiter> {
  if (perMinute > 0) await server.register(rateLimit, { global: false });
  return countRequests(server, perMinute, async ({ authorization, address }) => {
    try {
      const { account, email } = await subjectOf(authorization);
      return JSON.stringify([account, emailKey(email)]);
    } catch {
      return networkOf(address);
    }
  });
}

/** Counts requests by a separate key. The server must have been passed to `rateLimiter` before. */
export function countRequests(
  server: FastifyInstance,
  perMinute: number,
  keyOf: (request: FastifyRequest) => string | Promise<string>,
): Limiter {
  if (perMinute === 0) return async () => undefined;
  const count = server.createRateLimit({ max: perMinute, timeWindow: 60_000, keyGenerator: keyOf });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return undefined;
    return new Refusal(
      'RATE_LIMITED',
      `Too many requests; at most ${perMinute} a minute are allowed.`,
      { allowed: `at most ${perMinute} requests a minute` },
      [],
      counted.ttlInSeconds,
    );
  };
}
