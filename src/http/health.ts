import type { FastifyInstance } from 'fastify';
import { inTime } from '../services/in-time.ts';

export interface Health {
  /** Migrated, connected, and not draining. */
  isReady(): Promise<boolean>;
}

/** A database that says nothing is no ready one; supervisors wait no longer themselves. */
const PATIENCE = 3_000;

/** For supervisors: neither asks for a token. */
export function addHealth(server: FastifyInstance, health: Health): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await inTime(
      health.isReady().catch(() => false),
      PATIENCE,
      () => false,
    );
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}
