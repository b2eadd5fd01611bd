import type { Tick } from './tick.ts';

/** A timer of more than 2^31 ms fires at once; and what notifications miss is seen after a minute. */
const MAX_SLEEP_MS = 60_000;
/** While others are at all that is due. */
const MIN_SLEEP_MS = 50;
const AFTER_FAULT = 5_000;
const HOUR = 3_600_000;

export interface SchedulerOptions {
  /** In the order of what is more urgent. */
  readonly ticks: readonly Tick[];
  /** Each forgets what is too old, once an hour. */
  readonly sweeps: readonly ((isStopping: () => boolean) => Promise<unknown>)[];
  /** Hears when something may fall due earlier than it was known. */
  listen(onWake: () => void): Promise<{ stop(): Promise<void> }>;
  report(fault: unknown): void;
  readonly elapsed?: () => number;
}

export interface Scheduler {
  start(): Promise<void>;
  /** Finishes what is in hand, and takes nothing else. */
  stop(): Promise<void>;
  /** Milliseconds for which the pass that is under way, or should be, has been due; 0 while it sleeps. */
  lag(): number;
}

/**
 * Sleeps until the next thing falls due, and never overlaps itself: one loop, one pass after the other.
 * It keeps no time of its own: what is due is the database's to say, so clocks that jump are harmless here.
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

  /** Ends early when woken; a wake-up during the pass before counts as well. */
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopping) return resolve();
      const timer = setTimeout(resolve, ms);
      endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** What a stop cuts short is no fault. */
  const complain = (fault: unknown) => {
    if (!stopping) report(fault);
  };
  const chores = [...ticks, ...sweeps.map((sweep) => hourly(sweep, elapsed))].map((chore) =>
    independent(chore, complain, elapsed),
  );

  /** Answers with how long to sleep. Asked last: the pass itself takes its time. */
  async function pass(): Promise<number> {
    woken = false;
    for (const chore of chores) if (!stopping) await chore.fire(isStopping);
    let next = MAX_SLEEP_MS;
    for (const chore of chores) if (!stopping) next = Math.min(next, (await chore.untilNext()) ?? next);
    return Math.max(next, MIN_SLEEP_MS);
  }

  /** When the next pass is to begin; of one that is under way, when it was to. */
  let plannedAt = elapsed();
  async function run(): Promise<void> {
    while (!stopping) {
      const rest = await pass();
      plannedAt = elapsed() + rest;
      await sleep(rest);
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
      // At first: one that fails waits for its hour as well.
      doneAt = elapsed();
      await work(isStopping);
    },
    untilNext: async () => doneAt + HOUR - elapsed(),
  };
}

/** The same, but a fault is reported, and then it alone rests for a while: the others go on. */
function independent(chore: Chore, report: (fault: unknown) => void, elapsed: () => number): Chore {
  let restsUntil = Number.NEGATIVE_INFINITY;
  const left = () => restsUntil - elapsed();
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    if (left() > 0) return undefined;
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
      return left() > 0 ? left() : next;
    },
  };
}
