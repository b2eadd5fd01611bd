/** What waits for one subscriber. One that does not keep up is given up: nothing waits without end. */
export class BoundedQueue<Item> implements AsyncIterableIterator<Item> {
  private readonly items: Item[] = [];
  private waiting: ((result: IteratorResult<Item>) => void) | undefined;
  private ended = false;

  constructor(
    private readonly options: {
      readonly most: number;
      /** Hears that an item found no room; the queue is over. */
      onOverflow(): void;
      /** Hears once that nothing more will be taken in. */
      onEnd(): void;
    },
  ) {}

  push(item: Item): void {
    if (this.ended) return;
    if (this.waiting) {
      this.waiting({ value: item, done: false });
      this.waiting = undefined;
    } else if (this.items.length < this.options.most) {
      this.items.push(item);
    } else {
      void this.return();
      this.options.onOverflow();
    }
  }

  /** Nothing comes after what waits already. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.waiting?.({ value: undefined, done: true });
    this.waiting = undefined;
    this.options.onEnd();
  }

  next(): Promise<IteratorResult<Item>> {
    const [item] = this.items.splice(0, 1);
    if (item !== undefined) return Promise.resolve({ value: item, done: false });
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  /** The subscriber has gone: what waits is for nobody. */
  return(): Promise<IteratorResult<Item>> {
    this.items.length = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
