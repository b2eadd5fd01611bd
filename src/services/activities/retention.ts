import { keysStoredSince } from '../../domain/idempotency-key.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import type { Repositories, Store } from '../ports.ts';

const MINUTES_OF_DAY = 1440;
/** Runs per transaction. A run may have 5,000 executions, so larger batches would hold locks for too long. */
const RUN_BATCH = 20;
/** Rows per transaction: ledger entries, events, or idempotency keys. */
const ROW_BATCH = 1000;

export type RetentionService = ReturnType<typeof retentionService>;

export function retentionService(store: Store) {
  /**
   * Deletes in small batches, so that no lock is held for too long. A failure in one account does not affect
   * the others.
   */
  async function inEveryAccount(
    isStopping: () => boolean,
    batchOf: (tx: Repositories, accountId: number, now: Instant) => Promise<number>,
  ): Promise<number> {
    let forgotten = 0;
    const faults: unknown[] = [];
    for (const accountId of await store.read.accounts.ids()) {
      try {
        for (let batch = 1; batch > 0 && !isStopping(); forgotten += batch) {
          batch = await store.transaction((tx, now) => batchOf(tx, accountId, now));
        }
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'The retention of some accounts failed.');
    return forgotten;
  }

  return {
    /**
     * Deletes runs, their activities and ledger entries that ended more than `days` days ago. 0 keeps all of
     * them. Also deletes idempotency keys and the secure ids of removed computers after one day. The last run
     * of a profile stays known. Returns the number of deleted rows, without activities.
     */
    sweep: (days: number, isStopping: () => boolean = () => false): Promise<number> =>
      inEveryAccount(isStopping, async (tx, accountId, now) => {
        const keys = await tx.idempotencyKeys.forget(accountId, keysStoredSince(now), ROW_BATCH);
        const removed = await tx.agents.forgetRemoved(accountId, daysBefore(now, 1), ROW_BATCH);
        if (days === 0) return keys + removed;
        const before = daysBefore(now, days);
        const runs = await tx.runs.forgetRuns(accountId, before, RUN_BATCH);
        return keys + removed + runs + (await tx.runs.forgetSlots(accountId, before, ROW_BATCH));
      }),

    /** Deletes events that are older than `days` days. 0 keeps all of them. */
    async sweepEvents(days: number, isStopping: () => boolean = () => false): Promise<number> {
      if (days === 0) return 0;
      return inEveryAccount(isStopping, (tx, accountId, now) =>
        tx.events.forget(accountId, daysBefore(now, days), ROW_BATCH),
      );
    },
  };
}

const daysBefore = (now: Instant, days: number): Instant => addMinutes(now, -days * MINUTES_OF_DAY);
