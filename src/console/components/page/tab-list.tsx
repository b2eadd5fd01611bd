import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  /** Says what the tabs are parts of: `Parts of the profile`. */
  readonly label: string;
  /** Key of the current tab. */
  readonly current: string | undefined;
  /** One item for each tab. */
  readonly children: ReactNode;
}

/** A row of tabs. It scrolls on a small screen, so that the current tab is in view. */
export function TabList({ label, current, children }: Props) {
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another current tab needs another place.
  useEffect(() => {
    const row = list.current;
    const tab = row?.querySelector('[aria-current]');
    if (!row || !tab) return;
    const [outer, inner] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
    row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }, [current]);
  return (
    <nav className="p-tabs" aria-label={label}>
      <ul className="p-tabs__list" ref={list}>
        {children}
      </ul>
    </nav>
  );
}
