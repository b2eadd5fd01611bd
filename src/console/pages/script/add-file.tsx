import { Input, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { Problems } from '../../components/form/problems.tsx';
import { useChange } from '../../components/form/use-change.ts';

const ADD_FILE = graphql(`
  mutation AddScriptFile($input: AddScriptAttachmentInput!) {
    addScriptAttachment(input: $input) {
      script { id revision ...ScriptFiles }
      userErrors { code field message }
    }
  }
`);

/** The content of a file in base64. */
const contentOf = (file: File) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** Adds a file that the person chooses. */
export function AddFile({ scriptId }: { readonly scriptId: string }) {
  const [add, { busy, problems }] = useChange(ADD_FILE);
  // Another key empties the field.
  const [turn, setTurn] = useState(0);
  const toast = useToastNotification();
  const send = async (file: File | undefined) => {
    if (!file) return;
    const content = await contentOf(file);
    setTurn((before) => before + 1);
    if (await add({ input: { scriptId, filename: file.name, content } }))
      toast.success(`Added ${file.name}.`);
  };
  return (
    <div className="form">
      <Problems of={problems} />
      <Input
        key={turn}
        type="file"
        label="Add a file"
        disabled={busy}
        onChange={({ target }) => void send(target.files?.[0])}
      />
    </div>
  );
}
