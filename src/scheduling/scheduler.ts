import type { Tick } from './tick.ts';

/** A timer of more than 2^31 ms fires at once. A lost notification is noticed after a minute. */
const MAX_SLEEP_MS = 60_000;
/** Delay while other replicas hold all due items. */
const MIN_SLEEP_MS = 50;
const AFTER_FAULT = 5_000;
const HOUR = 3_600_000;

export interface SchedulerOptions {
  /** In order of urgency, the most urgent first. */
  readonly ticks: readonly Tick[];
  /** Each one deletes outdated data, once an hour. */
  readonly sweeps: readonly ((isStopping: () => boolean) => Promise<unknown>)[];
  /** Calls back if an item may fall due earlier than known so far. */
  listen(onWake: () => void): Promise<{ stop(): Promise<void> }>;
  report(fault: unknown): void;
  readonly elapsed?: () => number;
}

export interface Scheduler {
  start(): Promise<void>;
  /** Finishes the current item and starts no other. */
  stop(): Promise<void>;
  /** Milliseconds since the current or overdue pass should have begun. 0 while the scheduler sleeps. */
  lag(): number;
}

/**
 * Sleeps until the next item falls due, in a single loop, so passes never overlap. It has no clock of its own. The
 * database decides what is due, so clocks that jump do no harm here.
 */
export function createScheduler({
  ticks,
  sweeps,
  listen,
  report,
  elapsed = () => performance.now(),
}: SchedulerOptions): Scheduler {
  let stopping = false;
  const isStopping = () => stopping;
  let woken = false;
  let endSleep = () => {};
  const wake = () => {
    woken = true;
    endSleep();
  };

  /** Ends early after a wake-up, including one that arrived during the preceding pass. */
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopping) return resolve();
      const timer = setTimeout(resolve, ms);
      endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** An error during a stop is not a fault, because the stop interrupts work. */
  const reportUnlessStopping = (fault: unknown) => {
    if (!stopping) report(fault);
  };
  const chores = [...ticks, ...sweeps.map((sweep) => hourly(sweep, elapsed))].map((chore) =>
    independent(chore, reportUnlessStopping, elapsed),
  );

  /** Returns how long to sleep. The waits are computed last, because the pass itself takes time. */
  async function pass(): Promise<number> {
    woken = false;
    for (const chore of chores) if (!stopping) await chore.fire(isStopping);
    let next = MAX_SLEEP_MS;
    for (const chore of chores) if (!stopping) next = Math.min(next, (await chore.untilNext()) ?? next);
    return Math.max(next, MIN_SLEEP_MS);
  }

  /** Planned start of the current pass, or of the next one while the scheduler sleeps. */
  let plannedAt = elapsed();
  async function run(): Promise<void> {
    while (!stopping) {
      const sleepMs = await pass();
      plannedAt = elapsed() + sleepMs;
      await sleep(sleepMs);
      plannedAt = Math.min(plannedAt, elapsed());
    }
  }

  let running: Promise<void> | undefined;
  let listener: { stop(): Promise<void> } | undefined;
  return {
    async start() {
      listener = await listen(wake);
      plannedAt = elapsed();
      running = run();
    },
    lag: () => (running && !stopping ? Math.max(0, elapsed() - plannedAt) : 0),
    async stop() {
      stopping = true;
      wake();
      await running;
      await listener?.stop();
    },
  };
}

type Chore = { fire(isStopping: () => boolean): Promise<unknown>; untilNext(): Promise<number | undefined> };

function hourly(work: (isStopping: () => boolean) => Promise<unknown>, elapsed: () => number): Chore {
  let doneAt = Number.NEGATIVE_INFINITY;
  return {
    async fire(isStopping) {
      if (elapsed() - doneAt <= HOUR) return;
      // Set before the work, so that failed work also waits for an hour.
      doneAt = elapsed();
      await work(isStopping);
    },
    untilNext: async () => doneAt + HOUR - elapsed(),
  };
}

/** Wraps a chore so that a fault is reported and pauses only this chore for a while. */
function independent(chore: Chore, report: (fault: unknown) => void, elapsed: () => number): Chore {
  let restsUntil = Number.NEGATIVE_INFINITY;
  const restMs = () => restsUntil - elapsed();
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    if (restMs() > 0) return undefined;
    try {
      return await work();
    } catch (fault) {
      report(fault);
      restsUntil = elapsed() + AFTER_FAULT;
      return undefined;
    }
  };
  return {
    fire: (isStopping) => guarded(() => chore.fire(isStopping)),
    async untilNext() {
      const next = await guarded(() => chore.untilNext());
      return restMs() > 0 ? restMs() : next;
    },
  };
}
