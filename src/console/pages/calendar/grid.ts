import type { KeyboardEvent } from 'react';
import type { Load } from '../../components/calendar/load.ts';
import type { Period } from './period.ts';
import type { PastDay } from './use-past-days.ts';

export interface GridProps {
  readonly period: Period;
  /** Load by the key of the cell: an hour in a week, a day in a month. */
  readonly loads: ReadonlyMap<string, Load>;
  /** Key of the chosen cell. */
  readonly chosen: string | undefined;
  /** Results of days that have begun, by the key of the day. */
  readonly past: ReadonlyMap<string, PastDay>;
  readonly now: number;
}

export const mostExecutions = (loads: ReadonlyMap<string, Load>): number =>
  Math.max(0, ...[...loads.values()].map(({ executions }) => executions));

/** The only cell that Tab reaches: the chosen one, or the first with runs. Arrow keys reach the others. */
export const tabStop = ({ loads, chosen }: GridProps): string | undefined =>
  chosen && loads.has(chosen) ? chosen : [...loads.keys()].toSorted()[0];

const directions: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Moves the focus to the nearest cell with runs in the direction of an arrow key. */
export function moveByArrow(event: KeyboardEvent<HTMLTableElement>): void {
  const direction = directions[event.key];
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
  if (!direction || !from) return;
  event.preventDefault();
  const [down, right] = direction;
  const place = (cell: HTMLElement) => [Number(cell.dataset.row), Number(cell.dataset.column)] as const;
  const [row, column] = place(from);
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const distance = (cell: HTMLElement) => {
    const [otherRow, otherColumn] = place(cell);
    const ahead = (otherRow - row) * down + (otherColumn - column) * right;
    const aside = Math.abs((otherRow - row) * right) + Math.abs((otherColumn - column) * down);
    // A cell that is straight ahead wins over nearer ones beside the line.
    return ahead > 0 ? ahead + aside * 100 : Number.POSITIVE_INFINITY;
  };
  const next = cells.toSorted((a, b) => distance(a) - distance(b))[0];
  if (next && distance(next) < Number.POSITIVE_INFINITY) next.focus();
}
