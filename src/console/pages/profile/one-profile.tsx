import { graphql, read } from '../../app/graphql.ts';
import { Notice } from '../../components/page/notice.tsx';
import { Page } from '../../components/page/page.tsx';
import { Tabs } from '../../components/page/tabs.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { Time } from '../../components/time.tsx';
import { profileLooks } from '../../format/status.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { FailuresTab } from './failures-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { ProfileActions } from './profile-actions.tsx';
import { RunsTab } from './runs-tab.tsx';
import { SlotsTab } from './slots-tab.tsx';
import { TargetsTab } from './targets-tab.tsx';
import { VersionsTab } from './versions-tab.tsx';

const ONE = graphql(`
  fragment OneProfile on ScriptProfile {
    id
    databaseId
    title
    state
    version
    lastRun
    nextRun
    pausedAt
    pauseNote
    scriptId
    lastEditedAt
    trigger { __typename }
    ...ProfileFacts
    ...ProfileActions
  }
`);

/** One script profile: what it runs where and when, what happened, and what will happen. */
export function OneProfile({ profile }: { readonly profile: FragmentType<typeof ONE> }) {
  const one = read(ONE, profile);
  const { databaseId, title, state, version, lastRun, nextRun, pausedAt, pauseNote, scriptId } = one;
  const part = { id: String(databaseId), changed: [version, lastRun, nextRun].join(' ') };
  const isEvent = one.trigger.__typename === 'EventTrigger';
  const tabs = [
    { key: 'overview', label: 'Overview', content: () => <OverviewTab {...part} profile={one} /> },
    { key: 'targets', label: 'Targets', content: () => <TargetsTab {...part} isEvent={isEvent} /> },
    { key: 'runs', label: 'Runs', content: () => <RunsTab {...part} /> },
    { key: 'failures', label: 'Failures', content: () => <FailuresTab {...part} /> },
    { key: 'slots', label: 'Slots', content: () => <SlotsTab {...part} isEvent={isEvent} /> },
    { key: 'history', label: 'History', content: () => <HistoryTab {...part} /> },
    {
      key: 'versions',
      label: 'Script versions',
      content: () => <VersionsTab {...part} scriptId={String(scriptId)} />,
    },
  ];
  return (
    <Page
      title={title}
      heading={
        <span className="profile-title">
          {title} <StatusChip look={profileLooks[state]} />
        </span>
      }
      parent={{ to: '/profiles', label: 'Script profiles' }}
      actions={<ProfileActions profile={one} />}
    >
      {pausedAt && (
        <Notice severity="caution" borderless title="Paused">
          Since <Time at={pausedAt} as="both" />. Slots that fall due meanwhile are skipped.{' '}
          {pauseNote && <q>{pauseNote}</q>}
        </Notice>
      )}
      {state === 'ARCHIVED' && (
        <Notice severity="information" borderless title="Archived">
          Since <Time at={one.lastEditedAt} as="both" />. It never runs again. Its history stays readable.
        </Notice>
      )}
      <Tabs label="Parts of the profile" tabs={tabs} />
    </Page>
  );
}
