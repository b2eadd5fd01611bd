import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useAtMostEvery } from '../../components/live/use-at-most-every.ts';
import { Section } from '../../components/page/section.tsx';
import { count } from '../../format/count.ts';
import { groupFailures } from '../../format/failure-groups.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const RUN = graphql(`
  fragment RunOfFailures on Activity { id counts { failed } }
`);

const FAILURES = graphql(`
  query FailuresOfRun($id: ID!) {
    activity(id: $id) {
      id
      failures(first: 50) {
        id
        databaseId
        resultCode
        resultStart: resultText(first: 240)
        computerId
        computer { id title }
      }
    }
  }
`);

const SHOWN_GROUPS = 5;
const SHOWN_COMPUTERS = 6;
const SHOWN_LINES = 3;
const PAUSE_MS = 1000;

/** Why it failed: each cause once, with the computers, the most frequent first. */
export function Failures({ run }: { readonly run: FragmentType<typeof RUN> }) {
  const { id, counts } = read(RUN, run);
  const failed = counts?.failed ?? 0;
  const { data, refetch } = useQuery(FAILURES, { variables: { id }, skip: failed === 0 });
  const reload = useAtMostEvery(PAUSE_MS, () => refetch());
  const before = useRef(failed);
  useEffect(() => {
    if (before.current !== 0 && before.current !== failed) reload();
    before.current = failed;
  }, [failed, reload]);
  const [params] = useSearchParams();
  const addressOf = (execution: number) => {
    const next = new URLSearchParams(params);
    next.set('execution', String(execution));
    return { search: next.toString() };
  };
  const found = data?.activity?.failures ?? [];
  if (failed === 0 || found.length === 0) return null;
  const groups = groupFailures(found, ({ resultStart }) => resultStart);
  return (
    <Section title={`Why it failed on ${count(failed, 'computer')}`}>
      <ul className="run-failures">
        {groups.slice(0, SHOWN_GROUPS).map(({ key, cause, failures }) => (
          <li key={key}>
            <p className="run-failures__cause">
              <strong>{cause}</strong> <span>{count(failures.length, 'computer')}</span>
              {failures.slice(0, SHOWN_COMPUTERS).map(({ databaseId, computer, computerId }) => (
                <Link key={databaseId} to={addressOf(databaseId)} preventScrollReset>
                  {computer?.title ?? `Computer ${computerId}`}
                </Link>
              ))}
              {failures.length > SHOWN_COMPUTERS && (
                <span>and {count(failures.length - SHOWN_COMPUTERS, 'other')}</span>
              )}
            </p>
            <FirstLines text={failures[0]!.resultStart} />
          </li>
        ))}
      </ul>
      {(groups.length > SHOWN_GROUPS || failed > found.length) && (
        <p className="u-text--muted">
          {groups.length > SHOWN_GROUPS && `${count(groups.length - SHOWN_GROUPS, 'more cause')}. `}
          {failed > found.length && `Only the first ${found.length} failures are grouped here.`}
        </p>
      )}
    </Section>
  );
}

function FirstLines({ text }: { readonly text: string | null }) {
  const lines = (text ?? '').trim().split('\n').slice(0, SHOWN_LINES).join('\n');
  return lines && <pre className="run-failures__text">{lines}</pre>;
}
