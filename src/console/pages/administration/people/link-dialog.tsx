import { useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { FormDialog } from '../../../components/form/form-dialog.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { type Link, PasswordLink } from './password-link.tsx';
import type { PersonToChange } from './person-ask.ts';

const RENEW = graphql(`
  mutation RenewInvitation($input: RenewInvitationInput!) {
    renewInvitation(input: $input) {
      person { id ...PersonRow }
      passwordLink { url expiresAt }
      userErrors { code field message }
    }
  }
`);

const RESET = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      person { id ...PersonRow }
      passwordLink { url expiresAt }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly person: PersonToChange;
  readonly how: 'renew' | 'reset';
  readonly close: () => void;
  readonly done: () => void;
}

/** Creates a link for a password: the first one, or another one. */
export function LinkDialog({ person: { id, name }, how, close, done }: Props) {
  const [link, setLink] = useState<Link>();
  const [renew, renewal] = useChange(RENEW);
  const [reset, resetting] = useChange(RESET);
  const { busy, problems } = how === 'renew' ? renewal : resetting;
  const create = async () => {
    const payload = await (how === 'renew' ? renew : reset)({ input: { id } });
    if (!payload?.passwordLink) return;
    done();
    setLink(payload.passwordLink);
  };
  if (link) return <PasswordLink name={name} link={link} close={close} />;
  return (
    <FormDialog
      title={how === 'renew' ? `Renew the invitation of ${name}` : `Password link for ${name}`}
      action="Create link"
      busy={busy}
      problems={problems}
      fields={[]}
      onSubmit={create}
      close={close}
    >
      <p>
        {how === 'renew'
          ? 'The new link replaces the one that was sent before.'
          : 'The present password works until the link is used.'}{' '}
        The gateway sends no e-mail, so you send the link.
      </p>
    </FormDialog>
  );
}
