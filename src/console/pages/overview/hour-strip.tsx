import { Link } from 'react-router';
import { heat } from '../../components/calendar/heat.ts';
import { heatOf, type Load, localHour } from '../../components/calendar/load.ts';
import { loadWords } from '../../components/calendar/load-words.ts';

interface Props {
  readonly hours: readonly Date[];
  readonly loads: ReadonlyMap<string, Load>;
}

const LABEL_EVERY = 3;

/** The load of each hour as a strip of cells. An hour with runs leads to it in the calendar. */
export function HourStrip({ hours, loads }: Props) {
  const most = Math.max(...[...loads.values()].map(({ executions }) => executions));
  return (
    <ol className="hour-strip" aria-label="Load by hour">
      {hours.map((hour, index) => {
        const key = localHour(hour);
        const load = loads.get(key);
        const clock = `${key.slice(-2)}:00`;
        return (
          <li key={hour.getTime()}>
            {load ? (
              <Link
                className={load.isConflicting ? 'heat-cell is-conflicting' : 'heat-cell'}
                style={heat(heatOf(load.executions, most))}
                to={`/calendar?from=${key.slice(0, 10)}&at=${key}`}
                title={`${clock}: ${loadWords(load)}`}
                aria-label={`${clock}: ${loadWords(load)}`}
              />
            ) : (
              <span className="heat-cell" title={`${clock}: no runs`} />
            )}
            {index % LABEL_EVERY === 0 && (
              <span className="hour-strip__label" aria-hidden="true">
                {clock}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
