import { Button } from '@canonical/react-components';
import type { ReactNode } from 'react';
import { count } from '../format/count.ts';
import type { Selection } from './live/use-selection.ts';

interface Props {
  readonly selection: Selection;
  readonly noun: string;
  /** Number of chosen rows that the list shows. */
  readonly number: number;
  /** Ids of all rows that are loaded. */
  readonly all: readonly string[];
  /** Buttons for the chosen rows. */
  readonly children: ReactNode;
}

/** What can be done with the chosen rows. Visible once there are some. */
export function SelectionBar({ selection: { set, clear }, noun, number, all, children }: Props) {
  if (number === 0) return null;
  return (
    <section className="selection-bar" aria-label={`Chosen ${noun}s`}>
      <span role="status">{count(number, noun)} chosen</span>
      {children}
      {number < all.length && (
        <Button appearance="base" onClick={() => set(all)}>
          Choose all {count(all.length, noun)} of the list
        </Button>
      )}
      <Button appearance="base" onClick={clear}>
        Choose none
      </Button>
    </section>
  );
}
