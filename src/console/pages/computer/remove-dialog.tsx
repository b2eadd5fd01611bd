import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCommand } from '../../components/form/use-command.ts';

const REMOVE = graphql(`
  mutation RemoveComputer($input: RemoveComputerInput!) {
    removeComputer(input: $input) {
      removedId
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly computer: { readonly id: string; readonly title: string };
  readonly close: () => void;
  readonly done: () => void;
}

/** Removes a computer, after saying what that means. */
export function RemoveDialog({ computer: { id, title }, close, done }: Props) {
  const remove = useCommand(REMOVE);
  const toast = useToastNotification();
  const confirm = () =>
    remove({ input: { id } }, () => {
      toast.success(`Removed ${title}.`);
      done();
    });
  return (
    <ConfirmDialog title={`Remove ${title}`} action="Remove computer" onConfirm={confirm} close={close}>
      <p>Scripts no longer run on it, and its open executions fail. The history of its executions is kept.</p>
      <p>The machine must enrol again to come back.</p>
    </ConfirmDialog>
  );
}
