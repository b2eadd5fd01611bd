import { wholeNumber } from '../../format/count.ts';
import { dayName, localDay } from '../../format/time.ts';
import { type GridProps, mostExecutions, moveByArrow, tabStop } from './grid.ts';
import { HeatButton } from './heat-button.tsx';
import { PastDayLink } from './past-day-link.tsx';

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });

/** A week as a heat map: a column for each day, a row for each hour. */
export function WeekGrid(props: GridProps) {
  const { period, loads, chosen, past, now } = props;
  const most = mostExecutions(loads);
  const stop = tabStop(props);
  const today = localDay(new Date(now));
  return (
    <table className="week" aria-label={`Runs by hour, ${period.title}`} onKeyDown={moveByArrow}>
      <thead>
        <tr>
          <td />
          {period.days.map((day) => (
            <th key={day.getTime()} scope="col" aria-current={localDay(day) === today ? 'date' : undefined}>
              <span className="week__weekday">{weekday.format(day)}</span> {day.getDate()}
              <PastDayLink day={day} past={past} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour}>
            <th scope="row">{clock(hour)}</th>
            {period.days.map((day, column) => {
              const cell = `${localDay(day)}T${String(hour).padStart(2, '0')}`;
              const load = loads.get(cell);
              const isOver = new Date(day).setHours(hour + 1, 0, 0, 0) <= now;
              return (
                <td key={cell} className={isOver ? 'is-over' : undefined}>
                  {load && (
                    <HeatButton
                      {...{ cell, load, most }}
                      name={`${dayName(day.toISOString())}, ${clock(hour)}`}
                      place={[hour, column]}
                      isChosen={cell === chosen}
                      isTabStop={cell === stop}
                    >
                      {wholeNumber(load.runs.length)}
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

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
