import type { FastifyBaseLogger } from 'fastify';
import type { AgentApi } from './http/agents.ts';
import type { Metrics } from './http/observability/metrics.ts';
import { createMessageSystem } from './message-system/agent-api.ts';
import type { Services } from './services/index.ts';

/** The agents' API for the HTTP server. Counts and logs bodies that can't be decoded. */
export function createAgentApi({
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
}): AgentApi {
  return {
    ...createMessageSystem({ services, landscapeUrl, observer: metrics.agents }),
    undecodable(refusal) {
      metrics.agents.undecodable();
      log.warn({ err: refusal }, 'The body of an agent’s request could not be decoded.');
    },
    savePings: () => services.agentPings.save().catch((fault: unknown) => report(fault)),
    report,
  };
}
