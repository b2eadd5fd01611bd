import type { Change } from '../../domain/change.ts';
import { Refusal } from '../../domain/errors.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** A subscribable topic. */
export interface Topic<Event> {
  concerns(change: Change): boolean;
  /** The current state. Sent to new subscribers, and to all if anything may have changed. */
  current(): Promise<Event>;
  /** The events that result from these changes. */
  since(changes: readonly Change[]): Promise<readonly Event[]>;
  /** Whether this event is the last one. */
  isLast?(event: Event): boolean;
}

/** An event, or the error that ends the subscription. */
export type Delivery<Event> = { readonly event: Event } | { readonly failure: unknown };

/** Milliseconds between two reads. Limits a subscriber to four messages per second. */
const PAUSE_MS = 250;
const PAUSE_AFTER_FAULT_MS = 5_000;
/** If more changes are pending, the current state is sent instead. */
const MAX_CHANGES = 50;
/** Maximum number of events that wait for a subscriber. */
const MAX_WAITING = 4 * MAX_CHANGES;

/**
 * Subscribers with the same topic and the same view. One read serves all of them.
 *
 * Reads never overlap, so subscribers never receive a state that is older than the last one. A change during
 * a read, or during the pause after it, causes another read, so the last change is always sent.
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

  /** The first event is the current state. */
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

  /** @param change undefined if anything may have changed */
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
      // New subscribers receive all changes from now on. Earlier changes are in the snapshot that is read
      // next.
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
    this.rest(PAUSE_MS);
    try {
      this.deliver(members, anything ? [await this.watched.current()] : await this.watched.since(changes));
    } catch (failure) {
      if (failure instanceof Refusal && failure.code !== 'UNAVAILABLE') return end(members, failure);
      this.options.report(failure);
      this.anything = true;
      this.rest(PAUSE_AFTER_FAULT_MS);
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
