import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { BarChart, type BarPart } from '../../components/charts/bar-chart.tsx';
import { ForeseenRuns } from '../../components/foreseen-runs.tsx';
import { useReload } from '../../components/live/use-reload.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { count, percent } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { dayName, viewerZone } from '../../format/time.ts';
import type { ProfileOverviewQuery } from '../../generated/graphql.ts';
import { FailureGroups } from './failure-groups.tsx';
import { NoRuns } from './no-runs.tsx';
import { type FactsOfProfile, ProfileFacts } from './profile-facts.tsx';

const OVERVIEW = graphql(`
  query ProfileOverview($id: ID!, $timeZone: String) {
    scriptProfile(id: $id) {
      id
      state
      trigger { __typename }
      upcomingRuns(first: 20) { ...ForeseenRun }
      runStatistics(lastDays: 30, timeZone: $timeZone) {
        total { runs succeeded failed successRate durations { median longest } }
        days { startsAt succeeded failed canceled inProgress }
      }
      failedRuns: activities(first: 20, filter: { statuses: [FAILED, DELIVERED] }) { ...FailedRuns }
    }
  }
`);

type Statistics = NonNullable<ProfileOverviewQuery['scriptProfile']>['runStatistics'];

interface Props {
  readonly id: string;
  /** Changes when the profile has changed. */
  readonly changed: string;
  readonly profile: FactsOfProfile;
}

/** What comes next, how the last 30 days were, and what the profile is. */
export function OverviewTab({ id, changed, profile }: Props) {
  const result = useQuery(OVERVIEW, { variables: { id, timeZone: viewerZone } });
  useReload(result.refetch, changed);
  return (
    <div className="split">
      <div className="split__main">
        <Loaded of={result} part={({ scriptProfile }) => scriptProfile}>
          {({ state, trigger, upcomingRuns, runStatistics, failedRuns }) => (
            <>
              <Section title="Next runs" aside={<Link to="/calendar">Calendar</Link>}>
                {upcomingRuns.length > 0 ? (
                  <ForeseenRuns runs={upcomingRuns} />
                ) : (
                  <NoRuns state={state} isEvent={trigger.__typename === 'EventTrigger'} />
                )}
              </Section>
              <Section title="Runs of the last 30 days" aside={<Link to="?tab=runs">All runs</Link>}>
                <Results of={runStatistics} />
              </Section>
              <Section title="Failures" aside={<Link to="?tab=failures">All failures</Link>}>
                <FailureGroups runs={failedRuns} most={3} />
              </Section>
            </>
          )}
        </Loaded>
      </div>
      <div className="split__aside">
        <Section title="Profile">
          <ProfileFacts profile={profile} />
        </Section>
      </div>
    </div>
  );
}

const parts: readonly BarPart[] = [
  { name: 'succeeded', tone: 'good' },
  { name: 'failed', tone: 'bad' },
  { name: 'canceled', tone: 'off' },
  { name: 'in progress', tone: 'busy' },
];

function Results({ of: { total, days } }: { readonly of: Statistics }) {
  if (total.runs === 0) return <p className="u-text--muted">No runs in this time.</p>;
  const words = [
    `${count(total.runs, 'run')}: ${total.succeeded} succeeded, ${total.failed} failed`,
    total.successRate !== null && `${percent(total.successRate)} of executions succeeded`,
    total.durations && `median ${duration(total.durations.median)}`,
    total.durations && `longest ${duration(total.durations.longest)}`,
  ].filter(Boolean);
  return (
    <>
      <p className="u-text--muted">{words.join(' · ')}</p>
      <BarChart
        label={`Runs by day. ${words[0]}.`}
        parts={parts}
        bars={days.map(({ startsAt, succeeded, failed, canceled, inProgress }) => ({
          label: dayName(startsAt),
          amounts: [succeeded, failed, canceled, inProgress],
        }))}
        height={150}
      />
    </>
  );
}
