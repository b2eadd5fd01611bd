import { aroundCalls } from './around-calls.ts';

/** Observes work for metrics and traces. It runs the work and returns its result unchanged. */
export interface Observer {
  /** Runs and observes a use case. */
  service<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Runs and observes a statement. The text contains no parameters, so it reveals no stored values. */
  statement<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** A slot was fired with this delay. */
  fired(millisecondsLate: number): void;
  /** A computer reported an execution, or its report is overdue. */
  executionEnded(outcome: ExecutionOutcome): void;
}

export type ExecutionOutcome = 'succeeded' | 'failed' | 'overdue';

export const noopObserver: Observer = {
  service: (_name, work) => work(),
  statement: (_text, work) => work(),
  fired: () => {},
  executionEnded: () => {},
};

/** Wraps a service so that the observer sees every call. */
export const instrument = <Service extends object>(
  observer: Observer,
  name: string,
  service: Service,
): Service =>
  aroundCalls(service, ({ method, proceed }) => observer.service(`${name}.${method}`, async () => proceed()));
