import { Button } from '@canonical/react-components';
import { EmptyState } from '../page/empty-state.tsx';
import type { ListUrl } from './use-list-url.ts';

interface Props {
  /** Says what is not found: `No run matches the search and the filters.` */
  readonly title: string;
  readonly list: ListUrl;
}

/** A list in which the search and the filters leave nothing. */
export const NoMatch = ({ title, list }: Props) => (
  <EmptyState title={title} icon="search">
    <Button onClick={list.clear}>Show all</Button>
  </EmptyState>
);
