import { useToastNotification } from '@canonical/react-components';
import { graphql } from '../../../app/graphql.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useCommand } from '../../../components/form/use-command.ts';
import type { PersonToChange } from './person-ask.ts';

const REVOKE = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) { removedId userErrors { code field message } }
  }
`);

const REMOVE = graphql(`
  mutation RemovePerson($input: RemovePersonInput!) {
    removePerson(input: $input) { removedId userErrors { code field message } }
  }
`);

const LOG_OUT = graphql(`
  mutation InvalidatePersonTokens($input: InvalidatePersonTokensInput!) {
    invalidatePersonTokens(input: $input) { tokensValidFrom userErrors { code field message } }
  }
`);

interface Props {
  readonly person: PersonToChange;
  readonly how: 'revoke' | 'remove' | 'log-out';
  readonly close: () => void;
  readonly done: () => void;
}

const texts = {
  revoke: {
    title: (name: string) => `Revoke the invitation of ${name}`,
    action: 'Revoke invitation',
    means: 'The link that was sent stops working, and the person is removed from the account.',
    toast: (name: string) => `Revoked the invitation of ${name}.`,
  },
  remove: {
    title: (name: string) => `Remove ${name}`,
    action: 'Remove person',
    means:
      'The person is logged out and cannot log in to this account again. Their access keys are deleted. What they created stays, and profiles go on running.',
    toast: (name: string) => `Removed ${name}.`,
  },
  'log-out': {
    title: (name: string) => `Log ${name} out everywhere`,
    action: 'Log out',
    means: 'All sessions of the person end, and all their access keys are deleted. They can log in again.',
    toast: (name: string) => `Logged ${name} out.`,
  },
} as const;

/** Takes something from a person, after saying what that means. */
export function EndPersonDialog({ person: { id, name }, how, close, done }: Props) {
  const commands = {
    revoke: useCommand(REVOKE),
    remove: useCommand(REMOVE),
    'log-out': useCommand(LOG_OUT),
  };
  const toast = useToastNotification();
  const { title, action, means, toast: said } = texts[how];
  const confirm = () =>
    commands[how]({ input: { id } }, () => {
      toast.success(said(name));
      done();
    });
  return (
    <ConfirmDialog title={title(name)} action={action} onConfirm={confirm} close={close}>
      <p>{means}</p>
    </ConfirmDialog>
  );
}
