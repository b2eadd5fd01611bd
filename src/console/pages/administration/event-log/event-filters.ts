import { eventActions, eventWords } from '../../../components/events/event-words.ts';
import type { Filter } from '../../../components/table/list-toolbar.tsx';
import type { ListUrl } from '../../../components/table/use-list-url.ts';
import type { EventAction, EventEntityType, EventFilter, EventOrder } from '../../../generated/graphql.ts';

/** Filters above the event log. */
export const filters: readonly Filter[] = [
  {
    name: 'action',
    label: 'Event',
    options: eventActions.map((value) => ({ value, label: eventWords(value) })),
  },
  {
    name: 'days',
    label: 'Time',
    options: [
      { value: '1', label: 'Last 24 hours' },
      { value: '7', label: 'Last 7 days' },
      { value: '30', label: 'Last 30 days' },
      { value: '365', label: 'Last 365 days' },
    ],
  },
];

/** The filter of the list at this address. Links from other pages also set `person` and `entity`, as `SCRIPT:12`. */
export function filterOf(list: ListUrl): EventFilter {
  const [action, days, person] = [list.filter('action'), list.filter('days'), list.filter('person')];
  const [type, id] = list.filter('entity')?.split(':') ?? [];
  return {
    search: list.search || undefined,
    actions: action ? [action as EventAction] : undefined,
    lastDays: days ? Number(days) : undefined,
    personId: person,
    entity: type && id ? { type: type as EventEntityType, id } : undefined,
  };
}

export const isFiltered = (list: ListUrl): boolean =>
  list.search !== '' || ['action', 'days', 'person', 'entity'].some((name) => list.filter(name));

export const orderOf = ({ order: { direction } }: ListUrl): EventOrder => ({
  field: 'CREATED_AT',
  direction,
});
