import { activityTypes } from '../../domain/activities/activity.ts';
import { seconds } from './time.wire.ts';

export const activityFields = `
  databaseId creationTime creator { name email databaseId } type summary completionTime
  parent { databaseId } deliverDelayWindow resultText resultCode status`;

export interface ActivityData {
  readonly databaseId: number;
  readonly creationTime: string;
  readonly creator: { readonly name: string; readonly email: string; readonly databaseId: number } | null;
  readonly type: string;
  readonly summary: string;
  readonly completionTime: string | null;
  readonly parent: { readonly databaseId: number } | null;
  readonly deliverDelayWindow: number;
  readonly resultText: string | null;
  readonly resultCode: number | null;
  readonly status: string;
}

/** The types by the graph's names. */
const typesInGraph = new Map(
  activityTypes.map((type) => [type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(), type]),
);

export const toActivity = (activity: ActivityData) => ({
  id: activity.databaseId,
  creation_time: seconds(activity.creationTime),
  creator: activity.creator && {
    name: activity.creator.name,
    email: activity.creator.email,
    id: activity.creator.databaseId,
  },
  type: typesInGraph.get(activity.type),
  summary: activity.summary,
  completion_time: seconds(activity.completionTime),
  parent_id: activity.parent?.databaseId ?? null,
  deliver_delay_window: activity.deliverDelayWindow,
  result_text: activity.resultText,
  result_code: activity.resultCode,
  activity_status: activity.status.toLowerCase(),
});

/** Fields for pages about activities. A profile's list of runs needs fewer. */
export const anyActivityFields = `${activityFields} computerId deliveryTime deliverAfter
  viewerPermissions { canApprove { allowed } canCancel { allowed } canReapply { allowed } }`;

export interface AnyActivityData extends ActivityData {
  readonly computerId: number | null;
  readonly deliveryTime: string | null;
  readonly deliverAfter: string | null;
  readonly viewerPermissions: Readonly<
    Record<'canApprove' | 'canCancel' | 'canReapply', { readonly allowed: boolean }>
  >;
}

/**
 * Converts a run to the form of a profile's list. An execution has more keys. Both contain the actions that are
 * possible.
 */
export function toAnyActivity(activity: AnyActivityData) {
  // Dashboards enable their buttons according to these values.
  const { canApprove, canCancel, canReapply } = activity.viewerPermissions;
  const actions = {
    approvable: canApprove.allowed,
    cancelable: canCancel.allowed,
    reappliable: canReapply.allowed,
  };
  const common = toActivity(activity);
  if (common.parent_id === null) return { ...common, actions };
  const { id, creation_time, creator, type, summary, result_text, parent_id } = common;
  const { completion_time, result_code, activity_status } = common;
  const delivery_time = seconds(activity.deliveryTime);
  return {
    ...{ id, creation_time, creator, type, summary, result_text },
    computer_id: activity.computerId,
    approval_time: null,
    delivery_time,
    deliver_after_time: seconds(activity.deliverAfter),
    deliver_before_time: null,
    parent_id,
    modification_time: completion_time ?? delivery_time ?? creation_time,
    completion_time,
    schedule_before_time: null,
    schedule_after_time: null,
    result_code,
    activity_status,
    children: [],
    actions,
  };
}

/** Numbers of activities, which actions on several activities return. */
export const toNumbers = (activities: readonly { readonly databaseId: number }[]): number[] =>
  activities.map(({ databaseId }) => databaseId);
