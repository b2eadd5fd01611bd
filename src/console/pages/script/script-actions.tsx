import { useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { VerdictButton } from '../../components/verdict-button.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const SCRIPT = graphql(`
  fragment ScriptActions on Script {
    id
    databaseId
    status
    viewerPermissions {
      canArchive { ...Verdict }
      canCreateProfile { ...Verdict }
      canRedact { ...Verdict }
      canUpdate { ...Verdict }
    }
  }
`);

interface Props {
  readonly script: FragmentType<typeof SCRIPT>;
  /** Asks before the script is put out of use. */
  readonly end: (how: 'archive' | 'redact') => void;
}

/** What the viewer may do with the script. */
export function ScriptActions({ script, end }: Props) {
  const { databaseId, status, viewerPermissions: may } = read(SCRIPT, script);
  const navigate = useNavigate();
  return (
    <>
      {status === 'ACTIVE' && (
        <>
          <VerdictButton
            verdict={may.canUpdate}
            appearance="positive"
            onClick={() => navigate(`/scripts/${databaseId}/edit`)}
          >
            Edit
          </VerdictButton>
          <VerdictButton
            verdict={may.canCreateProfile}
            onClick={() => navigate(`/profiles/new?script=${databaseId}`)}
          >
            New profile
          </VerdictButton>
        </>
      )}
      {status === 'ACTIVE' && (
        <VerdictButton verdict={may.canArchive} onClick={() => end('archive')}>
          Archive
        </VerdictButton>
      )}
      {status !== 'REDACTED' && (
        <VerdictButton verdict={may.canRedact} onClick={() => end('redact')}>
          Redact
        </VerdictButton>
      )}
    </>
  );
}
