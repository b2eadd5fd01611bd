import type { Due } from '../services/activities/run-ports.ts';
import type { DueWork } from './due-work.ts';

/** Number of items to fetch at a time, so ten thousand items that fall due in one minute never fill the memory. */
const FETCH_SIZE = 2000;
/**
 * Number of fetched items to fire before the next fetch. Replicas fetch the same list, and each one fires a random part
 * of it. If all of them fired the whole list, most items would already be taken.
 */
const BATCH = 200;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;

export interface TickOptions {
  readonly work: DueWork;
  /** Number of items that fire in parallel. The embedded database has only one connection. */
  readonly concurrency: number;
  /** Reports an item whose firing failed. */
  report(fault: unknown, due: Due): void;
  /** Wraps each firing, for metrics and spans. */
  readonly observe?: (fire: () => Promise<boolean>) => Promise<boolean>;
  /** Milliseconds of a monotonic clock. Retries concern only this process. */
  readonly elapsed?: () => number;
}

export interface Tick {
  /** Fires due items until none is left, or until other replicas hold the rest. Returns the number of fired items. */
  fire(isStopping?: () => boolean): Promise<number>;
  /** Milliseconds until an item falls due. Undefined if none will. */
  untilNext(): Promise<number | undefined>;
}

/**
 * Creates a pass over due work. Items fire independently. A failed item is retried with growing delays and does not
 * delay other items. Replicas share the work without coordination, because the first one to lock an item fires it and
 * the others skip it.
 */
export function createTick({
  work,
  concurrency,
  report,
  observe = (fire) => fire(),
  elapsed = () => performance.now(),
}: TickOptions): Tick {
  const failing = new Map<string, { due: Due; attempts: number; retryAt: number }>();

  const resting = (): Due[] =>
    [...failing.values()].filter(({ retryAt }) => retryAt > elapsed()).map(({ due }) => due);

  async function fireOne(due: Due): Promise<boolean> {
    const key = `${due.accountId} ${due.id}`;
    try {
      const fired = await observe(() => work.fire(due));
      failing.delete(key);
      return fired;
    } catch (fault) {
      const attempts = (failing.get(key)?.attempts ?? 0) + 1;
      const delay = Math.min(FIRST_RETRY * 2 ** (attempts - 1), LAST_RETRY);
      failing.set(key, { due, attempts, retryAt: elapsed() + delay });
      report(fault, due);
      return false;
    }
  }

  /** Forgets items that did not fall due again long after their delay, because they are finished. */
  function forgetRested(): void {
    for (const [key, { retryAt }] of failing) {
      if (elapsed() - retryAt > 2 * LAST_RETRY) failing.delete(key);
    }
  }

  async function fireBatch(isStopping: () => boolean): Promise<number> {
    forgetRested();
    const batch = shuffled(await work.due(FETCH_SIZE, resting())).slice(0, BATCH);
    let fired = 0;
    const worker = async () => {
      for (let next = batch.pop(); next && !isStopping(); next = batch.pop()) {
        if (await fireOne(next)) fired += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return fired;
  }

  return {
    async fire(isStopping = () => false) {
      let total = 0;
      for (let fired = 1; fired > 0 && !isStopping(); total += fired) fired = await fireBatch(isStopping);
      return total;
    },

    async untilNext() {
      // An item whose delay is over counts only if it is still due, because it may be finished or fired by another
      // replica.
      const next = await work.untilNext(resting());
      const waits = [...failing.values()]
        .map(({ retryAt }) => retryAt - elapsed())
        .filter((wait) => wait > 0);
      if (next !== undefined) waits.push(next);
      return waits.length > 0 ? Math.max(0, Math.min(...waits)) : undefined;
    },
  };
}

/** Shuffles the items, because replicas fetch the same list and would otherwise compete for every item. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = items.map((item) => ({ item, at: Math.random() }));
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
