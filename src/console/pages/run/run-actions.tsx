import { Button, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { VerdictButton } from '../../components/verdict-button.tsx';
import { count } from '../../format/count.ts';
import { totalOf } from '../../format/run-counts.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { DownloadButton } from './download-button.tsx';
import { RunAgainDialog } from './run-again-dialog.tsx';

const ACTIONS = graphql(`
  fragment RunActions on Activity {
    id
    databaseId
    status
    counts { canceled delivered failed succeeded undelivered }
    viewerPermissions {
      canCancel { ...Verdict }
      canReapply { allowed reason message ...Verdict }
    }
  }
`);

type Dialog = 'cancel' | 'again' | 'failed';

/** What the viewer may do with the run now. */
export function RunActions({ run }: { readonly run: FragmentType<typeof ACTIONS> }) {
  const { id, databaseId, counts, viewerPermissions } = read(ACTIONS, run);
  const { canCancel, canReapply } = viewerPermissions;
  const [dialog, setDialog] = useState<Dialog>();
  const navigate = useNavigate();
  const toast = useToastNotification();
  const close = () => setDialog(undefined);
  const show = (next: { readonly databaseId: number }) => {
    toast.success(`Run ${next.databaseId} has started.`);
    void navigate(`/runs/${next.databaseId}`);
  };
  const failed = counts?.failed ?? 0;
  const total = counts ? totalOf(counts) : 0;
  // Only a repetition of the whole run has to wait for its end.
  const mayRepeatFailed = canReapply.allowed || canReapply.reason === 'NOT_OVER';
  return (
    <>
      {total > 0 && <DownloadButton runId={id} number={databaseId} total={total} />}
      {failed > 0 && mayRepeatFailed && (
        <Button appearance="positive" onClick={() => setDialog('failed')}>
          Run again where it failed ({failed.toLocaleString('en-GB')})
        </Button>
      )}
      <VerdictButton verdict={canReapply} onClick={() => setDialog('again')}>
        Run again
      </VerdictButton>
      <VerdictButton verdict={canCancel} appearance="negative" onClick={() => setDialog('cancel')}>
        Cancel run
      </VerdictButton>
      {dialog === 'cancel' && <CancelDialog id={id} counts={counts} close={close} />}
      {dialog === 'again' && (
        <RunAgainDialog which="all" id={id} close={close} started={show}>
          <p>
            The profile or script runs again, in its present form, on the same {count(total, 'computer')}.
            Computers that it no longer matches are left out.
          </p>
        </RunAgainDialog>
      )}
      {dialog === 'failed' && (
        <RunAgainDialog which="failed" id={id} close={close} started={show}>
          <p>
            The profile or script runs again, in its present form, on the {count(failed, 'computer')} where
            this run failed. Computers that it no longer matches are left out.
          </p>
        </RunAgainDialog>
      )}
    </>
  );
}
