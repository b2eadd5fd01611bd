import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Section } from '../../components/page/section.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const CONFLICTS = graphql(`
  fragment CalendarConflicts on UpcomingRuns {
    conflicts {
      firstAt
      number
      sameScript
      sharedComputers
      scriptProfile { id databaseId title }
      otherScriptProfile { id databaseId title }
    }
  }
`);

const SHOWN = 20;

/** Profiles whose runs may overlap, with the reason. */
export function Conflicts({ of }: { readonly of: FragmentType<typeof CONFLICTS> }) {
  const { conflicts } = read(CONFLICTS, of);
  return (
    <Section title="Runs that may overlap">
      {conflicts.length === 0 ? (
        <p className="u-text--muted">No runs of this period overlap on the same computers.</p>
      ) : (
        <ul className="conflicts">
          {conflicts.slice(0, SHOWN).map(({ scriptProfile: one, otherScriptProfile: other, ...conflict }) => (
            <li key={`${one.id} ${other.id}`}>
              <Link to={`/profiles/${one.databaseId}`}>{one.title}</Link>
              {one.id === other.id ? (
                ' may overlap with its own next run'
              ) : (
                <>
                  {' and '}
                  <Link to={`/profiles/${other.databaseId}`}>{other.title}</Link>
                </>
              )}
              <span className="conflicts__facts">
                first <Time at={conflict.firstAt} />, {count(conflict.number, 'time')}
                {conflict.sharedComputers > 0 && `, on ${count(conflict.sharedComputers, 'common computer')}`}
                {conflict.sameScript && one.id !== other.id && ', with the same script'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {conflicts.length > SHOWN && (
        <p className="u-text--muted">And {count(conflicts.length - SHOWN, 'more pair')}.</p>
      )}
    </Section>
  );
}
