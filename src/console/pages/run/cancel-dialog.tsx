import { useMutation } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { refusalOf } from '../../components/form/refusal.ts';
import { count } from '../../format/count.ts';

const CANCEL = graphql(`
  mutation CancelActivity($id: ID!) {
    cancelActivity(input: { id: $id }) {
      activity { id status completionTime duration ...RunActions ...RunHead }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly id: string;
  /** Null for one execution. */
  readonly counts: { readonly undelivered: number; readonly delivered: number } | null;
  readonly close: () => void;
  readonly canceled?: () => void;
}

/** Asks before a run or one execution is canceled, and says what that stops. */
export function CancelDialog({ id, counts, close, canceled }: Props) {
  const [cancel] = useMutation(CANCEL);
  const toast = useToastNotification();
  const { undelivered = 0, delivered = 0 } = counts ?? {};
  return (
    <ConfirmDialog
      title={counts ? 'Cancel this run?' : 'Cancel it on this computer?'}
      action={counts ? 'Cancel run' : 'Cancel execution'}
      keep={counts ? 'Keep running' : 'Keep it'}
      close={close}
      onConfirm={async () => {
        const refusal = refusalOf(await cancel({ variables: { id } }));
        if (refusal) return refusal;
        toast.success(counts ? 'Canceled the run.' : 'Canceled the execution.');
        canceled?.();
        return undefined;
      }}
    >
      {counts ? (
        <ul>
          {undelivered > 0 && <li>{count(undelivered, 'computer')} will not get the script any more.</li>}
          {delivered > 0 && (
            <li>
              {count(delivered, 'computer')} {delivered === 1 ? 'runs' : 'run'} it now and will be asked to
              stop. Results that they still report count.
            </li>
          )}
          <li>Computers that have reported stay as they are.</li>
        </ul>
      ) : (
        <p>
          If the computer has not taken the script, it will not get it. If it runs the script now, it is asked
          to stop, and a result that it still reports counts.
        </p>
      )}
    </ConfirmDialog>
  );
}
