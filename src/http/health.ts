import type { FastifyInstance } from 'fastify';
import { inTime } from '../services/in-time.ts';

export interface Health {
  /** Migrated, connected, and not draining. */
  isReady(): Promise<boolean>;
}

/**
 * For supervisors: neither asks for a token.
 *
 * @param deadline milliseconds after which a silent database counts as not ready, because supervisors wait no longer
 */
export function addHealth(server: FastifyInstance, health: Health, deadline: number): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await inTime(
      health.isReady().catch(() => false),
      deadline,
      () => false,
    );
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}
