import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../../app/graphql.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useCommand } from '../../../components/form/use-command.ts';

const REVOKE = graphql(`
  mutation RevokeAccessKey($input: RevokeAccessKeyInput!) {
    revokeAccessKey(input: $input) {
      revokedKey
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly of: { readonly key: string; readonly title: string };
  readonly close: () => void;
  readonly done: () => void;
}

/** Revokes a key, after saying what that means. */
export function RevokeKeyDialog({ of: { key, title }, close, done }: Props) {
  const revoke = useCommand(REVOKE);
  const toast = useToastNotification();
  const confirm = () =>
    revoke({ input: { key } }, () => {
      toast.success(`Revoked “${title}”.`);
      done();
    });
  return (
    <ConfirmDialog title={`Revoke “${title}”`} action="Revoke key" onConfirm={confirm} close={close}>
      <p>Programs that use this key are logged out immediately and cannot log in with it again.</p>
    </ConfirmDialog>
  );
}
