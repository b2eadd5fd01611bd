import { useState } from 'react';
import { useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { Page } from '../../components/page/page.tsx';
import { Tabs } from '../../components/page/tabs.tsx';
import { TagChangeDialog } from '../../components/tag-change/tag-change-dialog.tsx';
import { VerdictButton } from '../../components/verdict-button.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { AcceptDialog } from '../computers/accept-dialog.tsx';
import { RejectDialog } from '../computers/reject-dialog.tsx';
import { Seen } from '../computers/seen.tsx';
import { ComputerEvents } from './computer-events.tsx';
import { ComputerFacts } from './computer-facts.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { Executions } from './executions.tsx';
import { NextRuns } from './next-runs.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { TargetedBy } from './targeted-by.tsx';

const COMPUTER = graphql(`
  fragment ComputerDetails on Computer {
    id
    title
    comment
    tags
    status
    accessGroup { id name title }
    possibleDuplicateOf { id databaseId title }
    ...Seen
    ...ComputerFacts
    ...ComputerTargets
    ...ComputerNextRuns
    viewerPermissions {
      canAccept { ...Verdict }
      canReject { ...Verdict }
      canRetag { ...Verdict }
      canUpdate { ...Verdict }
      canRemove { ...Verdict }
    }
  }
`);

type Action = 'accept' | 'reject' | 'retag' | 'edit' | 'remove';

interface Props {
  readonly computer: FragmentType<typeof COMPUTER>;
  readonly reload: () => void;
}

export function ComputerDetails({ computer: of, reload }: Props) {
  const computer = read(COMPUTER, of);
  const { id, title, status, viewerPermissions: viewer } = computer;
  const [action, setAction] = useState<Action>();
  const mayViewEvents = useMay('VIEW_EVENT_LOG');
  const mayViewRuns = useMay('VIEW_SCRIPT_PROFILE');
  const navigate = useNavigate();
  const close = () => setAction(undefined);
  const isPending = status === 'PENDING';
  const actions = isPending ? (
    <>
      <VerdictButton verdict={viewer.canAccept} appearance="positive" onClick={() => setAction('accept')}>
        Accept
      </VerdictButton>
      <VerdictButton verdict={viewer.canReject} onClick={() => setAction('reject')}>
        Reject
      </VerdictButton>
    </>
  ) : (
    <>
      <VerdictButton verdict={viewer.canRetag} onClick={() => setAction('retag')}>
        Change tags
      </VerdictButton>
      <VerdictButton verdict={viewer.canUpdate} onClick={() => setAction('edit')}>
        Edit
      </VerdictButton>
      <VerdictButton verdict={viewer.canRemove} onClick={() => setAction('remove')}>
        Remove
      </VerdictButton>
    </>
  );
  const overview = {
    key: 'overview',
    label: 'Overview',
    content: () => (
      <>
        <ComputerFacts computer={computer} />
        {!isPending && mayViewRuns && (
          <>
            <TargetedBy computer={computer} />
            <NextRuns computer={computer} />
          </>
        )}
      </>
    ),
  };
  const executions = { key: 'executions', label: 'Executions', content: () => <Executions id={id} /> };
  const events = { key: 'events', label: 'Changes', content: () => <ComputerEvents id={id} /> };
  return (
    <Page
      title={title}
      heading={
        <span className="title-with-state">
          {title} <Seen computer={computer} />
        </span>
      }
      parent={
        isPending
          ? { to: '/computers?tab=pending', label: 'Pending computers' }
          : { to: '/computers', label: 'Computers' }
      }
      actions={actions}
    >
      <Tabs
        label="Parts of the computer"
        tabs={[overview, ...(mayViewRuns ? [executions] : []), ...(mayViewEvents ? [events] : [])]}
      />
      {action === 'retag' && <TagChangeDialog computers={[computer]} close={close} done={reload} />}
      {action === 'edit' && <EditDialog computer={computer} close={close} />}
      {action === 'accept' && <AcceptDialog computers={[computer]} close={close} done={reload} />}
      {action === 'reject' && (
        <RejectDialog computers={[computer]} close={close} done={() => navigate('/computers?tab=pending')} />
      )}
      {action === 'remove' && (
        <RemoveDialog computer={computer} close={close} done={() => navigate('/computers')} />
      )}
    </Page>
  );
}
