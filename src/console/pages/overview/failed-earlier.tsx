import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { count, wholeNumber } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AttentionItem } from './attention-item.tsx';

const FAILED = graphql(`
  fragment FailedEarlier on ScriptProfileTotals {
    runs
    failed
    executions { failed }
    scriptProfile { id databaseId title }
  }
`);

interface Props {
  readonly profiles: readonly FragmentType<typeof FAILED>[];
  /** Profiles whose latest run failed, which are shown already. */
  readonly except: readonly string[];
}

/** Profiles that failed in the last 24 hours, but not in the latest run, or whose latest run is in progress. */
export function FailedEarlier({ profiles, except }: Props) {
  const found = profiles
    .map((each) => read(FAILED, each))
    .filter(({ scriptProfile }) => !except.includes(scriptProfile.id));
  if (found.length === 0) return null;
  return (
    <AttentionItem tone="off" title="Other failures in the last 24 hours">
      <ul className="attention__list">
        {found.map(({ runs, failed, executions, scriptProfile: { id, databaseId, title } }) => (
          <li key={id}>
            <Link to={`/profiles/${databaseId}`}>{title}</Link>
            <Link className="attention__run" to={`/runs?profile=${databaseId}&since=day`}>
              {failed > 0
                ? `${wholeNumber(failed)} of ${count(runs, 'run')} failed`
                : `${count(executions.failed, 'failure')} so far`}
            </Link>
          </li>
        ))}
      </ul>
    </AttentionItem>
  );
}
