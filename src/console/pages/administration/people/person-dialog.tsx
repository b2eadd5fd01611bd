import { useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql, read } from '../../../app/graphql.ts';
import { FieldDifferences } from '../../../components/field-differences.tsx';
import { CheckList } from '../../../components/form/check-list.tsx';
import { TextField } from '../../../components/form/field.tsx';
import { FormDialog } from '../../../components/form/form-dialog.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { Notice } from '../../../components/page/notice.tsx';
import type { PersonToChange } from './person-ask.ts';
import { PERSON_ROW } from './person-columns.tsx';
import { type DescribedRole, roleOptions } from './role-options.tsx';

const UPDATE = graphql(`
  mutation UpdatePerson($input: UpdatePersonInput!) {
    updatePerson(input: $input) {
      person { id ...PersonRow }
      current { id ...PersonRow }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly person: PersonToChange;
  readonly roles: readonly DescribedRole[];
  readonly close: () => void;
  readonly done: () => void;
}

const rolesOf = ({ roles }: PersonToChange) => roles?.map(({ name }) => name) ?? [];

/** Edits a person and their roles. If another person changed them meanwhile, both are shown. */
export function PersonDialog({ person, roles, close, done }: Props) {
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email);
  const [chosen, setChosen] = useState<readonly string[]>(rolesOf(person));
  const [update, { busy, problems, refused }] = useChange(UPDATE);
  const clash: PersonToChange | null | undefined = refused?.current && read(PERSON_ROW, refused.current);
  const toast = useToastNotification();
  const save = async () => {
    const payload = await update({
      input: {
        id: person.id,
        expectedVersion: (clash ?? person).version,
        name,
        email,
        roles: [...chosen],
      },
    });
    if (!payload) return;
    toast.success(`Changed ${name}.`);
    done();
    close();
  };
  return (
    <FormDialog
      title={`Edit ${person.name}`}
      action={clash ? 'Save mine over it' : 'Save'}
      busy={busy}
      problems={problems.filter(({ code }) => code !== 'VERSION_CLASH')}
      fields={['name', 'email', 'roles']}
      onSubmit={save}
      close={close}
    >
      {clash && (
        <>
          <Notice severity="caution" title="Another person changed this person meanwhile" role="alert" />
          <FieldDifferences
            beforeTitle="Stored"
            afterTitle="Yours"
            differences={[
              { field: 'Name', before: clash.name, after: name },
              { field: 'E-mail', before: clash.email, after: email },
              { field: 'Roles', before: rolesOf(clash).join(', '), after: [...chosen].sort().join(', ') },
            ].filter(({ before, after }) => before !== after)}
          />
        </>
      )}
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
        help="Another address logs the person out."
        required
        problems={problems}
        value={email}
        onChange={({ target }) => setEmail(target.value)}
      />
      <CheckList
        name="roles"
        legend="Roles"
        options={roleOptions(roles)}
        chosen={chosen}
        change={setChosen}
        problems={problems}
      />
    </FormDialog>
  );
}
