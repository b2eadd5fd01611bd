import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Fact, Facts } from '../../components/page/facts.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { Time } from '../../components/time.tsx';
import { duration } from '../../format/duration.ts';
import { causeOf } from '../../format/result-code.ts';
import { activityLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FACTS = graphql(`
  fragment ExecutionFacts on Activity {
    id
    status
    deliveryTime
    deliverAfter
    completionTime
    duration
    resultCode
    timeLimit
    username
    computer { id databaseId title }
    scriptVersion { id number title }
  }
`);

/** When and how the script ran on the computer. */
export function ExecutionFacts({ execution }: { readonly execution: FragmentType<typeof FACTS> }) {
  const of = read(FACTS, execution);
  return (
    <div className="run-facts">
      <Facts>
        <Fact name="State">
          <StatusChip look={activityLooks[of.status]} />
        </Fact>
        {of.resultCode !== null && <Fact name="Cause">{causeOf(of.resultCode)}</Fact>}
        {of.deliveryTime && (
          <Fact name="Taken">
            <Time at={of.deliveryTime} />
          </Fact>
        )}
        {of.deliverAfter && !of.deliveryTime && (
          <Fact name="Not before">
            <Time at={of.deliverAfter} />
          </Fact>
        )}
        {of.completionTime && (
          <Fact name="Ended">
            <Time at={of.completionTime} as="both" />
          </Fact>
        )}
        {of.duration !== null && <Fact name="Duration">{duration(of.duration)}</Fact>}
        {of.username && <Fact name="Ran as">{of.username}</Fact>}
        {of.timeLimit && <Fact name="Time limit">{duration(of.timeLimit)}</Fact>}
        {of.scriptVersion && (
          <Fact name="Script">
            {of.scriptVersion.title}, version {of.scriptVersion.number}
          </Fact>
        )}
        {of.computer && (
          <Fact name="Computer">
            <Link to={`/computers/${of.computer.databaseId}`}>{of.computer.title}</Link>
          </Fact>
        )}
      </Facts>
    </div>
  );
}
