import type { Due } from '../services/activities/run-ports.ts';
import type { DueWork } from './due-work.ts';

/** Looked up at a time: ten thousand that are due at one minute are never all in memory. */
const FETCH_SIZE = 2000;
/**
 * Fired of those, before the next look-up. Replicas get the same list, and each takes a part by lot: if they
 * all took the whole of it, most of what they claim would be fired already.
 */
const BATCH = 200;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;

export interface TickOptions {
  readonly work: DueWork;
  /** How many are fired side by side; the embedded database has a single connection. */
  readonly concurrency: number;
  /** Hears of one whose firing failed. */
  report(fault: unknown, due: Due): void;
  /** Hears of each firing while it is done. */
  readonly observe?: (fire: () => Promise<boolean>) => Promise<boolean>;
  /** Milliseconds of a clock that only goes forward: retries are a matter of this process. */
  readonly elapsed?: () => number;
}

export interface Tick {
  /** Fires whatever is due until nothing is, or others are at all that is left; answers with how many. */
  fire(isStopping?: () => boolean): Promise<number>;
  /** Milliseconds until there is something to do; undefined while there will be nothing. */
  untilNext(): Promise<number | undefined>;
}

/**
 * One pass over what is due. Each is fired independently: one that fails is tried again, later each time, and
 * holds back no other. Replicas share the work without knowing of each other: whoever locks one first fires it,
 * and the others pass it over.
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

  /** What rested long ago and did not come back is over. */
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
      // One whose rest is over counts only if it is still due: meanwhile it may be over, or fired elsewhere.
      const next = await work.untilNext(resting());
      const waits = [...failing.values()]
        .map(({ retryAt }) => retryAt - elapsed())
        .filter((wait) => wait > 0);
      if (next !== undefined) waits.push(next);
      return waits.length > 0 ? Math.max(0, Math.min(...waits)) : undefined;
    },
  };
}

/** Replicas get the same list: in the same order they would race for each of it. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = items.map((item) => ({ item, at: Math.random() }));
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
