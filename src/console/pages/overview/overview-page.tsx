import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useMay, useViewer } from '../../app/session/viewer.ts';
import { Forbidden } from '../../components/page/forbidden.tsx';
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
        <Forbidden needs="VIEW_SCRIPT_PROFILE" />
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
