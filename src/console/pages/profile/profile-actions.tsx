import { useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useChange } from '../../components/form/use-change.ts';
import { VerdictButton } from '../../components/verdict-button.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { ArchiveDialog } from './archive-dialog.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';

const ACTIONS = graphql(`
  fragment ProfileActions on ScriptProfile {
    id
    databaseId
    title
    state
    viewerPermissions {
      canRun { ...Verdict }
      canPause { ...Verdict }
      canResume { ...Verdict }
      canUpdate { ...Verdict allowed }
      canDuplicate { ...Verdict allowed }
      canArchive { ...Verdict }
    }
    ...RunDialog
    ...PauseDialog
    ...ArchiveDialog
  }
`);

const RESUME = graphql(`
  mutation ResumeProfile($input: ResumeScriptProfileInput!) {
    resumeScriptProfile(input: $input) {
      scriptProfile { id ...OneProfile }
      userErrors { code field message }
    }
  }
`);

/** What the viewer may do with the profile. */
export function ProfileActions({ profile }: { readonly profile: FragmentType<typeof ACTIONS> }) {
  const one = read(ACTIONS, profile);
  const { id, databaseId, title, state, viewerPermissions: may } = one;
  const [open, setOpen] = useState<'run' | 'pause' | 'archive'>();
  const [resume, { problems }] = useChange(RESUME);
  const toast = useToastNotification();
  const close = () => setOpen(undefined);
  const isPaused = state === 'PAUSED';
  const resumeNow = async () => {
    if (await resume({ input: { id } })) toast.success(`Resumed “${title}”.`);
  };
  return (
    <>
      {state !== 'ARCHIVED' && (
        <VerdictButton verdict={may.canRun} appearance="positive" onClick={() => setOpen('run')}>
          Run now
        </VerdictButton>
      )}
      {isPaused && (
        <VerdictButton verdict={may.canResume} onClick={() => void resumeNow()}>
          Resume
        </VerdictButton>
      )}
      {may.canUpdate.allowed && (
        <Link className="p-button" to={`/profiles/${databaseId}/edit`}>
          Edit
        </Link>
      )}
      {state !== 'ARCHIVED' && (
        <VerdictButton verdict={may.canPause} onClick={() => setOpen('pause')}>
          {isPaused ? 'Change the note' : 'Pause'}
        </VerdictButton>
      )}
      {may.canDuplicate.allowed && (
        <Link className="p-button" to={`/profiles/new?from=${databaseId}`}>
          Duplicate
        </Link>
      )}
      {state !== 'ARCHIVED' && (
        <VerdictButton verdict={may.canArchive} onClick={() => setOpen('archive')}>
          Archive
        </VerdictButton>
      )}
      {problems.length > 0 && (
        <p role="alert" className="p-form-validation__message">
          {problems.map(({ message }) => message).join(' ')}
        </p>
      )}
      {open === 'run' && <RunDialog profile={one} close={close} />}
      {open === 'pause' && <PauseDialog profile={one} close={close} />}
      {open === 'archive' && <ArchiveDialog profile={one} close={close} />}
    </>
  );
}
