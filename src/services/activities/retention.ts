import { keysKeptSince } from '../../domain/idempotency-key.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import type { Repositories, Store } from '../ports.ts';

const MINUTES_OF_DAY = 1440;
/** Runs in a transaction: with 5,000 executions each, more would hold locks for long. */
const RUN_BATCH = 20;
/** Entries of the ledger in a transaction, of the event log, and idempotency keys. */
const ROW_BATCH = 1000;

export type RetentionService = ReturnType<typeof retentionService>;

export function retentionService(store: Store) {
  /** In small batches, so that no lock is held for long. An account where that fails holds back no other. */
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
     * Forgets runs, their activities and the ledger's entries that were over so many days ago (0 keeps them all),
     * and idempotency keys and the secure ids of removed computers after their day. What profiles know of their last run stays. Answers with how many rows
     * went, activities not counted.
     */
    sweep: (days: number, isStopping: () => boolean = () => false): Promise<number> =>
      inEveryAccount(isStopping, async (tx, accountId, now) => {
        const keys = await tx.idempotencyKeys.forget(accountId, keysKeptSince(now), ROW_BATCH);
        const removed = await tx.agents.forgetRemoved(accountId, daysBefore(now, 1), ROW_BATCH);
        if (days === 0) return keys + removed;
        const before = daysBefore(now, days);
        const runs = await tx.runs.forgetRuns(accountId, before, RUN_BATCH);
        return keys + removed + runs + (await tx.runs.forgetSlots(accountId, before, ROW_BATCH));
      }),

    /** Forgets what the event log has of the time before so many days ago; 0 keeps it all. */
    async sweepEvents(days: number, isStopping: () => boolean = () => false): Promise<number> {
      if (days === 0) return 0;
      return inEveryAccount(isStopping, (tx, accountId, now) =>
        tx.events.forget(accountId, daysBefore(now, days), ROW_BATCH),
      );
    },
  };
}

const daysBefore = (now: Instant, days: number): Instant => addMinutes(now, -days * MINUTES_OF_DAY);
