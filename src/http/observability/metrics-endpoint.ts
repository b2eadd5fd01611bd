import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { MetricSources, Metrics } from './metrics.ts';

export interface MetricsEndpoint {
  readonly metrics: Metrics;
  readonly sources: MetricSources;
}

/** Serves /metrics beside all other paths, for servers without a proxy that publishes every path. */
export function addMetrics(server: FastifyInstance, { metrics, sources }: MetricsEndpoint): void {
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text(sources)),
  );
}

/** Serves only /metrics, on a separate port that stays open while the others drain. */
export async function listenForMetrics(
  { metrics, sources }: MetricsEndpoint,
  { host, port }: { host: string; port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text(sources).then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, host, listening);
  });
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
