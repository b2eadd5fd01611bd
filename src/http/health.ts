import type { FastifyInstance } from 'fastify';
import { inTime } from '../services/in-time.ts';

export interface Health {
  /** Migrated, connected, and not draining; or why it is not, where an operator must act. */
  isReady(): Promise<boolean | string>;
}

/** A database that says nothing is no ready one; supervisors wait no longer themselves. */
const PATIENCE = 3_000;

/** For supervisors: neither asks for a token. */
export function addHealth(server: FastifyInstance, health: Health): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await inTime<boolean | string>(
      health.isReady().catch(() => false),
      PATIENCE,
      () => false,
    );
    if (ready === true) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', ...(ready !== false && { reason: ready }) });
  });
}
