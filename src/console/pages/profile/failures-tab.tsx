import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useReload } from '../../components/live/use-reload.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Section } from '../../components/page/section.tsx';
import { count } from '../../format/count.ts';
import { FailureGroups } from './failure-groups.tsx';

const FAILURES = graphql(`
  query ProfileFailures($id: ID!) {
    scriptProfile(id: $id) {
      id
      failedRuns: activities(first: 20, filter: { statuses: [FAILED, DELIVERED] }) {
        totalCount
        ...FailedRuns
      }
    }
  }
`);

/** The failures of the newest runs, grouped by their text. */
export function FailuresTab({ id, changed }: { readonly id: string; readonly changed: string }) {
  const result = useQuery(FAILURES, { variables: { id } });
  useReload(result.refetch, changed);
  return (
    <Loaded of={result} part={({ scriptProfile }) => scriptProfile?.failedRuns}>
      {(runs) => (
        <Section
          title="Failures by text"
          aside={
            <span className="section__note">
              {runs.totalCount > 20
                ? `of the newest 20 of ${count(runs.totalCount, 'failed or open run')}`
                : 'Texts that differ only in numbers are one group'}
            </span>
          }
        >
          <FailureGroups runs={runs} />
        </Section>
      )}
    </Loaded>
  );
}
