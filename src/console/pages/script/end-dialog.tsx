import { useQuery } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCommand } from '../../components/form/use-command.ts';
import { count } from '../../format/count.ts';

const ARCHIVE = graphql(`
  mutation ArchiveScript($input: ArchiveScriptInput!) {
    archiveScript(input: $input) {
      script { id ...ScriptDetails }
      userErrors { code field message }
    }
  }
`);

const REDACT = graphql(`
  mutation RedactScript($input: RedactScriptInput!) {
    redactScript(input: $input) {
      script { id ...ScriptDetails }
      userErrors { code field message }
    }
  }
`);

const ENDED_PROFILES = graphql(`
  query ProfilesOfEndedScript($id: ID!) {
    script(id: $id) {
      id
      profiles(first: 10, orderBy: { field: TITLE, direction: ASC }) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id databaseId title } }
      }
    }
  }
`);

interface Props {
  readonly id: string;
  readonly title: string;
  readonly how: 'archive' | 'redact';
  readonly close: () => void;
}

/** Archives or redacts a script, after naming the profiles that this archives too. */
export function EndDialog({ id, title, how, close }: Props) {
  const archive = useCommand(ARCHIVE);
  const redact = useCommand(REDACT);
  const toast = useToastNotification();
  const profiles = useQuery(ENDED_PROFILES, { variables: { id }, fetchPolicy: 'network-only' }).data?.script
    ?.profiles;
  const confirm = () =>
    how === 'archive'
      ? archive({ input: { id } }, () => void toast.success(`Archived “${title}”.`))
      : redact({ input: { id } }, () => void toast.success(`Deleted the code of “${title}”.`));
  const rest = profiles ? profiles.totalCount - profiles.edges.length : 0;
  return (
    <ConfirmDialog
      title={`${how === 'archive' ? 'Archive' : 'Redact'} “${title}”`}
      action={how === 'archive' ? 'Archive script' : 'Delete the code'}
      onConfirm={confirm}
      close={close}
    >
      {how === 'archive' ? (
        <p>An archived script never runs again. It cannot be edited, and its title stays reserved.</p>
      ) : (
        <p>Redacting deletes the code of every version for good, for example because it contains a secret.</p>
      )}
      {profiles && profiles.totalCount === 0 && <p>No script profile runs it.</p>}
      {profiles && profiles.totalCount > 0 && (
        <>
          <p>
            This also archives {count(profiles.totalCount, 'script profile')} permanently, and cancels their
            undelivered executions:
          </p>
          <ul>
            {profiles.edges.map(({ node }) => (
              <li key={node.id}>
                <Link to={`/profiles/${node.databaseId}`}>{node.title}</Link>
              </li>
            ))}
            {rest > 0 && <li>and {count(rest, 'other')}</li>}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
