import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { count, wholeNumber } from '../../format/count.ts';
import { totalOf } from '../../format/run-counts.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AttentionItem } from './attention-item.tsx';
import { FirstFailure } from './first-failure.tsx';

const FAILING = graphql(`
  fragment FailingProfiles on ScriptProfileConnection {
    totalCount
    edges {
      node {
        id
        databaseId
        title
        lastActivity {
          id
          databaseId
          creationTime
          counts { canceled delivered failed succeeded undelivered }
          failures(first: 1) { id ...FirstFailure }
        }
      }
    }
  }
`);

interface Props {
  readonly profiles: FragmentType<typeof FAILING>;
  /** Number of failed runs in the last 24 hours. */
  readonly failedRuns: number;
}

/** Profiles whose latest run failed, with the first failure, because that often says enough. */
export function FailingProfiles({ profiles, failedRuns }: Props) {
  const { totalCount, edges } = read(FAILING, profiles);
  if (totalCount === 0) return null;
  return (
    <AttentionItem
      tone="bad"
      title={`The latest run failed: ${count(totalCount, 'profile')}`}
      more={
        <Link to="/runs?state=FAILED&since=day">{count(failedRuns, 'failed run')} in the last 24 hours</Link>
      }
    >
      <ul className="attention__list">
        {edges.map(({ node: { id, databaseId, title, lastActivity } }) => (
          <li key={id}>
            <Link to={`/profiles/${databaseId}`}>{title}</Link>
            {lastActivity?.counts && (
              <>
                <Link className="attention__run" to={`/runs/${lastActivity.databaseId}?state=FAILED`}>
                  failed on {wholeNumber(lastActivity.counts.failed)} of{' '}
                  {count(totalOf(lastActivity.counts), 'computer')}
                </Link>{' '}
                <span className="u-text--muted">
                  <Time at={lastActivity.creationTime} as="relative" />
                </span>
                {lastActivity.failures.map((failure) => (
                  <FirstFailure key={failure.id} run={lastActivity.databaseId} failure={failure} />
                ))}
              </>
            )}
          </li>
        ))}
      </ul>
      {totalCount > edges.length && (
        <Link to="/profiles?last=FAILED">All {count(totalCount, 'profile')}</Link>
      )}
    </AttentionItem>
  );
}
