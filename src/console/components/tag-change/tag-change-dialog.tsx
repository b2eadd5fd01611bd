import { useQuery } from '@apollo/client/react';
import { Input, useToastNotification } from '@canonical/react-components';
import { useId, useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { count } from '../../format/count.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useCommand } from '../form/use-command.ts';
import { TagChangePreview } from './tag-change-preview.tsx';
import { TagToggles } from './tag-toggles.tsx';

const RETAG = graphql(`
  mutation RetagComputers($input: RetagComputersInput!) {
    retagComputers(input: $input) {
      computers { id tags }
      userErrors { code field message }
    }
  }
`);

const KNOWN_TAGS = graphql(`
  query KnownTags { tagCounts { tag numComputers } }
`);

interface Props {
  readonly computers: readonly {
    readonly id: string;
    readonly title: string;
    readonly tags: readonly string[];
  }[];
  readonly close: () => void;
  readonly done?: () => void;
}

/** Adds tags to computers and removes tags from them. Shows first which profiles that starts or stops. */
export function TagChangeDialog({ computers, close, done }: Props) {
  const [typed, setTyped] = useState('');
  const [remove, setRemove] = useState<readonly string[]>([]);
  const known = useQuery(KNOWN_TAGS).data?.tagCounts ?? [];
  const list = useId();
  const toast = useToastNotification();
  const retag = useCommand(RETAG);
  const add = [...new Set(typed.split(/[\s,]+/).filter(Boolean))];
  const ids = computers.map(({ id }) => id);
  const of = computers.length === 1 ? computers[0]!.title : count(computers.length, 'computer');
  const confirm = async () => {
    if (add.length + remove.length === 0) return 'Add or remove at least one tag.';
    return retag({ input: { ids, add, remove: [...remove] } }, () => {
      toast.success(`Changed the tags of ${of}.`);
      done?.();
    });
  };
  return (
    <ConfirmDialog
      title={`Change tags of ${of}`}
      action="Change tags"
      appearance="positive"
      onConfirm={confirm}
      close={close}
    >
      <TagToggles computers={computers} removed={remove} change={setRemove} />
      <Input
        type="text"
        label="Add tags"
        help="Separate several tags with spaces."
        list={list}
        value={typed}
        autoComplete="off"
        onChange={({ target }) => setTyped(target.value)}
      />
      <datalist id={list}>
        {known.map(({ tag, numComputers }) => (
          <option key={tag} value={tag}>
            {count(numComputers, 'computer')}
          </option>
        ))}
      </datalist>
      <TagChangePreview computerIds={ids} add={add} remove={remove} />
    </ConfirmDialog>
  );
}
