import type { FastifyInstance } from 'fastify';
import { withTimeout } from '../services/timeout.ts';

export interface Health {
  /** True if the server is migrated, connected and not draining. A string is a reason for which an operator must act. */
  isReady(): Promise<boolean | string>;
}

/**
 * Health checks for supervisors. They need no token.
 *
 * @param deadline milliseconds after which a silent database counts as not ready, because supervisors wait no longer
 */
export function addHealth(server: FastifyInstance, health: Health, deadline: number): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await withTimeout<boolean | string>(
      health.isReady().catch(() => false),
      deadline,
      () => false,
    );
    if (ready === true) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', ...(ready !== false && { reason: ready }) });
  });
}
