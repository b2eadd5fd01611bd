import { Button, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { VerdictButton } from '../../components/verdict-button.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { RunAgainDialog } from './run-again-dialog.tsx';
import { save } from './run-text.ts';

const ACTIONS = graphql(`
  fragment ExecutionActions on Activity {
    id
    databaseId
    resultText
    computer { id title }
    viewerPermissions { canCancel { allowed ...Verdict } canReapply { ...Verdict } }
  }
`);

/** What the viewer may do with the execution now. */
export function ExecutionActions({ execution }: { readonly execution: FragmentType<typeof ACTIONS> }) {
  const { id, databaseId, resultText, computer, viewerPermissions } = read(ACTIONS, execution);
  const [dialog, setDialog] = useState<'cancel' | 'again'>();
  const navigate = useNavigate();
  const toast = useToastNotification();
  const close = () => setDialog(undefined);
  return (
    <>
      {resultText && (
        <Button onClick={() => save(`execution-${databaseId}.txt`, [resultText])}>Download output</Button>
      )}
      {viewerPermissions.canCancel.allowed && (
        <VerdictButton
          verdict={viewerPermissions.canCancel}
          appearance="negative"
          onClick={() => setDialog('cancel')}
        >
          Cancel execution
        </VerdictButton>
      )}
      <VerdictButton verdict={viewerPermissions.canReapply} onClick={() => setDialog('again')}>
        Run again here
      </VerdictButton>
      {dialog === 'cancel' && <CancelDialog id={id} counts={null} close={close} />}
      {dialog === 'again' && (
        <RunAgainDialog
          which="all"
          id={id}
          close={close}
          started={(next) => {
            toast.success(`Run ${next.databaseId} has started.`);
            void navigate(`/runs/${next.databaseId}`);
          }}
        >
          <p>
            The profile or script runs again, in its present form, only on{' '}
            {computer?.title ?? 'this computer'}.
          </p>
        </RunAgainDialog>
      )}
    </>
  );
}
