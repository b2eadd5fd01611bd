import { setImmediate } from 'node:timers/promises';

/** Splits long computations into slices of a number of steps. Other work can run between the slices. */
export class Slices {
  private steps = 0;

  /** @param stepsOfSlice a number of steps that takes a few milliseconds */
  constructor(private readonly stepsOfSlice: number) {}

  /** Call after each step. Returns a promise to await if the slice has ended. */
  pause(): Promise<void> | undefined {
    this.steps += 1;
    return this.steps % this.stepsOfSlice === 0 ? setImmediate() : undefined;
  }
}

/** Runs a generator in slices. Each `yield` ends a step. */
export async function inSlices<Result>(
  work: Generator<unknown, Result>,
  stepsOfSlice: number,
): Promise<Result> {
  const slices = new Slices(stepsOfSlice);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    const pause = slices.pause();
    if (pause) await pause;
  }
}

/** `items.map(work)`, in slices. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
  itemsOfSlice = 5,
): Promise<Result[]> {
  const slices = new Slices(itemsOfSlice);
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    results.push(work(item, index));
    const pause = slices.pause();
    if (pause) await pause;
  }
  return results;
}
