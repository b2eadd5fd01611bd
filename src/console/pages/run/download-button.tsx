import { useApolloClient } from '@apollo/client/react';
import { Button, useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { reasonsOf } from '../../components/page/error-message.tsx';
import { wholeNumber } from '../../format/count.ts';
import { save, textOf } from './run-text.ts';

interface Props {
  readonly runId: string;
  readonly number: number;
  /** Number of executions. */
  readonly total: number;
}

/** Saves the run with all outputs as a text file. */
export function DownloadButton({ runId, number, total }: Props) {
  const client = useApolloClient();
  const toast = useToastNotification();
  const [done, setDone] = useState<number>();
  const download = async () => {
    setDone(0);
    try {
      save(`run-${number}.txt`, await textOf(client, runId, setDone));
    } catch (error) {
      toast.failure('The run could not be downloaded', error, reasonsOf(error as Error).join(' '));
    }
    setDone(undefined);
  };
  return (
    <Button disabled={done !== undefined} onClick={() => void download()}>
      {done === undefined ? 'Download as text' : `Loading ${wholeNumber(done)} of ${wholeNumber(total)} …`}
    </Button>
  );
}
