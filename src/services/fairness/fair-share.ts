/**
 * Limits access to a scarce resource: at most `each` simultaneous turns for one key, and `all` in total.
 * Waiting turns are granted in their order.
 */
export class FairShare<Key> {
  private readonly taken = new Map<Key, number>();
  private readonly waiting = new Set<{ readonly key: Key; enter(): void }>();
  private inUse = 0;

  constructor(private readonly most: { readonly each: number; readonly all?: number }) {}

  /** Waits for a turn. The returned function ends it. */
  async enter(key: Key): Promise<() => void> {
    if (this.isFree(key)) this.take(key);
    // `end` takes the next turn on behalf of the waiter. Otherwise a new caller could overtake it.
    else await new Promise<void>((enter) => this.waiting.add({ key, enter }));
    let ended = false;
    return () => {
      if (!ended) this.end(key);
      ended = true;
    };
  }

  async run<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    const end = await this.enter(key);
    try {
      return await work();
    } finally {
      end();
    }
  }

  private isFree(key: Key): boolean {
    const { each, all = Number.POSITIVE_INFINITY } = this.most;
    return this.inUse < all && (this.taken.get(key) ?? 0) < each;
  }

  private take(key: Key): void {
    this.inUse += 1;
    this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
  }

  private end(key: Key): void {
    const left = this.taken.get(key)! - 1;
    this.inUse -= 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
    for (const waiter of this.waiting) {
      if (!this.isFree(waiter.key)) continue;
      this.waiting.delete(waiter);
      this.take(waiter.key);
      waiter.enter();
      return;
    }
  }
}
