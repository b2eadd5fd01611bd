import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../../app/graphql.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useCommand } from '../../../components/form/use-command.ts';

const DELETE = graphql(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) { deletedId userErrors { code field message } }
  }
`);

interface Props {
  readonly role: {
    readonly id: string;
    readonly name: string;
    readonly persons: readonly { readonly name: string }[];
  };
  readonly close: () => void;
  readonly done: () => void;
}

/** Deletes a role, after naming the people who lose it. */
export function DeleteRoleDialog({ role: { id, name, persons }, close, done }: Props) {
  const remove = useCommand(DELETE);
  const toast = useToastNotification();
  const confirm = () =>
    remove({ input: { id } }, () => {
      toast.success(`Deleted ${name}.`);
      done();
    });
  return (
    <ConfirmDialog title={`Delete the role ${name}`} action="Delete role" onConfirm={confirm} close={close}>
      {persons.length === 0 ? (
        <p>No person has this role.</p>
      ) : (
        <p>
          {persons.map((person) => person.name).join(', ')} immediately{' '}
          {persons.length === 1 ? 'loses' : 'lose'} its permissions, unless another role grants them.
        </p>
      )}
    </ConfirmDialog>
  );
}
