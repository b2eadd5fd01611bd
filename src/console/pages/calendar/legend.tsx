import { heat } from '../../components/calendar/heat.ts';
import { viewerZone } from '../../format/time.ts';

/** Says what the colours and marks of the calendar mean. */
export const Legend = () => (
  <p className="calendar__legend">
    <span>
      Fewer executions{' '}
      <span className="calendar__scale" aria-hidden="true">
        {[8, 20, 32, 44, 55].map((percent) => (
          <span key={percent} className="heat-cell" style={heat(percent)} />
        ))}
      </span>{' '}
      more
    </span>
    <span>
      <span className="conflict-mark" /> runs may overlap
    </span>
    <span>Times are in the zone {viewerZone}.</span>
  </p>
);
