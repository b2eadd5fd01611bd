import { Icon } from '@canonical/react-components';
import type { ReactNode } from 'react';

interface Props {
  /** What is missing, as a sentence: `No profile matches these filters.` */
  readonly title: string;
  readonly icon?: string;
  /** What to do first: a sentence with a link or a button. */
  readonly children?: ReactNode;
}

/** Says that there is nothing, and what to do about it. */
export function EmptyState({ title, icon = 'information', children }: Props) {
  return (
    <div className="empty-state">
      <Icon name={icon} />
      <p className="empty-state__title">{title}</p>
      {children && <div className="empty-state__action">{children}</div>}
    </div>
  );
}
