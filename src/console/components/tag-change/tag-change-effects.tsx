import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { count, wholeNumber } from '../../format/count.ts';
import { profileLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { StatusChip } from '../status-chip.tsx';
import { Time } from '../time.tsx';

const EFFECT = graphql(`
  fragment TagEffect on TagChangeEffect {
    gained { id title }
    lost { id title }
    computersRoom { used max }
    scriptProfile { id databaseId title state nextRun }
  }
`);

const NAMED = 5;

const names = (computers: readonly { title: string }[]) => {
  const named = computers.slice(0, NAMED).map(({ title }) => title);
  const rest = computers.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${count(rest, 'other')}` : named.join(', ');
};

/** What a change of tags starts and stops, profile by profile. */
export function TagChangeEffects({ effects }: { readonly effects: readonly FragmentType<typeof EFFECT>[] }) {
  if (effects.length === 0) return <p>No script profile gains or loses a computer.</p>;
  return (
    <ul className="effects">
      {effects.map((effect) => {
        const { gained, lost, computersRoom, scriptProfile } = read(EFFECT, effect);
        const { id, databaseId, title, state, nextRun } = scriptProfile;
        return (
          <li key={id} className="effects__item">
            <div className="effects__profile">
              <Link to={`/profiles/${databaseId}`}>{title}</Link>
              {state !== 'ACTIVE' && <StatusChip look={profileLooks[state]} />}
              {nextRun && (
                <span className="u-text--muted">
                  next run <Time at={nextRun} as="both" />
                </span>
              )}
            </div>
            {gained.length > 0 && (
              <div className="effects__gained">
                <strong>Starts</strong> on {names(gained)}
              </div>
            )}
            {lost.length > 0 && (
              <div className="effects__lost">
                <strong>Stops</strong> on {names(lost)}
              </div>
            )}
            {computersRoom.used > computersRoom.max && (
              <div className="effects__room">
                It would have {count(computersRoom.used, 'computer')}. The limit is{' '}
                {wholeNumber(computersRoom.max)}, so a run leaves out the rest.
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
