import { useQuery } from '@apollo/client/react';
import { Input, Select, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { useMay } from '../../app/session/viewer.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCommand } from '../../components/form/use-command.ts';
import { count } from '../../format/count.ts';
import { Duplicates } from './duplicates.tsx';
import { EnrolmentProfiles } from './enrolment-profiles.tsx';
import type { PendingComputer } from './pending-computer.ts';

const ACCEPT = graphql(`
  mutation AcceptComputers($input: AcceptComputersInput!) {
    acceptComputers(input: $input) {
      computers { id status acceptedAt tags accessGroup { id name title } }
      userErrors { code field message }
    }
  }
`);

const GROUPS = graphql(`
  query GroupsForComputers { accessGroups { id name title } }
`);

interface Props {
  readonly computers: readonly PendingComputer[];
  readonly close: () => void;
  readonly done: () => void;
}

const allAsk = (values: readonly string[]) => (new Set(values).size === 1 ? values[0]! : '');

/** Accepts pending computers, with the tags and the group that they asked for, or with others. */
export function AcceptDialog({ computers, close, done }: Props) {
  const askedTags = allAsk(computers.map(({ tags }) => tags.join(' ')));
  const askedGroup = allAsk(computers.map(({ accessGroup }) => accessGroup.name));
  const [tags, setTags] = useState(askedTags);
  const [group, setGroup] = useState(askedGroup);
  const [replace, setReplace] = useState<readonly string[]>([]);
  const groups = useQuery(GROUPS).data?.accessGroups ?? [];
  const mayReplace = useMay('MANAGE_COMPUTER');
  const toast = useToastNotification();
  const accept = useCommand(ACCEPT);
  const of = computers.length === 1 ? computers[0]!.title : count(computers.length, 'computer');
  const isMixed = computers.length > 1 && new Set(computers.map((one) => one.tags.join(' '))).size > 1;
  const confirm = () => {
    const input = {
      ids: computers.map(({ id }) => id),
      tags: tags === askedTags ? undefined : tags.split(/[\s,]+/).filter(Boolean),
      accessGroup: group === askedGroup ? undefined : group,
      replace: [...replace],
    };
    return accept({ input }, () => {
      toast.success(`Accepted ${of}.`);
      done();
    });
  };
  return (
    <ConfirmDialog
      title={`Accept ${of}`}
      action="Accept"
      appearance="positive"
      onConfirm={confirm}
      close={close}
    >
      <p>From then on, scripts run on {computers.length === 1 ? 'it' : 'them'}.</p>
      <Input
        type="text"
        label="Tags"
        help={
          isMixed
            ? 'Empty: each computer gets the tags that it asked for. Separate several tags with spaces.'
            : 'Separate several tags with spaces.'
        }
        value={tags}
        autoComplete="off"
        onChange={({ target }) => setTags(target.value)}
      />
      {groups.length > 1 && (
        <Select
          label="Access group"
          value={group}
          options={[
            ...(askedGroup ? [] : [{ value: '', label: 'The group that each computer asked for' }]),
            ...groups.map(({ name, title }) => ({ value: name, label: title })),
          ]}
          onChange={({ target }) => setGroup(target.value)}
        />
      )}
      {mayReplace && <Duplicates computers={computers} replace={replace} change={setReplace} />}
      <EnrolmentProfiles />
    </ConfirmDialog>
  );
}
