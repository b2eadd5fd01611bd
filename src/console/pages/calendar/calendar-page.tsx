import { useQuery } from '@apollo/client/react';
import { useSearchParams } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { EXPECTED_RUN } from '../../components/calendar/expected-run.ts';
import { loadBy, localHour } from '../../components/calendar/load.ts';
import { useNow } from '../../components/live/use-now.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { Time } from '../../components/time.tsx';
import { localDay } from '../../format/time.ts';
import { CalendarControls, furthest } from './calendar-controls.tsx';
import { Conflicts } from './conflicts.tsx';
import { Details } from './details.tsx';
import { Legend } from './legend.tsx';
import { MonthGrid } from './month-grid.tsx';
import { PastPeriod } from './past-period.tsx';
import { periodOf } from './period.ts';
import { useLiveCalendar } from './use-live-calendar.ts';
import { usePastDays } from './use-past-days.ts';
import { WeekGrid } from './week-grid.tsx';

const CALENDAR = graphql(`
  query Calendar($from: DateTime!, $to: DateTime!) {
    upcomingRuns(from: $from, to: $to) {
      truncated
      completeUntil
      runs { ...ExpectedRun }
      ...CalendarConflicts
    }
  }
`);

/** When the profiles will run, as a week or a month. The address holds the view, the period and the chosen cell. */
export default function CalendarPage() {
  const [params] = useSearchParams();
  const now = useNow();
  const period = periodOf(
    params.get('view') === 'month' ? 'month' : 'week',
    params.get('from') ?? undefined,
    now,
  );
  const isPast = period.to.getTime() <= now;
  const to = new Date(Math.min(period.to.getTime(), furthest(now)));
  const result = useQuery(CALENDAR, {
    variables: { from: period.from.toISOString(), to: to.toISOString() },
    skip: isPast,
  });
  const past = usePastDays(period, now);
  useLiveCalendar();
  const chosen = params.get('at') ?? undefined;
  return (
    <Page title="Calendar" actions={<CalendarControls period={period} now={now} />}>
      <h2 className="calendar__title">{period.title}</h2>
      {isPast ? (
        <PastPeriod />
      ) : (
        <Loaded of={result} part={({ upcomingRuns }) => upcomingRuns}>
          {(upcoming) => {
            const runs = upcoming.runs.map((run) => read(EXPECTED_RUN, run));
            const keyOf = period.view === 'week' ? localHour : localDay;
            const grid = { period, loads: loadBy(runs, keyOf), chosen, past, now };
            return (
              <div className="calendar">
                <div className="calendar__main">
                  {period.view === 'week' ? <WeekGrid {...grid} /> : <MonthGrid {...grid} />}
                  <Legend />
                  {upcoming.truncated && (
                    <p className="u-text--muted">
                      There are more runs than the forecast covers. It is complete until{' '}
                      <Time at={upcoming.completeUntil} />.
                    </p>
                  )}
                </div>
                <div className="calendar__side">
                  <Details runs={runs} chosen={chosen} view={period.view} />
                  <Conflicts of={upcoming} />
                </div>
              </div>
            );
          }}
        </Loaded>
      )}
    </Page>
  );
}
