import { localDay } from '../../format/time.ts';

export type View = 'week' | 'month';

/** The days that a view shows, in the viewer's zone. Months are filled up to whole weeks. */
export interface Period {
  readonly view: View;
  readonly title: string;
  readonly days: readonly Date[];
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** Month that is shown, for days outside of it. Undefined for a week. */
  readonly month: number | undefined;
  /** Value of the address's `from` for the period before and after. */
  readonly before: string;
  readonly after: string;
}

const WEEK = 7;
const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** @param from a day of the period, such as `2026-12-01`. Defaults to today */
export function periodOf(view: View, from: string | undefined, now: number): Period {
  const given = new Date(`${from}T00:00`);
  const day = from && !Number.isNaN(given.getTime()) ? given : startOfDay(new Date(now));
  return view === 'week' ? weekOf(day) : monthOf(day);
}

function weekOf(day: Date): Period {
  const from = monday(day);
  const to = addDays(from, WEEK);
  return {
    ...{ view: 'week', from, to, month: undefined },
    title: `${dayAndMonth.format(from)} to ${dayAndMonth.format(addDays(to, -1))} ${addDays(to, -1).getFullYear()}`,
    days: daysBetween(from, to),
    before: localDay(addDays(from, -WEEK)),
    after: localDay(to),
  };
}

function monthOf(day: Date): Period {
  const first = new Date(day.getFullYear(), day.getMonth(), 1);
  const next = new Date(day.getFullYear(), day.getMonth() + 1, 1);
  const from = monday(first);
  const last = addDays(next, -1);
  const to = addDays(monday(last), WEEK);
  return {
    ...{ view: 'month', from, to, month: first.getMonth() },
    title: monthName.format(first),
    days: daysBetween(from, to),
    before: localDay(new Date(day.getFullYear(), day.getMonth() - 1, 1)),
    after: localDay(next),
  };
}

export function addDays(day: Date, number: number): Date {
  const next = new Date(day);
  next.setDate(next.getDate() + number);
  return next;
}

const startOfDay = (at: Date): Date => new Date(at.getFullYear(), at.getMonth(), at.getDate());

const monday = (day: Date): Date => addDays(day, -((day.getDay() + 6) % WEEK));

function daysBetween(from: Date, to: Date): Date[] {
  const days: Date[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}
