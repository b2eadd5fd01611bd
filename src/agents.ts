import type { FastifyBaseLogger } from 'fastify';
import type { AgentDoor } from './http/agents.ts';
import type { Metrics } from './http/metrics.ts';
import { createMessageSystem } from './message-system/door.ts';
import type { Services } from './services/index.ts';

/** The API of agents as the HTTP server takes it: counted, and logged where a body can't be decoded. */
export function createAgentDoor({
  services,
  landscapeUrl,
  metrics,
  log,
  report,
}: {
  readonly services: Services;
  landscapeUrl(): string;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  report(fault: unknown, requestId?: string): void;
}): AgentDoor {
  return {
    ...createMessageSystem({ services, landscapeUrl, observer: metrics.agents }),
    undecodable(refusal) {
      metrics.agents.undecodable();
      log.warn({ err: refusal }, 'The body of an agent could not be decoded.');
    },
    savePings: () => services.agentPings.save().catch((fault: unknown) => report(fault)),
    report,
  };
}
