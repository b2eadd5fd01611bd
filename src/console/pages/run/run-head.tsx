import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { RunDuration } from '../../components/live/run-duration.tsx';
import { Fact, Facts } from '../../components/page/facts.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import { totalOf } from '../../format/run-counts.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const HEAD = graphql(`
  fragment RunHead on Activity {
    id
    creationTime
    completionTime
    deliverDelayWindow
    creator { id name }
    scriptProfile { id databaseId title }
    counts { canceled delivered failed succeeded undelivered ...ProgressCounts }
    ...RunTimes
  }
`);

/** How far the run is, and what is known about it. */
export function RunHead({ run }: { readonly run: FragmentType<typeof HEAD> }) {
  const head = read(HEAD, run);
  const { creationTime, completionTime, creator, scriptProfile, counts, deliverDelayWindow } = head;
  return (
    <>
      {counts && totalOf(counts) > 0 && (
        <div className="run-progress">
          <ProgressBar counts={counts} />
        </div>
      )}
      <div className="run-facts">
        <Facts>
          <Fact name="Started">
            <Time at={creationTime} as="both" />
          </Fact>
          {completionTime && (
            <Fact name="Ended">
              <Time at={completionTime} as="both" />
            </Fact>
          )}
          <Fact name="Duration">
            <RunDuration run={head} />
          </Fact>
          {creator && <Fact name="Started by">{creator.name}</Fact>}
          {scriptProfile && (
            <Fact name="Profile">
              <Link to={`/profiles/${scriptProfile.databaseId}`}>{scriptProfile.title}</Link>
            </Fact>
          )}
          {deliverDelayWindow > 0 && (
            <Fact name="Delivery">spread over {count(deliverDelayWindow, 'minute')}</Fact>
          )}
        </Facts>
      </div>
    </>
  );
}
