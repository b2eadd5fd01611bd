import { useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { ChoiceField, TextField } from '../../../components/form/field.tsx';
import { FormDialog } from '../../../components/form/form-dialog.tsx';
import { newKey, useChange } from '../../../components/form/use-change.ts';
import { asTree } from './tree.ts';

const CREATE = graphql(`
  mutation CreateAccessGroup($input: CreateAccessGroupInput!) {
    createAccessGroup(input: $input) {
      accessGroup { id name title }
      userErrors { code field message }
    }
  }
`);

const UPDATE = graphql(`
  mutation UpdateAccessGroup($input: UpdateAccessGroupInput!) {
    updateAccessGroup(input: $input) {
      accessGroup { id name title parent { id name } }
      userErrors { code field message }
    }
  }
`);

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly numComputers: number;
  readonly numScripts: number;
  readonly numScriptProfiles: number;
  readonly parent: { readonly id: string; readonly name: string } | null;
}

interface Props {
  /** Group to edit. Undefined for a new one. */
  readonly group?: Group | undefined;
  readonly groups: readonly Group[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Creates, renames or moves an access group. */
export function GroupDialog({ group, groups, close, done }: Props) {
  const [title, setTitle] = useState(group?.title ?? '');
  const [parent, setParent] = useState(group?.parent?.name ?? 'global');
  const [create, creation] = useChange(CREATE);
  const [update, edit] = useChange(UPDATE);
  const { busy, problems } = group ? edit : creation;
  const toast = useToastNotification();
  const save = async () => {
    const isMoved = parent !== group?.parent?.name;
    const payload = group
      ? await update({ input: { id: group.id, title, parent: isMoved ? parent : undefined } })
      : await create({ input: { title, parent, idempotencyKey: newKey() } });
    if (!payload) return;
    toast.success(group ? `Changed ${title}.` : `Created ${title}.`);
    done();
    close();
  };
  return (
    <FormDialog
      title={group ? `Edit ${group.title}` : 'New access group'}
      action={group ? 'Save' : 'Create'}
      busy={busy}
      problems={problems}
      fields={['title', 'parent']}
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
      <ChoiceField
        name="parent"
        label="In"
        help={
          group
            ? 'Its computers, scripts and groups move with it. Other people may then see them.'
            : undefined
        }
        problems={problems}
        value={parent}
        options={asTree(groups)
          .filter((one) => one.group.id !== group?.id)
          .map((one) => ({
            value: one.group.name,
            label: `${'\u2003'.repeat(one.depth)}${one.group.title}`,
          }))}
        onChange={({ target }) => setParent(target.value)}
      />
    </FormDialog>
  );
}
