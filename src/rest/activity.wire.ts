import { activityTypes } from '../domain/activity.ts';
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

export const toActivity = (activity: ActivityData) => ({
  id: activity.databaseId,
  creation_time: seconds(activity.creationTime),
  creator: activity.creator && {
    name: activity.creator.name,
    email: activity.creator.email,
    id: activity.creator.databaseId,
  },
  type: activityTypes.find((type) => type.toUpperCase() === activity.type.replaceAll('_', '')),
  summary: activity.summary,
  completion_time: seconds(activity.completionTime),
  parent_id: activity.parent?.databaseId ?? null,
  deliver_delay_window: activity.deliverDelayWindow,
  result_text: activity.resultText,
  result_code: activity.resultCode,
  activity_status: activity.status.toLowerCase(),
});
