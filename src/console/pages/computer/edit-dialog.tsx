import { useQuery } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { ChoiceField, LongTextField, TextField } from '../../components/form/field.tsx';
import { FormDialog } from '../../components/form/form-dialog.tsx';
import { useChange } from '../../components/form/use-change.ts';

const UPDATE = graphql(`
  mutation UpdateComputer($input: UpdateComputerInput!) {
    updateComputer(input: $input) {
      computer { id title comment accessGroup { id name title } }
      userErrors { code field message }
    }
  }
`);

const GROUPS = graphql(`
  query GroupsForComputer { accessGroups { id name title } }
`);

interface Props {
  readonly computer: {
    readonly id: string;
    readonly title: string;
    readonly comment: string;
    readonly accessGroup: { readonly name: string; readonly title: string };
  };
  readonly close: () => void;
}

/** Edits the title, the comment and the access group of a computer. */
export function EditDialog({ computer, close }: Props) {
  const [title, setTitle] = useState(computer.title);
  const [comment, setComment] = useState(computer.comment);
  const [accessGroup, setAccessGroup] = useState(computer.accessGroup.name);
  const groups = useQuery(GROUPS).data?.accessGroups ?? [computer.accessGroup];
  const [update, { busy, problems }] = useChange(UPDATE);
  const toast = useToastNotification();
  const save = async () => {
    const isMoved = accessGroup !== computer.accessGroup.name;
    const input = { id: computer.id, title, comment, accessGroup: isMoved ? accessGroup : undefined };
    if (!(await update({ input }))) return;
    toast.success(`Changed ${title}.`);
    close();
  };
  return (
    <FormDialog
      title={`Edit ${computer.title}`}
      action="Save"
      busy={busy}
      problems={problems}
      fields={['title', 'comment', 'accessGroup']}
      onSubmit={save}
      close={close}
    >
      <TextField
        name="title"
        type="text"
        label="Title"
        required
        problems={problems}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <LongTextField
        name="comment"
        label="Comment"
        rows={3}
        problems={problems}
        value={comment}
        onChange={({ target }) => setComment(target.value)}
      />
      <ChoiceField
        name="accessGroup"
        label="Access group"
        help="Profiles of the group, and of the groups above it, can reach the computer."
        problems={problems}
        value={accessGroup}
        options={groups.map((group) => ({ value: group.name, label: group.title }))}
        onChange={({ target }) => setAccessGroup(target.value)}
      />
    </FormDialog>
  );
}
