import { Link } from 'react-router';
import { dayName, localTime, shortTime } from '../format/time.ts';
import { useNow } from './live/use-now.ts';

export interface TimelineItem {
  readonly key: string;
  readonly at: string;
  /** End of what may take a while. */
  readonly until?: string;
  readonly label: string;
  readonly to?: string;
  readonly tone?: 'good' | 'bad' | 'busy' | 'waiting' | 'off';
}

interface Props {
  /** Says what the items are: `Next runs`. */
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly items: readonly TimelineItem[];
}

/** Items at their place on a line of time, with the days below it. */
export function Timeline({ label, from, to, items }: Props) {
  const now = useNow();
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const share = (at: string) => (Date.parse(at) - start) / (end - start);
  const place = (at: string) => `${share(at) * 100}%`;
  return (
    <div className="timeline">
      <ol className="timeline__items" aria-label={label}>
        {items.map(({ key, at, until, label: text, to: address, tone = 'busy' }) => {
          const title = `${localTime(at)}: ${text}`;
          const style = { left: place(at), ...(until && { width: `calc(${place(until)} - ${place(at)})` }) };
          return (
            <li key={key} className={`timeline__item is-${tone}`} style={style} title={title}>
              {address ? (
                <Link to={address} aria-label={title} />
              ) : (
                <span className="u-off-screen">{title}</span>
              )}
            </li>
          );
        })}
      </ol>
      <div className="timeline__scale" aria-hidden="true">
        {marks(start, end).map((at) => (
          <span
            key={at}
            className={`timeline__mark ${share(at) > 0.8 ? 'is-late' : ''}`}
            style={{ left: place(at) }}
          >
            {end - start > 2 * DAY_MS ? dayName(at) : shortTime(at, now)}
          </span>
        ))}
      </div>
    </div>
  );
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_MARKS = 8;

/** Whole days, or whole hours where the line is short, in the viewer's zone. */
function marks(start: number, end: number): string[] {
  const isDays = end - start > 2 * DAY_MS;
  const unit = isDays ? DAY_MS : HOUR_MS;
  const step = Math.max(1, Math.ceil((end - start) / unit / MOST_MARKS));
  const first = new Date(start);
  first.setMinutes(0, 0, 0);
  if (isDays) first.setHours(0);
  const found: string[] = [];
  for (let next = 1; ; next += step) {
    const at = new Date(first);
    if (isDays) at.setDate(at.getDate() + next);
    else at.setHours(at.getHours() + next);
    // The name of a mark at the very end would not fit.
    if (at.getTime() >= end - (end - start) * 0.07) return found;
    found.push(at.toISOString());
  }
}
