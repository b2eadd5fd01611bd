import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Facts } from '../../components/facts.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { RunDuration } from '../../components/run-duration.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const HEAD = graphql(`
  fragment RunHead on Activity {
    id
    creationTime
    completionTime
    deliverDelayWindow
    creator { id name }
    scriptProfile { id databaseId title }
    counts { ...ProgressCounts }
    ...RunTimes
  }
`);

/** How far the run is, and what is known about it. */
export function RunHead({ run }: { readonly run: FragmentType<typeof HEAD> }) {
  const head = read(HEAD, run);
  const { creationTime, completionTime, creator, scriptProfile, counts, deliverDelayWindow } = head;
  return (
    <>
      {counts && (
        <div className="run-progress">
          <ProgressBar counts={counts} />
        </div>
      )}
      <Facts
        facts={[
          ['Started', <Time key="started" at={creationTime} as="both" />],
          completionTime && ['Ended', <Time key="ended" at={completionTime} as="both" />],
          ['Duration', <RunDuration key="duration" run={head} />],
          creator && ['Started by', creator.name],
          scriptProfile && [
            'Profile',
            <Link key="profile" to={`/profiles/${scriptProfile.databaseId}`}>
              {scriptProfile.title}
            </Link>,
          ],
          deliverDelayWindow > 0 && ['Delivery', `spread over ${count(deliverDelayWindow, 'minute')}`],
        ]}
      />
    </>
  );
}
