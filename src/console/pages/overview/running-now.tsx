import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { LiveProgress } from '../../components/live/live-progress.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const RUNNING = graphql(`
  query RunningNow {
    now: accountStatistics(lastDays: 1) {
      runsInProgress(first: 8) { totalCount edges { node { id ...RunningRun } } }
    }
  }
`);

const RUN = graphql(`
  fragment RunningRun on Activity {
    id
    databaseId
    summary
    creationTime
    scriptProfile { id title }
    ...LiveProgress
  }
`);

/** Runs that are in progress, with bars that move. */
export function RunningNow() {
  const result = useQuery(RUNNING);
  const total = result.data?.now?.runsInProgress.totalCount ?? 0;
  return (
    <Section
      title="Running now"
      aside={total > 0 && <Link to="/runs">{total > 8 ? `All ${count(total, 'run')}` : 'All runs'}</Link>}
    >
      <Loaded of={result} part={({ now }) => now?.runsInProgress}>
        {({ edges }) =>
          edges.length === 0 ? (
            <p className="u-text--muted">No run is in progress.</p>
          ) : (
            <ul className="running">
              {edges.map(({ node }) => (
                <Running key={node.id} run={node} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function Running({ run }: { readonly run: FragmentType<typeof RUN> }) {
  const of = read(RUN, run);
  const { databaseId, summary, creationTime, scriptProfile } = of;
  return (
    <li className="running__run">
      <div className="running__title">
        <Link to={`/runs/${databaseId}`}>{scriptProfile?.title ?? summary}</Link>
        <span className="u-text--muted">
          <Time at={creationTime} as="relative" />
        </span>
      </div>
      <LiveProgress run={of} />
    </li>
  );
}
