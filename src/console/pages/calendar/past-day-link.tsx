import { Link } from 'react-router';
import { count, wholeNumber } from '../../format/count.ts';
import { localDay } from '../../format/time.ts';
import type { PastDay } from './use-past-days.ts';

interface Props {
  readonly day: Date;
  readonly past: ReadonlyMap<string, PastDay>;
}

/** What ran on a day that has begun. It leads to the list of these runs. */
export function PastDayLink({ day, past }: Props) {
  const key = localDay(day);
  const found = past.get(key);
  if (!found || found.runs === 0) return null;
  return (
    <Link className="past-day" to={`/runs?day=${key}`}>
      {count(found.runs, 'run')}{' '}
      {found.failed > 0 && <span className="past-day__failed">{wholeNumber(found.failed)} failed</span>}
    </Link>
  );
}
