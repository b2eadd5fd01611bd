import type { Filter } from '../../components/table/list-toolbar.tsx';
import type { ListUrl } from '../../components/table/use-list-url.ts';
import { wholeNumber } from '../../format/count.ts';
import type {
  ComputerChoicesQuery,
  ComputerFilter,
  ComputerOrder,
  ComputerOrderField,
} from '../../generated/graphql.ts';

/** Filters above the list. Tags, groups and saved searches are those of the account. */
export function filtersFrom(choices: ComputerChoicesQuery | undefined): Filter[] {
  const filters: Filter[] = [
    {
      name: 'seen',
      label: 'Seen',
      options: [
        { value: 'online', label: 'In the last 30 minutes' },
        { value: 'offline', label: 'Not in the last 30 minutes' },
      ],
    },
    {
      name: 'tag',
      label: 'Tag',
      options: (choices?.tagCounts ?? []).map(({ tag, numComputers }) => ({
        value: tag,
        label: `${tag} (${wholeNumber(numComputers)})`,
      })),
    },
  ];
  const groups = choices?.accessGroups ?? [];
  if (groups.length > 1)
    filters.push({
      name: 'group',
      label: 'Access group',
      options: groups.map(({ name, title }) => ({ value: name, label: title })),
    });
  return filters;
}

/** The filter of the list at this address. */
export function filterOf(list: ListUrl): ComputerFilter {
  const [seen, tag, group] = [list.filter('seen'), list.filter('tag'), list.filter('group')];
  return {
    query: list.search || undefined,
    isOnline: seen ? seen === 'online' : undefined,
    tags: tag ? [tag] : undefined,
    accessGroups: group ? [group] : undefined,
  };
}

export const isFiltered = (list: ListUrl): boolean =>
  list.search !== '' || ['seen', 'tag', 'group'].some((name) => list.filter(name));

export const orderOf = ({ order: { field, direction } }: ListUrl): ComputerOrder => ({
  field: field as ComputerOrderField,
  direction,
});
