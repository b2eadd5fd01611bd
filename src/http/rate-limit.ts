import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf } from '../domain/accounts/log-in.ts';
import { emailKey } from '../domain/accounts/person.ts';
import { Refusal } from '../domain/errors.ts';
import type { TokenSubject } from './auth/tokens.ts';

export interface RateLimit {
  /** 0 is off. */
  readonly perMinute: number;
  /** Whom a token speaks of. @throws Refusal when it is not valid */
  subjectOf(authorization: string | undefined): Promise<TokenSubject>;
}

/** Counts a request; a refusal, which says when to come again, when there were too many. */
export type Limiter = (request: FastifyRequest) => Promise<Refusal | undefined>;

/** Counts by caller, whatever their tokens; by network where no token is valid, because those are free to vary. */
export async function rateLimiter(
  server: FastifyInstance,
  { perMinute, subjectOf }: RateLimit,
): Promise<Limiter> {
  if (perMinute > 0) await server.register(rateLimit, { global: false });
  return countRequests(server, perMinute, async ({ headers, address }) => {
    try {
      const { account, email } = await subjectOf(headers.authorization);
      return JSON.stringify([account, emailKey(email)]);
    } catch {
      return networkOf(address);
    }
  });
}

/** Counts requests by a key of their own, apart from all others. `rateLimiter` was called for the server before. */
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
