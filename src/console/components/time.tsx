import { useReactiveVar } from '@apollo/client/react';
import { showsUtc } from '../app/utc.ts';
import { localTime, relativeTime, shortTime, utcMinute, utcTime } from '../format/time.ts';
import { useNow } from './live/use-now.ts';

interface Props {
  readonly at: string;
  /** `relative` for how far it is, `short` for the clock, `both` for the clock with the distance. */
  readonly as?: 'relative' | 'short' | 'both';
}

/** A time in the viewer's zone. Hovering shows it in full and in UTC, and a key shows all times in UTC. */
export function Time({ at, as = 'short' }: Props) {
  const now = useNow();
  const isUtc = useReactiveVar(showsUtc);
  return (
    <time dateTime={at} title={`${localTime(at)}\n${utcTime(at)}`} className="time">
      {isUtc ? utcMinute(at) : as === 'relative' ? relativeTime(at, now) : shortTime(at, now)}
      {as === 'both' && !isUtc && <span className="time__distance"> {relativeTime(at, now)}</span>}
    </time>
  );
}
