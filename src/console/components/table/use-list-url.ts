import { useSearchParams } from 'react-router';

export interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** What a list shows, held by the address, so that a link leads to the same list. */
export interface ListUrl {
  readonly search: string;
  readonly order: Order;
  /** The value of a filter. Undefined if it is not set. */
  filter(name: string): string | undefined;
  /** Sets some of the parameters. Undefined and an empty text remove one. */
  set(changes: Readonly<Record<string, string | undefined>>): void;
  /** Removes the search and all filters. */
  clear(): void;
}

/** @param defaultOrder such as `TITLE`, or `-TITLE` for descending */
export function useListUrl(defaultOrder: string): ListUrl {
  const [params, setParams] = useSearchParams();
  const order = params.get('order') ?? defaultOrder;
  return {
    search: params.get('search') ?? '',
    order: { field: order.replace(/^-/, ''), direction: order.startsWith('-') ? 'DESC' : 'ASC' },
    filter: (name) => params.get(name) ?? undefined,
    set: (changes) =>
      setParams(
        () => {
          // Not the parameters of the last rendering, which another change may have replaced already.
          const after = new URLSearchParams(location.search);
          for (const [name, value] of Object.entries(changes))
            if (value) after.set(name, value);
            else after.delete(name);
          return after;
        },
        { replace: true },
      ),
    clear: () =>
      setParams(
        [...params].filter(([name]) => name === 'tab' || name === 'order'),
        { replace: true },
      ),
  };
}

/** The parameter for an order. */
export const orderText = ({ field, direction }: Order): string =>
  direction === 'DESC' ? `-${field}` : field;
