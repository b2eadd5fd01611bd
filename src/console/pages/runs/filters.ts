import { useMemo } from 'react';
import type { Filter } from '../../components/table/list-toolbar.tsx';
import type { ListUrl } from '../../components/table/use-list-url.ts';
import { activityLooks } from '../../format/status.ts';
import type { ActivityFilter, ActivityStatus } from '../../generated/graphql.ts';

const statuses: readonly ActivityStatus[] = [
  ...(['DELIVERED', 'UNDELIVERED', 'SCHEDULED', 'UNAPPROVED'] as const),
  ...(['SUCCEEDED', 'FAILED', 'CANCELED'] as const),
];

const DAY_MS = 86_400_000;
const periods = [
  { value: 'day', label: 'Last 24 hours', days: 1 },
  { value: 'week', label: 'Last 7 days', days: 7 },
  { value: 'month', label: 'Last 30 days', days: 30 },
] as const;

export const filters: readonly Filter[] = [
  {
    name: 'state',
    label: 'State',
    options: statuses.map((value) => ({ value, label: activityLooks[value].label })),
  },
  { name: 'since', label: 'Started', any: 'Any time', options: [...periods] },
];

/** The filter of the list at this address. Links from other pages also set `profile` and `day`. */
export function useFilter(list: ListUrl): ActivityFilter {
  const [state, since, profile, day] = ['state', 'since', 'profile', 'day'].map((name) => list.filter(name));
  // The start of "the last 24 hours" stays while the list is open, or each look would be another list.
  const creationTime = useMemo(() => (day ? rangeOf(day) : rangeSince(since)), [day, since]);
  return {
    types: ['ACTIVITY_GROUP'],
    query: list.search || undefined,
    statuses: state ? [state as ActivityStatus] : undefined,
    scriptProfileId: profile,
    creationTime,
  };
}

export const isFiltered = (list: ListUrl): boolean =>
  list.search !== '' || ['state', 'since', 'profile', 'day'].some((name) => list.filter(name));

function rangeSince(since: string | undefined) {
  const days = periods.find(({ value }) => value === since)?.days;
  return days && { from: new Date(Date.now() - days * DAY_MS).toISOString() };
}

/** A day in the viewer's zone, such as `2026-12-01`. */
function rangeOf(day: string) {
  const from = new Date(`${day}T00:00`);
  if (Number.isNaN(from.getTime())) return undefined;
  const until = new Date(from);
  until.setDate(until.getDate() + 1);
  return { from: from.toISOString(), until: until.toISOString() };
}
