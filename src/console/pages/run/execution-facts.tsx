import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Facts } from '../../components/facts.tsx';
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
    <Facts
      facts={[
        ['State', <StatusChip key="state" look={activityLooks[of.status]} />],
        of.resultCode !== null && ['Cause', causeOf(of.resultCode)],
        of.deliveryTime && ['Taken', <Time key="taken" at={of.deliveryTime} />],
        of.deliverAfter && !of.deliveryTime && ['Not before', <Time key="after" at={of.deliverAfter} />],
        of.completionTime && ['Ended', <Time key="ended" at={of.completionTime} as="both" />],
        of.duration !== null && ['Duration', duration(of.duration)],
        of.username && ['Ran as', of.username],
        of.timeLimit && ['Time limit', duration(of.timeLimit)],
        of.scriptVersion && ['Script', `${of.scriptVersion.title}, version ${of.scriptVersion.number}`],
        of.computer && [
          'Computer',
          <Link key="computer" to={`/computers/${of.computer.databaseId}`}>
            {of.computer.title}
          </Link>,
        ],
      ]}
    />
  );
}
