import type { FieldPolicy, StoreObject } from '@apollo/client';
import type { ActivityStatus } from '../generated/graphql.ts';

const ENDED: readonly ActivityStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELED'];

/** A query may have selected some of the counts only. */
type Counts = StoreObject & {
  readonly succeeded?: number;
  readonly failed?: number;
  readonly canceled?: number;
};

const numberEnded = ({ succeeded = 0, failed = 0, canceled = 0 }: Counts) => succeeded + failed + canceled;

/**
 * What has ended stays ended. The server may read the answer to a query before an event, and the browser may receive it
 * after the event. Without these policies the older answer would replace the newer state, and no further event would
 * correct it.
 */
export const runPolicies: Readonly<Record<string, FieldPolicy>> = {
  status: {
    merge: (existing: ActivityStatus | undefined, incoming: ActivityStatus) =>
      existing && ENDED.includes(existing) && !ENDED.includes(incoming) ? existing : incoming,
  },
  completionTime: {
    merge: (existing: string | null | undefined, incoming: string | null) => incoming ?? existing ?? null,
  },
  counts: {
    merge: (existing: Counts | null | undefined, incoming: Counts | null, { mergeObjects }) => {
      if (!existing || !incoming) return incoming;
      const isOlder = numberEnded(incoming) < numberEnded(existing);
      return isOlder ? mergeObjects(incoming, existing) : mergeObjects(existing, incoming);
    },
  },
};
