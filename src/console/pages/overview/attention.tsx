import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { graphql } from '../../app/graphql.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import type { AttentionQuery } from '../../generated/graphql.ts';
import { AllWell } from './all-well.tsx';
import { FailedEarlier } from './failed-earlier.tsx';
import { FailingProfiles } from './failing-profiles.tsx';
import { MissedSlots } from './missed-slots.tsx';
import { PendingComputers } from './pending-computers.tsx';
import { UnseenComputers } from './unseen-computers.tsx';

const ATTENTION = graphql(`
  query Attention($since: DateTime!) {
    failing: scriptProfiles(
      first: 5, filter: { lastRunStatuses: [FAILED] }, orderBy: { field: LAST_RUN, direction: DESC }
    ) {
      totalCount
      edges { node { id } }
      ...FailingProfiles
    }
    failedRuns: activities(
      first: 0, filter: { types: [ACTIVITY_GROUP], statuses: [FAILED], creationTime: { from: $since } }
    ) { totalCount }
    day: accountStatistics(from: $since) { worstScriptProfiles(first: 5) { ...FailedEarlier } }
    week: accountStatistics(lastDays: 7) {
      missedSlots(first: 5) { ...MissedSlotsOfProfile }
      unseenComputers(first: 4) { totalCount ...UnseenComputers }
    }
    pending: computers(first: 4, filter: { statuses: [PENDING] }) { totalCount ...PendingComputers }
  }
`);

const DAY_MS = 86_400_000;

/** What is wrong, worst first. Lists that the viewer may not see are left out. */
export function Attention() {
  const since = useMemo(() => new Date(Date.now() - DAY_MS).toISOString(), []);
  const result = useQuery(ATTENTION, { variables: { since } });
  return (
    <Section title="Needs attention">
      <Loaded of={result} part={(data) => (data.failing ? data : undefined)}>
        {(data) => (
          <div className="attention">
            {isAllWell(data) && <AllWell />}
            {data.failing && (
              <FailingProfiles profiles={data.failing} failedRuns={data.failedRuns?.totalCount ?? 0} />
            )}
            {data.week && <MissedSlots profiles={data.week.missedSlots} />}
            {data.week && <UnseenComputers computers={data.week.unseenComputers} />}
            {data.pending && <PendingComputers computers={data.pending} />}
            {data.day && (
              <FailedEarlier
                profiles={data.day.worstScriptProfiles}
                except={data.failing?.edges.map(({ node }) => node.id) ?? []}
              />
            )}
          </div>
        )}
      </Loaded>
    </Section>
  );
}

const isAllWell = ({ failing, week, pending }: AttentionQuery): boolean =>
  failing?.totalCount === 0 &&
  !week?.missedSlots.length &&
  !week?.unseenComputers.totalCount &&
  !pending?.totalCount;
