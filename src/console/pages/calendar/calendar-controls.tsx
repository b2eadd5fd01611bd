import { Button } from '@canonical/react-components';
import { Link, useSearchParams } from 'react-router';
import type { Period, View } from './period.ts';

/** The graph foresees at most 92 days. A day less, so that the clock of the browser may be wrong. */
const MOST_DAYS = 91;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The end of the forecast, at a whole hour so that it does not change all the time. */
export const furthest = (now: number): number => Math.floor(now / HOUR_MS) * HOUR_MS + MOST_DAYS * DAY_MS;

const views: readonly View[] = ['week', 'month'];

/** Selects the view and the period. */
export function CalendarControls({ period, now }: { readonly period: Period; readonly now: number }) {
  const [params] = useSearchParams();
  const address = (changes: Readonly<Record<string, string | undefined>>) => {
    const next = new URLSearchParams(params);
    next.delete('at');
    for (const [name, value] of Object.entries(changes))
      if (value) next.set(name, value);
      else next.delete(name);
    return { search: next.toString() };
  };
  const isFirst = period.from.getTime() <= now;
  const isLast = period.to.getTime() >= furthest(now);
  return (
    <>
      <nav className="calendar__steps" aria-label="Period">
        <Step label="Earlier" to={isFirst ? undefined : address({ from: period.before })} />
        <Link className="p-button" to={address({ from: undefined })}>
          Today
        </Link>
        <Step label="Later" to={isLast ? undefined : address({ from: period.after })} />
      </nav>
      <nav className="calendar__steps" aria-label="View">
        {views.map((view) => (
          <Link
            key={view}
            className="p-button"
            aria-current={period.view === view ? 'page' : undefined}
            to={address({ view: view === 'week' ? undefined : view })}
          >
            {view === 'week' ? 'Week' : 'Month'}
          </Link>
        ))}
      </nav>
    </>
  );
}

/** A link, or the same word greyed out where there is nothing to go to. */
const Step = ({ label, to }: { readonly label: string; readonly to: { search: string } | undefined }) =>
  to ? (
    <Link className="p-button" to={to}>
      {label}
    </Link>
  ) : (
    <Button disabled>{label}</Button>
  );
