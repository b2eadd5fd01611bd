import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { heat } from '../../components/calendar/heat.ts';
import { heatOf, type Load } from '../../components/calendar/load.ts';
import { loadWords } from '../../components/calendar/load-words.ts';

interface Props {
  readonly cell: string;
  /** Says which hour or day it is. */
  readonly name: string;
  readonly load: Load;
  readonly most: number;
  readonly place: readonly [row: number, column: number];
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
  readonly children: ReactNode;
}

/** A cell with runs. It leads to their list beside the calendar. */
export function HeatButton({ cell, name, load, most, place, isChosen, isTabStop, children }: Props) {
  const [params] = useSearchParams();
  const next = new URLSearchParams(params);
  next.set('at', cell);
  return (
    <Link
      className={load.isConflicting ? 'heat-cell is-conflicting' : 'heat-cell'}
      style={heat(heatOf(load.executions, most))}
      to={{ search: next.toString() }}
      replace
      preventScrollReset
      tabIndex={isTabStop ? 0 : -1}
      data-row={place[0]}
      data-column={place[1]}
      aria-current={isChosen ? 'true' : undefined}
      aria-label={`${name}: ${loadWords(load)}`}
      title={`${name}: ${loadWords(load)}`}
    >
      {children}
    </Link>
  );
}
