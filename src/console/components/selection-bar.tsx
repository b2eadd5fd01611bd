import { Button } from '@canonical/react-components';
import type { ReactNode } from 'react';
import { count } from '../format/count.ts';
import type { Selection } from './live/use-selection.ts';

interface Props {
  readonly selection: Selection;
  readonly noun: string;
  /** What choosing is for: `Choose computers to change their tags`. */
  readonly purpose: string;
  /** Number of chosen rows that the list shows. */
  readonly number: number;
  /** Ids of all rows that are loaded and can be chosen. */
  readonly all: readonly string[];
  /** Buttons for the chosen rows. */
  readonly children: ReactNode;
}

/** What can be done with the chosen rows. Its place is there before, so that the rows do not move under the pointer. */
export function SelectionBar({ selection: { set, clear }, noun, purpose, number, all, children }: Props) {
  if (all.length === 0) return null;
  return (
    <section className="selection-bar" aria-label={`Chosen ${noun}s`}>
      <span role="status">{number === 0 ? purpose : `${count(number, noun)} chosen`}</span>
      {number > 0 && children}
      {number < all.length && (
        <Button appearance="base" onClick={() => set(all)}>
          Choose all {count(all.length, noun)} of the list
        </Button>
      )}
      {number > 0 && (
        <Button appearance="base" onClick={clear}>
          Choose none
        </Button>
      )}
    </section>
  );
}
