import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useMay, useViewer } from '../../app/session/viewer.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Page } from '../../components/page/page.tsx';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NextDay } from './next-day.tsx';
import { RunningNow } from './running-now.tsx';
import { SuccessByDay } from './success-by-day.tsx';
import { useLiveOverview } from './use-live-overview.ts';

const EXISTING = graphql(`
  query ExistingThings {
    scriptProfiles(first: 0, filter: { status: ALL }) { totalCount }
  }
`);

/** What an operator looks at first: what is wrong, what runs, what comes, and how it went. */
export default function OverviewPage() {
  const viewer = useViewer();
  const maySee = useMay('VIEW_SCRIPT_PROFILE');
  const existing = useQuery(EXISTING, { skip: !maySee });
  useLiveOverview(maySee);
  if (viewer && !maySee)
    return (
      <Page title="Overview">
        <EmptyState title="You may not view script profiles." icon="information">
          <p>Ask an administrator for a role with the permission ViewScriptProfile.</p>
        </EmptyState>
      </Page>
    );
  if (existing.data?.scriptProfiles?.totalCount === 0)
    return (
      <Page title="Overview">
        <FirstSteps />
      </Page>
    );
  return (
    <Page title="Overview">
      <div className="overview">
        <div className="overview__column">
          <Attention />
          <SuccessByDay />
        </div>
        <div className="overview__column">
          <RunningNow />
          <NextDay />
        </div>
      </div>
    </Page>
  );
}
