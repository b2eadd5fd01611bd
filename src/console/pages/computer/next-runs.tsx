import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useNow } from '../../components/live/use-now.ts';
import { Section } from '../../components/page/section.tsx';
import { Time } from '../../components/time.tsx';
import { Timeline } from '../../components/timeline.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const NEXT_RUNS = graphql(`
  fragment ComputerNextRuns on Computer {
    id
    upcomingRuns(first: 10) {
      at
      mayRunUntil
      conflicting
      scriptProfile { id databaseId title }
    }
  }
`);

/** What runs next on the computer: on a line of time, and as a list. */
export function NextRuns({ computer }: { readonly computer: FragmentType<typeof NEXT_RUNS> }) {
  const { upcomingRuns: runs } = read(NEXT_RUNS, computer);
  const now = useNow();
  const last = runs.at(-1);
  if (!last)
    return (
      <Section title="What runs next">
        <p className="u-text--muted">Nothing is scheduled on this computer.</p>
      </Section>
    );
  // The last one needs a place too.
  const end = now + (Date.parse(last.mayRunUntil) - now) * 1.03;
  return (
    <Section title="What runs next">
      <Timeline
        label="Next runs on this computer"
        from={new Date(now).toISOString()}
        to={new Date(end).toISOString()}
        items={runs
          .filter(({ at }) => Date.parse(at) >= now)
          .map(({ at, mayRunUntil, conflicting, scriptProfile: { id, title } }) => ({
            key: `${id} ${at}`,
            at,
            until: mayRunUntil,
            label: conflicting ? `${title} (may overlap another run)` : title,
            tone: conflicting ? 'waiting' : 'busy',
          }))}
      />
      <ol className="next-runs">
        {runs.map(({ at, conflicting, scriptProfile: { id, databaseId, title } }) => (
          <li key={`${id} ${at}`}>
            <Time at={at} as="both" />
            <Link to={`/profiles/${databaseId}`}>{title}</Link>
            {conflicting && <span className="status-chip is-waiting">May overlap another run</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
