import { heat } from '../../components/calendar/heat.ts';
import { heatOf, type Load, localHour } from '../../components/calendar/load.ts';
import { loadWords } from '../../components/calendar/load-words.ts';

interface Props {
  readonly hours: readonly Date[];
  readonly loads: ReadonlyMap<string, Load>;
}

const LABEL_EVERY = 3;

/** The load of each hour as a strip of cells. The calendar has the same cells with their profiles. */
export function HourStrip({ hours, loads }: Props) {
  const most = Math.max(...[...loads.values()].map(({ executions }) => executions));
  const cells = hours.map((hour) => {
    const key = localHour(hour);
    const load = loads.get(key);
    const clock = `${key.slice(-2)}:00`;
    return { key, load, clock, words: `${clock}: ${load ? loadWords(load) : 'no runs'}` };
  });
  const busy = cells.flatMap(({ load, words }) => (load ? words : []));
  return (
    <div className="hour-strip" role="img" aria-label={`Load by hour. ${busy.join('; ')}`}>
      {cells.map(({ key, load, clock, words }, index) => (
        <span key={key} className="hour-strip__hour">
          <span
            className={load?.isConflicting ? 'heat-cell is-conflicting' : 'heat-cell'}
            style={load && heat(heatOf(load.executions, most))}
            title={words}
          />
          {index % LABEL_EVERY === 0 && <span className="hour-strip__label">{clock}</span>}
        </span>
      ))}
    </div>
  );
}
