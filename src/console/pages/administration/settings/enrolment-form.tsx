import { Button, Switch, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { graphql, read } from '../../../app/graphql.ts';
import { useMay, useViewer } from '../../../app/session/viewer.ts';
import { TextField } from '../../../components/form/field.tsx';
import { Problems } from '../../../components/form/problems.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { FactGrid } from '../../../components/page/fact-grid.tsx';
import { Section } from '../../../components/page/section.tsx';
import type { FragmentType } from '../../../generated/fragment-masking.ts';
import { RegistrationKey } from './registration-key.tsx';

const PREFERENCES = graphql(`
  fragment EnrolmentForm on Preferences {
    id
    title
    autoRegisterNewComputers
    hasRegistrationKey
  }
`);

const UPDATE = graphql(`
  mutation UpdatePreferences($input: UpdatePreferencesInput!) {
    updatePreferences(input: $input) {
      preferences { id ...EnrolmentForm }
      userErrors { code field message }
    }
  }
`);

export function EnrolmentForm({ preferences }: { readonly preferences: FragmentType<typeof PREFERENCES> }) {
  const stored = read(PREFERENCES, preferences);
  const [title, setTitle] = useState(stored.title);
  const [update, { busy, problems }] = useChange(UPDATE);
  const mayChange = useMay('MANAGE_ACCOUNT');
  const account = useViewer()?.accountName;
  const toast = useToastNotification();
  const saveTitle = async (event: FormEvent) => {
    event.preventDefault();
    if (await update({ input: { title } })) toast.success('Changed the title of the account.');
  };
  const acceptAll = async (autoRegisterNewComputers: boolean) => {
    if (!(await update({ input: { autoRegisterNewComputers } }))) return;
    toast.success(
      autoRegisterNewComputers
        ? 'New computers are accepted immediately.'
        : 'New computers wait for a decision.',
    );
  };
  if (!mayChange)
    return (
      <FactGrid
        of={{
          'Title of the account': stored.title,
          'Registration key': stored.hasRegistrationKey ? 'Set' : 'None',
          'New computers': stored.autoRegisterNewComputers ? 'Accepted immediately' : 'Wait for a decision',
        }}
      />
    );
  return (
    <>
      <Section title="Registration key">
        <RegistrationKey isSet={stored.hasRegistrationKey} account={account ?? ''} />
      </Section>
      <Section title="New computers">
        <Switch
          label="Accept computers that enrol with the registration key immediately"
          checked={stored.autoRegisterNewComputers}
          disabled={busy}
          onChange={({ currentTarget }) => void acceptAll(currentTarget.checked)}
        />
        <p className="u-text--muted">
          Otherwise they wait on the page of pending computers. A person who has the key could run your
          scripts, and read what they contain.
        </p>
      </Section>
      <Section title="Account">
        <form className="form" onSubmit={(event) => void saveTitle(event)}>
          <Problems of={problems} except={['title']} />
          <TextField
            name="title"
            type="text"
            label="Title of the account"
            help={`Its name, which never changes, is ${account}.`}
            required
            problems={problems}
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
          <Button type="submit" disabled={busy || title === stored.title}>
            Save title
          </Button>
        </form>
      </Section>
    </>
  );
}
