import { localTime, relativeTime, shortTime, utcTime } from '../format/time.ts';
import { useNow } from './live/use-now.ts';

interface Props {
  readonly at: string;
  /** `relative` for how far it is, `short` for the clock, `both` for the clock with the distance. */
  readonly as?: 'relative' | 'short' | 'both';
}

/** A time in the viewer's zone. Hovering shows it in full, and in UTC. */
export function Time({ at, as = 'short' }: Props) {
  const now = useNow();
  return (
    <time dateTime={at} title={`${localTime(at)}\n${utcTime(at)}`} className="time">
      {as === 'relative' ? relativeTime(at, now) : shortTime(at, now)}
      {as === 'both' && <span className="time__distance"> {relativeTime(at, now)}</span>}
    </time>
  );
}
