import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCommand } from '../../components/form/use-command.ts';

const REMOVE_FILE = graphql(`
  mutation RemoveScriptFile($input: RemoveScriptAttachmentInput!) {
    removeScriptAttachment(input: $input) {
      script { id revision ...ScriptFiles }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly scriptId: string;
  readonly filename: string;
  readonly close: () => void;
}

/** Removes a file, after saying what that means. */
export function RemoveFileDialog({ scriptId, filename, close }: Props) {
  const remove = useCommand(REMOVE_FILE);
  const toast = useToastNotification();
  const confirm = () =>
    remove({ input: { scriptId, filename } }, () => void toast.success(`Removed ${filename}.`));
  return (
    <ConfirmDialog title={`Remove ${filename}`} action="Remove file" onConfirm={confirm} close={close}>
      <p>Computers that take the script from now on do not receive the file. It cannot be restored.</p>
    </ConfirmDialog>
  );
}
