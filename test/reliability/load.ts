import { setTimeout as pause } from 'node:timers/promises';
import { between, type Chance } from '../../tools/seeded.ts';

const POLL_MS = 50;

export interface Act {
  /** Relative frequency. Defaults to 1. */
  readonly weight?: number;
  act(): Promise<unknown>;
}

export interface LoadOptions {
  readonly acts: readonly Act[];
  readonly chance: Chance;
  /** Minimum and maximum pause before each act, in milliseconds. */
  readonly restMs: readonly [number, number];
  /** Number of parallel workers. Defaults to 1. */
  readonly workers?: number;
}

/** Chooses acts by their weights, and performs one after the other until it is stopped. */
export class Load {
  /** Errors of failed acts. */
  readonly faults: string[] = [];
  private readonly stopping = new AbortController();
  private working: readonly Promise<void>[] = [];

  constructor(private readonly options: LoadOptions) {}

  start(): void {
    this.working = Array.from({ length: this.options.workers ?? 1 }, () => this.work());
  }

  /** Waits for the acts in progress. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.working);
  }

  private async work(): Promise<void> {
    const { chance, restMs } = this.options;
    const { signal } = this.stopping;
    for (;;) {
      await pause(between(chance, ...restMs), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await draw(this.options)
        .act()
        .catch((error: Error) => this.faults.push(error.message));
    }
  }
}

function draw({ acts, chance }: LoadOptions): Act {
  let roll = chance() * acts.reduce((sum, { weight = 1 }) => sum + weight, 0);
  for (const act of acts) {
    roll -= act.weight ?? 1;
    if (roll < 0) return act;
  }
  return acts.at(-1)!;
}

/** Polls a condition; false if it does not hold within the time. */
export async function holdsWithin(ms: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await pause(POLL_MS))
    if (await holds()) return true;
  return holds();
}

/** Queues work, so that only one piece runs at a time. */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
