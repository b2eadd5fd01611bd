import type { Principal } from '../domain/accounts/access.ts';

/** What the doors find out about a request: its line in the log and the metrics are made of it. */
export interface RequestRecord {
  readonly requestId: string;
  principal?: Principal;
  /** What it ran, in the schema’s words: of those there are only so many, whatever clients send. */
  operation?: string;
  /** What its sender calls it. */
  operationName?: string;
  /** `OK`, or the code of what is wrong with it. */
  outcome?: string;
}
