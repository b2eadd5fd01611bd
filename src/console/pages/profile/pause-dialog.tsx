import { Button, Modal, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { graphql, read } from '../../app/graphql.ts';
import { LongTextField } from '../../components/form/field.tsx';
import { Problems } from '../../components/form/problems.tsx';
import { useChange } from '../../components/form/use-change.ts';
import { Time } from '../../components/time.tsx';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const PROFILE = graphql(`
  fragment PauseDialog on ScriptProfile {
    id
    title
    pausedAt
    pauseNote
    nextRun
    trigger { __typename }
  }
`);

const PAUSE = graphql(`
  mutation PauseProfile($input: PauseScriptProfileInput!) {
    pauseScriptProfile(input: $input) {
      scriptProfile { id ...OneProfile }
      userErrors { code field message }
    }
  }
`);

const consequences = {
  RecurringTrigger: 'Slots that fall due meanwhile are skipped. Resuming does not catch up.',
  OneTimeTrigger: 'If its time passes meanwhile, it is finished without a run, until you set a new time.',
  EventTrigger: 'Computers that enrol meanwhile do not run it.',
} as const;

interface Props {
  readonly profile: FragmentType<typeof PROFILE>;
  readonly close: () => void;
}

/** Pauses a profile with a note for other people, or changes the note. */
export function PauseDialog({ profile, close }: Props) {
  const { id, title, pausedAt, pauseNote, nextRun, trigger } = read(PROFILE, profile);
  const [pause, { busy, problems }] = useChange(PAUSE);
  const [note, setNote] = useState(pauseNote ?? '');
  const toast = useToastNotification();
  const save = async () => {
    if (!(await pause({ input: { id, note } }))) return;
    toast.success(pausedAt ? 'Changed the note.' : `Paused “${title}”.`);
    close();
  };
  return (
    <Modal
      title={pausedAt ? 'Change the note of the pause' : `Pause “${title}”`}
      close={close}
      buttonRow={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button appearance="positive" type="submit" form="pause" disabled={busy}>
            {pausedAt ? 'Save the note' : 'Pause'}
          </Button>
        </>
      }
    >
      <form
        id="pause"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Problems of={problems} except={['note']} />
        {!pausedAt && (
          <p>
            {nextRun && (
              <>
                The run <Time at={nextRun} as="both" /> will not happen.{' '}
              </>
            )}
            {consequences[trigger.__typename]} Executions that are already queued stay queued.
          </p>
        )}
        <LongTextField
          name="note"
          label="Note"
          help="Says to other people why it is paused, and until when."
          rows={3}
          problems={problems}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </form>
    </Modal>
  );
}
