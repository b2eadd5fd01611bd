import { Button, Modal, Notification, RadioInput, useToastNotification } from '@canonical/react-components';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { Problems } from '../../components/form/problems.tsx';
import { newKey, useChange } from '../../components/form/use-change.ts';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { type Chosen, ComputerPicker } from './computer-picker.tsx';

const PROFILE = graphql(`
  fragment RunDialog on ScriptProfile {
    id
    title
    tags
    allComputers
    timeLimit
    numAssociatedComputers
    accessGroup { id name }
    trigger { __typename }
  }
`);

const RUN = graphql(`
  mutation RunProfile($input: RunScriptProfileInput!) {
    runScriptProfile(input: $input) {
      activity { id databaseId status scriptProfile { id lastRun lastRunStatus lastActivity { id } } }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly profile: FragmentType<typeof PROFILE>;
  readonly close: () => void;
}

/** Runs a profile now, on all its computers or on chosen ones. */
export function RunDialog({ profile, close }: Props) {
  const { id, title, timeLimit, numAssociatedComputers, trigger, ...target } = read(PROFILE, profile);
  const [run, { busy, problems }] = useChange(RUN);
  const [isPart, setPart] = useState(false);
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  // One key for each decision: a retry of the same run is not a second run.
  const sent = useRef({ key: newKey(), what: '' });
  const navigate = useNavigate();
  const toast = useToastNotification();
  const isEvent = trigger.__typename === 'EventTrigger';
  const all = isEvent ? 'All computers that it matches' : `All ${count(numAssociatedComputers, 'computer')}`;
  const start = async () => {
    const computerIds = isPart ? chosen.map((computer) => computer.id) : undefined;
    const what = JSON.stringify(computerIds ?? 'all');
    if (sent.current.what !== what) sent.current = { key: newKey(), what };
    const payload = await run({ input: { id, computerIds, idempotencyKey: sent.current.key } });
    if (!payload?.activity) return;
    toast.success(`Started a run of “${title}”.`);
    close();
    void navigate(`/runs/${payload.activity.databaseId}`);
  };
  return (
    <Modal
      title={`Run “${title}” now`}
      close={close}
      buttonRow={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            appearance="positive"
            disabled={busy || (isPart && chosen.length === 0)}
            onClick={() => void start()}
          >
            {isPart ? `Run on ${count(chosen.length, 'computer')}` : 'Run now'}
          </Button>
        </>
      }
    >
      <Problems of={problems} title="Nothing was run" />
      <fieldset className="run-targets">
        <legend className="u-off-screen">Computers</legend>
        <RadioInput name="targets" label={all} checked={!isPart} onChange={() => setPart(false)} />
        <RadioInput name="targets" label="Chosen computers" checked={isPart} onChange={() => setPart(true)} />
      </fieldset>
      {isPart && <ComputerPicker target={target} chosen={chosen} onChange={setChosen} />}
      {!isPart && !isEvent && numAssociatedComputers === 0 && (
        <Notification severity="caution" borderless>
          It matches no computer now, so the run would do nothing.
        </Notification>
      )}
      <p className="u-text--muted">
        Each computer runs the script as soon as it is seen, for at most {duration(timeLimit)}. The schedule
        stays as it is.
      </p>
    </Modal>
  );
}
