import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { LongOutput } from '../../components/long-output.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { type FailureGroup, groupFailures } from '../../format/failure-groups.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FAILED_RUNS = graphql(`
  fragment FailedRuns on ActivityConnection {
    edges {
      node {
        id
        databaseId
        creationTime
        counts { failed }
        failures(first: 50) {
          id
          resultCode
          resultText(first: 2000)
          computer { id databaseId title }
        }
      }
    }
  }
`);

interface Props {
  readonly runs: FragmentType<typeof FAILED_RUNS>;
  /** Number of groups. Defaults to all. */
  readonly most?: number;
}

/** The failures of the last runs, each cause once, the most frequent first. */
export function FailureGroups({ runs, most = Number.POSITIVE_INFINITY }: Props) {
  const all = read(FAILED_RUNS, runs).edges.map(({ node }) => node);
  const groups = groupFailures(
    all.flatMap(({ failures, databaseId, creationTime }) =>
      failures.map((failure) => ({ ...failure, run: { databaseId, creationTime } })),
    ),
    ({ resultText }) => (resultText ?? '').replace(/\s+/g, ' '),
  );
  const hidden = all.reduce((sum, { counts, failures }) => sum + (counts?.failed ?? 0) - failures.length, 0);
  const rest = groups.length - most;
  if (groups.length === 0) return <p className="u-text--muted">No failures in the last runs.</p>;
  return (
    <>
      <ul className="failures">
        {groups.slice(0, most).map((group) => (
          <li key={group.key} className="failures__group">
            <Group group={group} />
          </li>
        ))}
      </ul>
      <p className="u-text--muted failures__note">
        {rest > 0 && `${count(rest, 'more cause')}. `}
        {hidden > 0 &&
          `${count(hidden, 'more failure')} of large runs ${hidden === 1 ? 'is' : 'are'} not read here.`}
      </p>
    </>
  );
}

/** What the page needs of a failed execution. */
interface Failure {
  readonly resultCode: number | null;
  readonly resultText: string | null;
  readonly computer: { readonly id: string; readonly databaseId: number; readonly title: string } | null;
  readonly run: { readonly databaseId: number; readonly creationTime: string };
}

const distinct = <Thing extends { readonly databaseId: number }>(things: readonly Thing[]): Thing[] => [
  ...new Map(things.map((thing) => [thing.databaseId, thing])).values(),
];

const SHOWN = 6;

/** A cause, with the text of its newest failure. */
function Group({ group: { cause, failures } }: { readonly group: FailureGroup<Failure> }) {
  const text = (failures[0]!.resultText ?? '').trim();
  const computers = distinct(failures.flatMap(({ computer }) => computer ?? []));
  const runs = distinct(failures.map(({ run }) => run));
  const latest = runs[0]!;
  return (
    <>
      <p className="failures__head">
        <strong>{count(failures.length, 'failure')}</strong>
        <span>{cause}</span>
        <span className="u-text--muted">
          {count(runs.length, 'run')}, last{' '}
          <Link to={`/runs/${latest.databaseId}`}>
            <Time at={latest.creationTime} as="both" />
          </Link>
        </span>
      </p>
      <LongOutput
        label={`Text of ${count(failures.length, 'failure')}: ${cause}`}
        text={text || 'No text.'}
      />
      <p className="failures__computers">
        {computers.slice(0, SHOWN).map(({ id, databaseId, title }) => (
          <Link key={id} to={`/computers/${databaseId}`}>
            {title}
          </Link>
        ))}
        {computers.length > SHOWN && <span>and {computers.length - SHOWN} more</span>}
      </p>
    </>
  );
}
