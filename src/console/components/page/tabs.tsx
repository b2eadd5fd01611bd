import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { TabList } from './tab-list.tsx';

export interface Tab {
  /** Value of the address's `tab`. */
  readonly key: string;
  readonly label: ReactNode;
  readonly content: () => ReactNode;
}

interface Props {
  /** Says what the tabs are parts of: `Parts of the profile`. */
  readonly label: string;
  readonly tabs: readonly Tab[];
}

/** Parts of a page, of which one is visible. The address holds which one, so that a link leads to it. */
export function Tabs({ label, tabs }: Props) {
  const [params] = useSearchParams();
  const chosen = tabs.find(({ key }) => key === params.get('tab')) ?? tabs[0]!;
  const addressOf = (key: string) => {
    const next = new URLSearchParams(params);
    if (key === tabs[0]!.key) next.delete('tab');
    else next.set('tab', key);
    return { search: next.toString() };
  };
  return (
    <>
      <TabList label={label} current={chosen.key}>
        {tabs.map((tab) => (
          <li key={tab.key} className="p-tabs__item">
            <Link
              className="p-tabs__link"
              to={addressOf(tab.key)}
              aria-current={tab === chosen ? 'page' : undefined}
              preventScrollReset
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </TabList>
      {chosen.content()}
    </>
  );
}
