import { useQuery, useSubscription } from '@apollo/client/react';
import { Navigate, useParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Page } from '../../components/page/page.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { activityLooks } from '../../format/status.ts';
import { Executions } from './executions.tsx';
import { Failures } from './failures.tsx';
import { RunActions } from './run-actions.tsx';
import { RunHead } from './run-head.tsx';

const RUN = graphql(`
  query Run($id: ID!) {
    activity(id: $id) {
      id
      databaseId
      type
      summary
      status
      parent { id databaseId }
      scriptProfile { id title }
      ...RunHead
      ...RunActions
      ...RunOfFailures
      ...RunOfExecutions
    }
  }
`);

const PROGRESS = graphql(`
  subscription RunProgress($id: ID!) {
    runProgress(activityId: $id) { activity { id status ...RunHead ...RunActions ...RunOfExecutions } }
  }
`);

/** One run, live. The number of an execution leads to its run, with the execution open. */
export default function RunPage() {
  const id = useParams().id!;
  const result = useQuery(RUN, { variables: { id } });
  const isRun = result.data?.activity?.type === 'ACTIVITY_GROUP';
  useSubscription(PROGRESS, { variables: { id }, skip: !isRun, ignoreResults: true });
  return (
    <Loaded of={result} part={({ activity }) => activity} missing={<NotFoundPage what="run" />}>
      {(run) => {
        if (run.parent)
          return <Navigate replace to={`/runs/${run.parent.databaseId}?execution=${run.databaseId}`} />;
        const title = run.scriptProfile?.title ?? run.summary;
        return (
          <Page
            title={`${title}, run ${run.databaseId}`}
            heading={
              <span className="run-title">
                {title} <span className="run-title__number">Run {run.databaseId}</span>
                <span className="run-title__state">
                  <StatusChip look={activityLooks[run.status]} />
                </span>
              </span>
            }
            parent={{ to: '/runs', label: 'Runs' }}
            actions={<RunActions run={run} />}
          >
            <RunHead run={run} />
            <Failures run={run} />
            <Executions run={run} />
          </Page>
        );
      }}
    </Loaded>
  );
}
