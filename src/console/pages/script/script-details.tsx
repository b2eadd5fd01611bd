import { useState } from 'react';
import { graphql, read } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { Page } from '../../components/page/page.tsx';
import { type Tab, Tabs } from '../../components/page/tabs.tsx';
import { StatusChip } from '../../components/status-chip.tsx';
import { wholeNumber } from '../../format/count.ts';
import { scriptLooks } from '../../format/script.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { Attachments } from './attachments.tsx';
import { EndDialog } from './end-dialog.tsx';
import { ScriptActions } from './script-actions.tsx';
import { ScriptCode } from './script-code.tsx';
import { ScriptEvents } from './script-events.tsx';
import { ScriptUsers } from './script-users.tsx';
import { Versions } from './versions.tsx';

const SCRIPT = graphql(`
  fragment ScriptDetails on Script {
    id
    title
    status
    versionNumber
    attachments { id }
    users: profiles(first: 0) { totalCount }
    ...ScriptActions
    ...ScriptCode
    ...ScriptFiles
  }
`);

export function ScriptDetails({ script: of }: { readonly script: FragmentType<typeof SCRIPT> }) {
  const script = read(SCRIPT, of);
  const { id, title, status, versionNumber, attachments, users } = script;
  const [ends, setEnds] = useState<'archive' | 'redact'>();
  const mayViewEvents = useMay('VIEW_EVENT_LOG');
  const mayViewProfiles = useMay('VIEW_SCRIPT_PROFILE');
  const numbered = (name: string, number: number) => `${name} (${wholeNumber(number)})`;
  const tabs: readonly (Tab | false)[] = [
    { key: 'code', label: 'Code', content: () => <ScriptCode script={script} /> },
    {
      key: 'versions',
      label: numbered('Versions', versionNumber),
      content: () => <Versions id={id} newest={versionNumber} />,
    },
    mayViewProfiles && {
      key: 'users',
      label: numbered('Used by', users.totalCount),
      content: () => <ScriptUsers id={id} />,
    },
    {
      key: 'files',
      label: numbered('Files', attachments.length),
      content: () => <Attachments script={script} />,
    },
    mayViewEvents && { key: 'events', label: 'Changes', content: () => <ScriptEvents id={id} /> },
  ];
  return (
    <Page
      title={title}
      heading={
        <span className="title-with-state">
          {title} <StatusChip look={scriptLooks[status]} />
        </span>
      }
      parent={{ to: '/scripts', label: 'Scripts' }}
      actions={<ScriptActions script={script} end={setEnds} />}
    >
      <Tabs label="Parts of the script" tabs={tabs.filter((tab) => tab !== false)} />
      {ends && <EndDialog id={id} title={title} how={ends} close={() => setEnds(undefined)} />}
    </Page>
  );
}
