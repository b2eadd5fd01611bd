import { Button, Modal } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { TextField } from '../../../components/form/field.tsx';
import { FormDialog } from '../../../components/form/form-dialog.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { Secret } from '../../../components/secret.tsx';

const CREATE = graphql(`
  mutation CreateAccessKey($input: CreateAccessKeyInput!) {
    createAccessKey(input: $input) {
      accessKey { id key title }
      secretKey
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly close: () => void;
  readonly done: () => void;
}

/** Creates a key, and shows its secret once. */
export function CreateKeyDialog({ close, done }: Props) {
  const [title, setTitle] = useState('');
  const [created, setCreated] = useState<{ readonly key: string; readonly secret: string }>();
  const [create, { busy, problems }] = useChange(CREATE);
  const save = async () => {
    const payload = await create({ input: { title } });
    if (!payload?.accessKey || payload.secretKey === null) return;
    setCreated({ key: payload.accessKey.key, secret: payload.secretKey });
    done();
  };
  if (created)
    return (
      <Modal
        title={`Access key “${title}”`}
        close={close}
        closeOnOutsideClick={false}
        buttonRow={
          <Button appearance="positive" onClick={close}>
            I have stored the secret
          </Button>
        }
      >
        <p>Store the secret now. The console does not show it again.</p>
        <Secret label="Access key" value={created.key} />
        <Secret label="Secret key" value={created.secret} />
      </Modal>
    );
  return (
    <FormDialog
      title="Create access key"
      action="Create"
      busy={busy}
      problems={problems}
      fields={['title']}
      onSubmit={save}
      close={close}
    >
      <TextField
        name="title"
        type="text"
        label="Purpose"
        help="Say which program uses the key, so that you can revoke the right one."
        required
        problems={problems}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
    </FormDialog>
  );
}
