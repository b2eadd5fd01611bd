import type { Metrics } from './http/observability/metrics.ts';
import { traced, tracedStatement } from './http/observability/tracing.ts';
import type { Observer } from './services/observer.ts';

/** Makes metrics and spans of use cases and statements. */
export const observerOf = (metrics: Metrics): Observer => ({
  service: (name, work) => traced(name, {}, work),
  statement: (text, work) => metrics.statement(text, () => tracedStatement(text, work)),
  fired: metrics.fired,
  executionEnded: metrics.executionEnded,
});
