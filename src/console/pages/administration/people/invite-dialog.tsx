import { useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { CheckList } from '../../../components/form/check-list.tsx';
import { TextField } from '../../../components/form/field.tsx';
import { FormDialog } from '../../../components/form/form-dialog.tsx';
import { newKey, useChange } from '../../../components/form/use-change.ts';
import { type Link, PasswordLink } from './password-link.tsx';
import { type DescribedRole, roleOptions } from './role-options.tsx';

const CREATE = graphql(`
  mutation CreatePerson($input: CreatePersonInput!) {
    createPerson(input: $input) {
      person { id ...PersonRow }
      passwordLink { url expiresAt }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly roles: readonly DescribedRole[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Invites a person, and shows the link for their password. */
export function InviteDialog({ roles, close, done }: Props) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [link, setLink] = useState<Link>();
  const [create, { busy, problems }] = useChange(CREATE);
  const save = async () => {
    const payload = await create({ input: { name, email, roles: [...chosen], idempotencyKey: newKey() } });
    if (!payload) return;
    done();
    if (payload.passwordLink) setLink(payload.passwordLink);
    else close();
  };
  if (link) return <PasswordLink name={name} link={link} close={close} />;
  return (
    <FormDialog
      title="Invite a person"
      action="Invite"
      busy={busy}
      problems={problems}
      fields={['name', 'email', 'roles']}
      onSubmit={save}
      close={close}
    >
      <TextField
        name="name"
        type="text"
        label="Name"
        required
        problems={problems}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        name="email"
        type="email"
        label="E-mail"
        required
        problems={problems}
        value={email}
        onChange={({ target }) => setEmail(target.value)}
      />
      <CheckList
        name="roles"
        legend="Roles"
        help="Without a role, a person can log in and see nothing."
        options={roleOptions(roles)}
        chosen={chosen}
        change={setChosen}
        problems={problems}
      />
    </FormDialog>
  );
}
