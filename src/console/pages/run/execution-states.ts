import type { ActivityStatus } from '../../generated/graphql.ts';

/** Groups of executions, as the counts of a run have them. The key is in the address. */
export const executionStates = [
  { key: 'FAILED', label: 'Failed', tone: 'bad', count: 'failed', statuses: ['FAILED'] },
  { key: 'DELIVERED', label: 'Running', tone: 'busy', count: 'delivered', statuses: ['DELIVERED'] },
  {
    key: 'UNDELIVERED',
    label: 'Queued',
    tone: 'waiting',
    count: 'undelivered',
    statuses: ['UNDELIVERED', 'SCHEDULED', 'WAITING', 'BLOCKED', 'UNAPPROVED'],
  },
  { key: 'SUCCEEDED', label: 'Succeeded', tone: 'good', count: 'succeeded', statuses: ['SUCCEEDED'] },
  { key: 'CANCELED', label: 'Canceled', tone: 'off', count: 'canceled', statuses: ['CANCELED'] },
] as const satisfies readonly {
  readonly key: string;
  readonly label: string;
  readonly tone: string;
  readonly count: string;
  readonly statuses: readonly ActivityStatus[];
}[];

export const statusesOf = (key: string | undefined): readonly ActivityStatus[] | undefined =>
  executionStates.find((state) => state.key === key)?.statuses;
