import { Link } from 'react-router';
import { count } from '../../format/count.ts';
import { Time } from '../time.tsx';
import type { ProfileRuns } from './load.ts';

const SHOWN_TIMES = 4;

interface Props {
  readonly profiles: readonly ProfileRuns[];
  /** Number of profiles. Defaults to all. */
  readonly most?: number;
}

/** Profiles with the times at which they will run. */
export function ProfileRunsList({ profiles, most = profiles.length }: Props) {
  return (
    <ul className="profile-runs">
      {profiles.slice(0, most).map(({ scriptProfile, runs, isConflicting }) => (
        <li key={scriptProfile.id}>
          <Link to={`/profiles/${scriptProfile.databaseId}`}>{scriptProfile.title}</Link>
          {isConflicting && <span className="conflict-mark">may overlap</span>}
          <span className="profile-runs__times">
            {runs.slice(0, SHOWN_TIMES).map(({ at }) => (
              <Time key={at} at={at} />
            ))}
            {runs.length > SHOWN_TIMES && <span>and {count(runs.length - SHOWN_TIMES, 'more run')}</span>}
            <span>on {count(runs[0]!.expectedComputers, 'computer')}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
