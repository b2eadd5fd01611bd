import { Link } from 'react-router';
import { count } from '../../format/count.ts';
import { dayName, localDay } from '../../format/time.ts';
import { type GridProps, mostExecutions, moveByArrow, tabStop } from './grid.ts';
import { HeatButton } from './heat-button.tsx';
import { PastDayLink } from './past-day-link.tsx';

const WEEK = 7;
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });

/** A month as a heat map: a cell for each day. */
export function MonthGrid(props: GridProps) {
  const { period, loads, chosen, past, now } = props;
  const most = mostExecutions(loads);
  const stop = tabStop(props);
  const today = localDay(new Date(now));
  const weeks = Array.from({ length: period.days.length / WEEK }, (_, week) =>
    period.days.slice(week * WEEK, (week + 1) * WEEK),
  );
  return (
    <table className="month" aria-label={`Runs by day, ${period.title}`} onKeyDown={moveByArrow}>
      <thead>
        <tr>
          {weeks[0]!.map((day) => (
            <th key={day.getDay()} scope="col">
              {weekday.format(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, row) => (
          <tr key={localDay(week[0]!)}>
            {week.map((day, column) => {
              const cell = localDay(day);
              const load = loads.get(cell);
              return (
                <td
                  key={cell}
                  className={day.getMonth() === period.month ? undefined : 'is-outside'}
                  aria-current={cell === today ? 'date' : undefined}
                >
                  <Link className="month__day" to={`/calendar?from=${cell}`} title="Show this week">
                    {day.getDate()}
                  </Link>
                  <PastDayLink day={day} past={past} />
                  {load && (
                    <HeatButton
                      {...{ cell, load, most }}
                      name={dayName(day.toISOString())}
                      place={[row, column]}
                      isChosen={cell === chosen}
                      isTabStop={cell === stop}
                    >
                      {count(load.runs.length, 'run')}
                      <span className="month__detail">{count(load.executions, 'execution')}</span>
                    </HeatButton>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
