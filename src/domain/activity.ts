import type { Person } from './person.ts';
import type { Instant } from './time.ts';

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
  /** Minutes. */
  readonly deliverDelayWindow: number;
  readonly resultText: string | null;
  /** 102 killed at the time limit, 103 exited non-zero, 104 attachments could not be fetched. */
  readonly resultCode: number | null;
  readonly scriptProfileId: number | null;
  readonly computerId: number | null;
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

export const finalStatuses = ['canceled', 'failed', 'succeeded'] as const satisfies readonly ActivityStatus[];

export type StatusCounts = Partial<Record<ActivityStatus, number>>;

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
