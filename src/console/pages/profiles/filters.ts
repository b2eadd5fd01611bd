import type { Filter } from '../../components/table/list-toolbar.tsx';
import type { ListUrl } from '../../components/table/use-list-url.ts';
import { profileLooks } from '../../format/status.ts';
import type {
  ActivityStatus,
  ScriptProfileFilter,
  ScriptProfileOrder,
  ScriptProfileOrderField,
  ScriptProfileState,
  TriggerType,
} from '../../generated/graphql.ts';

/** Filters above the list. The name of each is its parameter in the address. */
export const filters: readonly Filter[] = [
  {
    name: 'state',
    label: 'State',
    any: 'Not archived',
    options: Object.entries(profileLooks).map(([value, { label }]) => ({ value, label })),
  },
  {
    name: 'trigger',
    label: 'Trigger',
    options: [
      { value: 'RECURRING', label: 'Recurring' },
      { value: 'ONE_TIME', label: 'One-time' },
      { value: 'EVENT', label: 'On enrolment' },
    ],
  },
  {
    name: 'last',
    label: 'Last run',
    options: [
      { value: 'FAILED', label: 'Failed' },
      { value: 'SUCCEEDED', label: 'Succeeded' },
      { value: 'DELIVERED', label: 'Running' },
      { value: 'UNDELIVERED', label: 'Queued' },
      { value: 'CANCELED', label: 'Canceled' },
    ],
  },
];

/** The filter of the list at this address. Links from other pages also set `tag`, `script` and `computer`. */
export function filterOf(list: ListUrl): ScriptProfileFilter {
  const [state, trigger, last, tag, script, computer] = [
    ...['state', 'trigger', 'last', 'tag', 'script', 'computer'].map((name) => list.filter(name)),
  ];
  return {
    search: list.search || undefined,
    status: state === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
    states: state ? [state as ScriptProfileState] : undefined,
    triggerTypes: trigger ? [trigger as TriggerType] : undefined,
    lastRunStatuses: last ? [last as ActivityStatus] : undefined,
    tags: tag ? [tag] : undefined,
    scriptIds: script ? [script] : undefined,
    reachesComputerId: computer,
  };
}

export const isFiltered = (list: ListUrl): boolean =>
  list.search !== '' ||
  ['state', 'trigger', 'last', 'tag', 'script', 'computer'].some((name) => list.filter(name));

export const orderOf = ({ order: { field, direction } }: ListUrl): ScriptProfileOrder => ({
  field: field as ScriptProfileOrderField,
  direction,
});
