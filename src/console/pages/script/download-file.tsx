import { useApolloClient } from '@apollo/client/react';
import { Button, useToastNotification } from '@canonical/react-components';
import { graphql } from '../../app/graphql.ts';

const CONTENT = graphql(`
  query ContentOfScriptFiles($scriptId: ID!) {
    script(id: $scriptId) { id attachments { id filename content } }
  }
`);

interface Props {
  readonly scriptId: string;
  readonly filename: string;
}

/** Saves a file of the script. Its content is loaded only now. */
export function DownloadFile({ scriptId, filename }: Props) {
  const client = useApolloClient();
  const toast = useToastNotification();
  const save = async () => {
    const { data } = await client.query({
      query: CONTENT,
      variables: { scriptId },
      fetchPolicy: 'no-cache',
    });
    const file = data?.script?.attachments.find((one) => one.filename === filename);
    if (!file) {
      toast.failure('The file could not be loaded', undefined, `${filename} does not exist any more.`);
      return;
    }
    const content = Uint8Array.from(atob(file.content), (character) => character.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([content]));
    const link = Object.assign(document.createElement('a'), { href: address, download: filename });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Button dense small onClick={() => void save()}>
      Download<span className="u-off-screen"> {filename}</span>
    </Button>
  );
}
