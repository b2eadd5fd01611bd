import { aroundCalls } from './around-calls.ts';

/** Hears of work while it is done, and hands it on as it is: metrics and traces are made of it. */
export interface Observer {
  /** A use case. */
  service<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A statement, with its parameters left out: no value of anybody’s is in it. */
  statement<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** A slot was run for, so many milliseconds after it fell due. */
  fired(millisecondsLate: number): void;
  /** A computer reported an execution, or did not report it in time. */
  executionEnded(outcome: ExecutionOutcome): void;
}

export type ExecutionOutcome = 'succeeded' | 'failed' | 'overdue';

export const noopObserver: Observer = {
  service: (_name, work) => work(),
  statement: (_text, work) => work(),
  fired: () => {},
  executionEnded: () => {},
};

/** The same service, with every call observed. */
export const instrument = <Service extends object>(
  observer: Observer,
  name: string,
  service: Service,
): Service =>
  aroundCalls(service, ({ method, proceed }) => observer.service(`${name}.${method}`, async () => proceed()));
