import type { Change } from '../../domain/change.ts';
import { Refusal } from '../../domain/errors.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** Something that is watched, and how to look at it. */
export interface Topic<Event> {
  concerns(change: Change): boolean;
  /** How things are: for who begins to watch, and for all when anything may have changed. */
  current(): Promise<Event>;
  /** What there is to tell of these changes. */
  since(changes: readonly Change[]): Promise<readonly Event[]>;
  /** Whether nothing comes after this. */
  isLast?(event: Event): boolean;
}

/** An event, or why there is none: the last that is told then. */
export type Delivery<Event> = { readonly event: Event } | { readonly failure: unknown };

/** Milliseconds between two looks at what changes: at most four messages a second. */
const PAUSE = 250;
const PAUSE_AFTER_FAULT = 5_000;
/** More at once are told as "anything". */
const MAX_CHANGES = 50;
/** More looks than a subscriber may be behind. */
const MAX_WAITING = 4 * MAX_CHANGES;

/**
 * Those who watch the same, and may see the same of it: one look serves them all, however many they are. Looks
 * never overlap, so nobody is told something older than what they know, and a change that comes during a look or
 * in the pause after it leads to another look: the last one is always told.
 */
export class SharedSubscription<Event> {
  private readonly newcomers = new Set<BoundedQueue<Delivery<Event>>>();
  private readonly members = new Set<BoundedQueue<Delivery<Event>>>();
  private readonly changes = new Map<string, Change>();
  private anything = false;
  private polling = false;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly watched: Topic<Event>,
    private readonly options: { onDeserted(): void; report(fault: unknown): void },
  ) {}

  /** The first that comes is how things are. */
  join(onOverflow: () => void): AsyncIterableIterator<Delivery<Event>> {
    const queue = new BoundedQueue<Delivery<Event>>({
      most: MAX_WAITING,
      onOverflow,
      onEnd: () => this.leave(queue),
    });
    this.newcomers.add(queue);
    void this.poll();
    return queue;
  }

  /** @param change undefined when anything may have changed */
  notify(change: Change | undefined): void {
    if (change && !this.watched.concerns(change)) return;
    if (change && this.changes.size < MAX_CHANGES) this.changes.set(JSON.stringify(change), change);
    else this.anything = true;
    void this.poll();
  }

  private leave(queue: BoundedQueue<Delivery<Event>>): void {
    this.newcomers.delete(queue);
    this.members.delete(queue);
    if (this.newcomers.size > 0 || this.members.size > 0) return;
    clearTimeout(this.pause);
    this.options.onDeserted();
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    for (;;) {
      const newcomers = [...this.newcomers];
      const members = [...this.members];
      // From here on what changes concerns them as well; what changed before, they are about to see.
      for (const newcomer of newcomers) this.members.add(newcomer);
      this.newcomers.clear();
      const hasNews = !this.pause && (this.anything || this.changes.size > 0);
      if (newcomers.length === 0 && !hasNews) break;
      if (newcomers.length > 0) await this.sendSnapshot(newcomers);
      if (hasNews) await this.sendChanges(members);
    }
    this.polling = false;
  }

  private async sendSnapshot(newcomers: readonly BoundedQueue<Delivery<Event>>[]): Promise<void> {
    try {
      this.deliver(newcomers, [await this.watched.current()]);
    } catch (failure) {
      end(newcomers, failure);
    }
  }

  private async sendChanges(members: readonly BoundedQueue<Delivery<Event>>[]): Promise<void> {
    const changes = [...this.changes.values()];
    const { anything } = this;
    this.changes.clear();
    this.anything = false;
    this.rest(PAUSE);
    try {
      this.deliver(members, anything ? [await this.watched.current()] : await this.watched.since(changes));
    } catch (failure) {
      if (failure instanceof Refusal && failure.code !== 'UNAVAILABLE') return end(members, failure);
      this.options.report(failure);
      this.anything = true;
      this.rest(PAUSE_AFTER_FAULT);
    }
  }

  private deliver(to: readonly BoundedQueue<Delivery<Event>>[], events: readonly Event[]): void {
    for (const queue of to) {
      for (const event of events) {
        queue.push({ event });
        if (this.watched.isLast?.(event)) queue.end();
      }
    }
  }

  private rest(milliseconds: number): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      void this.poll();
    }, milliseconds).unref();
  }
}

function end<Event>(queues: readonly BoundedQueue<Delivery<Event>>[], failure: unknown): void {
  for (const queue of queues) {
    queue.push({ failure });
    queue.end();
  }
}
