import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCommand } from '../../components/form/use-command.ts';
import { count } from '../../format/count.ts';

const REJECT = graphql(`
  mutation RejectComputers($input: RejectComputersInput!) {
    rejectComputers(input: $input) {
      rejectedIds
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly computers: readonly { readonly id: string; readonly title: string }[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Rejects pending computers, after saying what that means. */
export function RejectDialog({ computers, close, done }: Props) {
  const reject = useCommand(REJECT);
  const toast = useToastNotification();
  const of = computers.length === 1 ? computers[0]!.title : count(computers.length, 'computer');
  const confirm = () =>
    reject({ input: { ids: computers.map(({ id }) => id) } }, () => {
      toast.success(`Rejected ${of}.`);
      done();
    });
  return (
    <ConfirmDialog title={`Reject ${of}`} action="Reject" onConfirm={confirm} close={close}>
      <p>
        The gateway deletes {computers.length === 1 ? 'this computer' : 'these computers'}. A machine can
        enrol again as long as it has the registration key.
      </p>
    </ConfirmDialog>
  );
}
