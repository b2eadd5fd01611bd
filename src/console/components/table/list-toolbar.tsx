import { SearchBox, Select } from '@canonical/react-components';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ListUrl } from './use-list-url.ts';

export interface Filter {
  /** Name of the parameter in the address. */
  readonly name: string;
  readonly label: string;
  /** Choices beside "any". */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Label of no choice. Defaults to "Any". */
  readonly any?: string;
}

interface Props {
  readonly list: ListUrl;
  /** Says what is searched: `Search by title`. */
  readonly searchLabel: string;
  readonly filters?: readonly Filter[];
  /** At the right, such as the number of items. */
  readonly children?: ReactNode;
}

const PAUSE_MS = 250;

/** Search and filters above a list. They change the address, and the address changes the list. */
export function ListToolbar({ list, searchLabel, filters = [], children }: Props) {
  const [typed, setTyped] = useState(list.search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(list.search), [list.search]);
  const search = (text: string, pause: number) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => list.set({ search: text.trim() }), pause);
  };
  return (
    <search className="toolbar">
      <SearchBox
        externallyControlled
        className="toolbar__search"
        data-key="/"
        aria-label={searchLabel}
        placeholder={searchLabel}
        value={typed}
        onChange={(text) => search(text, PAUSE_MS)}
        onSearch={() => search(typed, 0)}
        onClear={() => search('', 0)}
      />
      {filters.map(({ name, label, options, any = 'Any' }) => (
        <Select
          key={name}
          label={label}
          name={name}
          wrapperClassName="toolbar__filter"
          value={list.filter(name) ?? ''}
          options={[{ value: '', label: any }, ...options]}
          onChange={({ target }) => list.set({ [name]: target.value })}
        />
      ))}
      <div className="toolbar__rest">{children}</div>
    </search>
  );
}
