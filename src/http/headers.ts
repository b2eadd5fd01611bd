import type { FastifyRequest } from 'fastify';

/** On every answer, whatever it is. */
export const headersOf = ({ id, protocol }: Pick<FastifyRequest, 'id' | 'protocol'>) => ({
  'x-request-id': id,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // A browser must not keep to it that knows us without encryption.
  ...(protocol === 'https' && { 'strict-transport-security': 'max-age=31536000' }),
});
