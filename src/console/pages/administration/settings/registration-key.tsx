import { Button, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { TextField } from '../../../components/form/field.tsx';
import { Problems } from '../../../components/form/problems.tsx';
import { newKey, useChange } from '../../../components/form/use-change.ts';
import { useCommand } from '../../../components/form/use-command.ts';

const SET_KEY = graphql(`
  mutation SetRegistrationKey($input: UpdatePreferencesInput!) {
    updatePreferences(input: $input) {
      preferences { id hasRegistrationKey }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly isSet: boolean;
  readonly account: string;
}

/** Sets or removes the key with which computers enrol. The gateway never shows a key that is set. */
export function RegistrationKey({ isSet, account }: Props) {
  const [key, setKey] = useState('');
  const [removes, setRemoves] = useState(false);
  const [set, { busy, problems }] = useChange(SET_KEY);
  const remove = useCommand(SET_KEY);
  const toast = useToastNotification();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await set({ input: { registrationKey: key } }))
      toast.success('Set the registration key. Copy it now: it is not shown again.');
  };
  return (
    <>
      <form className="form" onSubmit={(event) => void save(event)}>
        <p>
          {isSet
            ? 'A key is set. It is not shown, but you can replace it. Computers that have enrolled are not affected.'
            : 'No key is set, so no computer can enrol by itself.'}
        </p>
        <Problems of={problems} except={['registrationKey']} />
        <TextField
          name="registrationKey"
          type="text"
          label={isSet ? 'New key' : 'Key'}
          help={`At least 8 characters. On a computer, write it to /etc/landscape/client.conf as registration_key, with account_name = ${account}.`}
          required
          autoComplete="off"
          spellCheck={false}
          problems={problems}
          value={key}
          onChange={({ target }) => setKey(target.value)}
        />
        <div className="form__actions">
          <Button type="submit" appearance="positive" disabled={busy || key === ''}>
            {isSet ? 'Replace key' : 'Set key'}
          </Button>
          <Button type="button" onClick={() => setKey(newKey())}>
            Propose a random key
          </Button>
          {isSet && (
            <Button type="button" onClick={() => setRemoves(true)}>
              Remove key
            </Button>
          )}
        </div>
      </form>
      {removes && (
        <ConfirmDialog
          title="Remove the registration key"
          action="Remove key"
          onConfirm={() =>
            remove(
              { input: { registrationKey: '' } },
              () => void toast.success('Removed the registration key.'),
            )
          }
          close={() => setRemoves(false)}
        >
          <p>
            No computer can enrol by itself until another key is set. Enrolled computers are not affected.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
