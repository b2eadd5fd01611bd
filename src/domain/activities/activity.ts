import type { Person } from '../accounts/person.ts';
import { type Instant, secondsBetween } from '../time.ts';

/** A run (`ActivityGroup`), or the execution of a run on one computer (`ExecuteScriptRequest`). */
export interface Activity {
  readonly id: number;
  readonly parentId: number | null;
  readonly type: ActivityType;
  readonly summary: string;
  readonly status: ActivityStatus;
  /** Null if no person created the activity, or if that person was deleted. */
  readonly creator: Person | null;
  readonly creationTime: Instant;
  readonly completionTime: Instant | null;
  readonly deliveryTime: Instant | null;
  /** Earliest delivery. Null for a run, and for an execution that can be delivered immediately. */
  readonly deliverAfter: Instant | null;
  /** Minutes. */
  readonly deliverDelayWindow: number;
  /** Bytes. Null if there is no text. The text itself may be long, so it is fetched separately. */
  readonly resultTextLength: number | null;
  /** 102: killed at the time limit. 103: non-zero exit status. 104: attachments could not be fetched. */
  readonly resultCode: number | null;
  readonly scriptProfileId: number | null;
  readonly computerId: number | null;
  /** The user that runs the script, as sent to the computer. Null for a run, and before delivery. */
  readonly username: string | null;
  /** Seconds. Null for a run, and before delivery. */
  readonly timeLimit: number | null;
  /** Number of a run's executions by status. Null for an execution. */
  readonly counts: RunCounts | null;
}

/**
 * Duration in seconds, from creation for a run and from delivery for an execution. Null before completion,
 * and for an execution that was never delivered.
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

/** Statuses of executions that were not delivered. Canceling them leaves no trace on the computer. */
export const undeliveredStatuses = [
  'undelivered',
  'scheduled',
  'waiting',
  'blocked',
  'unapproved',
] as const satisfies readonly ActivityStatus[];

/** Statuses of executions that a computer may fetch now. */
export const deliverableStatuses = undeliveredStatuses.filter(
  (status) => status !== 'scheduled' && status !== 'unapproved',
);

export const finalStatuses = ['canceled', 'failed', 'succeeded'] as const satisfies readonly ActivityStatus[];

export type StatusCounts = Partial<Record<ActivityStatus, number>>;

/** The statuses that a run counts. Every undelivered status counts as `undelivered`. */
export const countedStatuses = [
  'undelivered',
  'delivered',
  'canceled',
  'failed',
  'succeeded',
] as const satisfies readonly ActivityStatus[];
export type RunCounts = Readonly<Record<(typeof countedStatuses)[number], number>>;

/** The number of executions that changed from one status to another. */
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

/**
 * Derives a run's status from the number of its executions by status. A run without executions has succeeded.
 */
export function rollUp(children: StatusCounts): ActivityStatus {
  const total = (statuses: readonly ActivityStatus[]) =>
    statuses.reduce((sum, status) => sum + (children[status] ?? 0), 0);
  const undelivered = total(undeliveredStatuses);
  const open = undelivered + total(['delivered']);
  if (open > 0) return undelivered === total(activityStatuses) ? 'undelivered' : 'delivered';
  if (children.failed) return 'failed';
  return children.canceled ? 'canceled' : 'succeeded';
}
