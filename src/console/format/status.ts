import type { ActivityStatus, ScriptProfileState } from '../generated/graphql.ts';

/** How a state looks everywhere: its word and the meaning of its colour. */
export interface Look {
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'busy' | 'waiting' | 'off';
}

export const activityLooks: Readonly<Record<ActivityStatus, Look>> = {
  SUCCEEDED: { label: 'Succeeded', tone: 'good' },
  FAILED: { label: 'Failed', tone: 'bad' },
  DELIVERED: { label: 'Running', tone: 'busy' },
  UNDELIVERED: { label: 'Queued', tone: 'waiting' },
  SCHEDULED: { label: 'Scheduled', tone: 'waiting' },
  WAITING: { label: 'Waiting', tone: 'waiting' },
  BLOCKED: { label: 'Blocked', tone: 'waiting' },
  UNAPPROVED: { label: 'Needs approval', tone: 'waiting' },
  CANCELED: { label: 'Canceled', tone: 'off' },
};

export const profileLooks: Readonly<Record<ScriptProfileState, Look>> = {
  ACTIVE: { label: 'Active', tone: 'good' },
  PAUSED: { label: 'Paused', tone: 'waiting' },
  FINISHED: { label: 'Finished', tone: 'off' },
  ARCHIVED: { label: 'Archived', tone: 'off' },
};
