import type { Person } from '../accounts/person.ts';
import { type Instant, secondsBetween } from '../time.ts';

/** A run's parent (`ActivityGroup`), or what one computer is asked to do for it (`ExecuteScriptRequest`). */
export interface Activity {
  readonly id: number;
  readonly parentId: number | null;
  readonly type: ActivityType;
  readonly summary: string;
  readonly status: ActivityStatus;
  /** Null when nobody's hand made it, or the person is gone. */
  readonly creator: Person | null;
  readonly creationTime: Instant;
  readonly completionTime: Instant | null;
  readonly deliveryTime: Instant | null;
  /** Earliest delivery; null when it may be delivered at once, and for a run. */
  readonly deliverAfter: Instant | null;
  /** Minutes. */
  readonly deliverDelayWindow: number;
  /** Bytes; null without a text, which is fetched by itself because it may be long. */
  readonly resultTextLength: number | null;
  /** 102 killed at the time limit, 103 exited non-zero, 104 attachments could not be fetched. */
  readonly resultCode: number | null;
  readonly scriptProfileId: number | null;
  readonly computerId: number | null;
  /** The user and the seconds that its computer was given with the script. Null for a run, and before it was taken. */
  readonly username: string | null;
  readonly timeLimit: number | null;
  /** Of a run: how many of its executions are where. Null for an execution. */
  readonly counts: RunCounts | null;
}

/**
 * Seconds that it took: a run from being made, an execution from being taken. Null until it is over, and for
 * what was never taken.
 */
export function durationOf({
  parentId,
  creationTime,
  deliveryTime,
  completionTime,
}: Activity): number | null {
  const start = parentId === null ? creationTime : deliveryTime;
  return start === null || completionTime === null ? null : secondsBetween(start, completionTime);
}

export const activityTypes = ['ActivityGroup', 'ExecuteScriptRequest'] as const;
export type ActivityType = (typeof activityTypes)[number];

export const activityStatuses = [
  'undelivered',
  'scheduled',
  'waiting',
  'blocked',
  'unapproved',
  'delivered',
  'canceled',
  'failed',
  'succeeded',
] as const;
export type ActivityStatus = (typeof activityStatuses)[number];

/** Not handed to the computer yet: can still be canceled without a trace there. */
export const undeliveredStatuses = [
  'undelivered',
  'scheduled',
  'waiting',
  'blocked',
  'unapproved',
] as const satisfies readonly ActivityStatus[];

/** Not handed to the computer yet, and may be handed to it now. */
export const deliverableStatuses = undeliveredStatuses.filter(
  (status) => status !== 'scheduled' && status !== 'unapproved',
);

export const finalStatuses = ['canceled', 'failed', 'succeeded'] as const satisfies readonly ActivityStatus[];

export type StatusCounts = Partial<Record<ActivityStatus, number>>;

/** What a run keeps count of. Whatever is not handed over yet counts as undelivered. */
export const countedStatuses = [
  'undelivered',
  'delivered',
  'canceled',
  'failed',
  'succeeded',
] as const satisfies readonly ActivityStatus[];
export type RunCounts = Readonly<Record<(typeof countedStatuses)[number], number>>;

/** So many executions left one status for another. */
export interface Transition {
  readonly from: ActivityStatus;
  readonly to: ActivityStatus;
  readonly number: number;
}

export function count(counts: RunCounts, transitions: readonly Transition[]): RunCounts {
  const after: Record<keyof RunCounts, number> = { ...counts };
  for (const { from, to, number } of transitions) {
    after[counted(from)] -= number;
    after[counted(to)] += number;
  }
  return after;
}

const counted = (status: ActivityStatus): keyof RunCounts =>
  (undeliveredStatuses as readonly ActivityStatus[]).includes(status)
    ? 'undelivered'
    : (status as keyof RunCounts);

export const isFinal = (status: ActivityStatus): boolean =>
  (finalStatuses as readonly ActivityStatus[]).includes(status);

/** A parent's status, from how many of its children are in which. Without children it has succeeded. */
export function rollUp(children: StatusCounts): ActivityStatus {
  const total = (statuses: readonly ActivityStatus[]) =>
    statuses.reduce((sum, status) => sum + (children[status] ?? 0), 0);
  const undelivered = total(undeliveredStatuses);
  const open = undelivered + total(['delivered']);
  if (open > 0) return undelivered === total(activityStatuses) ? 'undelivered' : 'delivered';
  if (children.failed) return 'failed';
  return children.canceled ? 'canceled' : 'succeeded';
}
