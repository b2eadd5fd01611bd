import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { wholeNumber } from '../../format/count.ts';
import type { Values } from './values.ts';

const AROUND = graphql(`
  query RunsAround($from: DateTime!, $to: DateTime!, $scriptId: ID!) {
    script(id: $scriptId) { id accessGroup { id name } }
    runsAround: upcomingRuns(from: $from, to: $to) {
      runs { at mayRunUntil scriptProfile { id databaseId title } }
    }
  }
`);

const SHARED = graphql(`
  query SharedComputers($filter: ComputerFilter) {
    sharedComputers: computers(first: 0, filter: $filter) { totalCount }
  }
`);

/** Runs that begin so long before may still be in progress. */
const BEFORE_MS = 3_600_000;

/** As far as the calendar shows at once. */
const AHEAD_MS = 7 * 24 * BEFORE_MS;

interface Run {
  readonly at: string;
  readonly mayRunUntil: string;
}

interface Props {
  /** The next runs of the profile in the form. Not empty. */
  readonly runs: readonly Run[];
  readonly values: Values;
  /** Id of the profile in the form. Undefined for a new one. */
  readonly id: string | undefined;
}

/** Other profiles that may run at the times of the next runs, and on how many of the same computers. */
export function SameTime({ runs, values, id }: Props) {
  const first = Date.parse(runs[0]!.at);
  const near = runs.filter(({ at }) => Date.parse(at) < first + AHEAD_MS);
  const from = new Date(first - BEFORE_MS).toISOString();
  const to = near.at(-1)!.mayRunUntil;
  const { data } = useQuery(AROUND, { variables: { from, to, scriptId: values.scriptId } });
  if (!data?.runsAround) return null;
  const meets = (other: Run) =>
    near.some(({ at, mayRunUntil }) => other.at < mayRunUntil && other.mayRunUntil > at);
  const found = data.runsAround.runs.filter((other) => other.scriptProfile.id !== id && meets(other));
  // The first run of each profile.
  const others = new Map(found.toReversed().map((other) => [other.scriptProfile.id, other]));
  if (others.size === 0) return <p className="preview__none">No other profile runs at these times.</p>;
  const soonest = [...others.values()].sort((one, other) => (one.at < other.at ? -1 : 1)).slice(0, 5);
  return (
    <ul className="preview__others">
      {soonest.map(({ at, scriptProfile: { databaseId, title } }) => (
        <li key={databaseId}>
          <Link to={`/profiles/${databaseId}`}>{title}</Link> at <Time at={at} />
          <Shared other={databaseId} values={values} group={data.script?.accessGroup.name} />
        </li>
      ))}
    </ul>
  );
}

interface SharedProps {
  readonly other: number;
  readonly values: Values;
  /** Access group of the profile in the form. Undefined if the viewer may not view its script. */
  readonly group: string | undefined;
}

/** Number of computers that both profiles reach. */
function Shared({ other, values: { allComputers, tags }, group }: SharedProps) {
  const filter = {
    query: `profile:script:${other}`,
    tags: allComputers ? undefined : [...tags],
    accessGroups: group ? [group] : undefined,
  };
  const { data } = useQuery(SHARED, { variables: { filter } });
  const shared = data?.sharedComputers?.totalCount;
  if (shared === undefined) return null;
  return shared === 0 ? (
    <span className="u-text--muted">, on other computers</span>
  ) : (
    <strong>, on {wholeNumber(shared)} of these computers</strong>
  );
}
