import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../../app/graphql.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useCommand } from '../../../components/form/use-command.ts';
import { count } from '../../../format/count.ts';
import type { Group } from './group-dialog.tsx';

const DELETE = graphql(`
  mutation DeleteAccessGroup($input: DeleteAccessGroupInput!) {
    deleteAccessGroup(input: $input) { deletedId userErrors { code field message } }
  }
`);

interface Props {
  readonly group: Group;
  readonly groups: readonly Group[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Deletes a group, after saying where its contents go. */
export function DeleteGroupDialog({ group, groups, close, done }: Props) {
  const remove = useCommand(DELETE);
  const toast = useToastNotification();
  const parent = groups.find(({ id }) => id === group.parent?.id)?.title ?? group.parent?.name;
  const children = groups.filter((one) => one.parent?.id === group.id).length;
  const contents = [
    count(group.numComputers, 'computer'),
    count(group.numScripts, 'script'),
    count(group.numScriptProfiles, 'script profile'),
    count(children, 'access group'),
  ].join(', ');
  const confirm = () =>
    remove({ input: { id: group.id } }, () => {
      toast.success(`Deleted ${group.title}.`);
      done();
    });
  return (
    <ConfirmDialog title={`Delete ${group.title}`} action="Delete group" onConfirm={confirm} close={close}>
      <p>
        Its contents move to {parent}: {contents}.
      </p>
      <p>Profiles of {parent} may then reach more computers, and the people of that group see them.</p>
    </ConfirmDialog>
  );
}
