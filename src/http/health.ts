import type { FastifyInstance } from 'fastify';

export interface Health {
  /** Migrated, connected, and not draining. */
  isReady(): Promise<boolean>;
}

/** For supervisors: neither asks for a token. */
export function addHealth(server: FastifyInstance, health: Health): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await health.isReady().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}
