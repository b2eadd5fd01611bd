/**
 * The events that wait for one subscriber. The subscription ends if too many wait, so memory use is bounded.
 */
export class BoundedQueue<Item> implements AsyncIterableIterator<Item> {
  private readonly items: Item[] = [];
  private waiting: ((result: IteratorResult<Item>) => void) | undefined;
  private ended = false;

  constructor(
    private readonly options: {
      readonly most: number;
      /** Called when the queue is full. The queue has ended. */
      onOverflow(): void;
      /** Called once when the queue accepts no more items. */
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

  /** Accepts no more items. Waiting items are still delivered. */
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

  /** Drops the waiting items, because the subscriber has disconnected. */
  return(): Promise<IteratorResult<Item>> {
    this.items.length = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
