import type { FastifyRequest } from 'fastify';

/** Headers of every answer. */
export const headersOf = ({ id, protocol }: Pick<FastifyRequest, 'id' | 'protocol'>) => ({
  'x-request-id': id,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // A browser that reaches us without encryption must not store this rule.
  ...(protocol === 'https' && { 'strict-transport-security': 'max-age=31536000' }),
});
