import type { Principal } from '../domain/accounts/access.ts';

/** Facts about a request that its log line and the metrics contain. */
export interface RequestRecord {
  readonly requestId: string;
  principal?: Principal;
  /** The operation, by its name in the schema. Client-defined names would create unlimited metric series. */
  operation?: string;
  /** The operation name that the client chose. */
  operationName?: string;
  /** `OK`, or an error code. */
  outcome?: string;
}
