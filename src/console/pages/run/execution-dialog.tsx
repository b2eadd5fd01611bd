import { useQuery } from '@apollo/client/react';
import { Modal } from '@canonical/react-components';
import { useEffect, useRef } from 'react';
import { graphql } from '../../app/graphql.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { ExecutionActions } from './execution-actions.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import { ExecutionOutput } from './execution-output.tsx';

const EXECUTION = graphql(`
  query Execution($id: ID!) {
    activity(id: $id) {
      id
      status
      computerId
      computer { id title }
      ...ExecutionFacts
      ...ExecutionOutput
      ...ExecutionActions
    }
  }
`);

interface Props {
  /** Number of the execution. */
  readonly id: string;
  readonly close: () => void;
}

/** One execution in front of the run: its output, and what can be done about it. */
export function ExecutionDialog({ id, close }: Props) {
  const result = useQuery(EXECUTION, { variables: { id } });
  const execution = result.data?.activity;
  const status = execution?.status;
  const before = useRef(status);
  // The list learns the new state first. The output and the actions follow it.
  useEffect(() => {
    if (before.current !== undefined && before.current !== status) void result.refetch();
    before.current = status;
  }, [status, result.refetch]);
  const title =
    execution && (execution.computer?.title ?? `Computer ${execution.computerId}, which was removed`);
  return (
    <Modal
      title={title ?? 'Execution'}
      className="execution-dialog"
      close={close}
      buttonRow={execution && <ExecutionActions execution={execution} />}
    >
      <Loaded
        of={result}
        part={({ activity }) => activity}
        missing={<EmptyState title="This run has no such execution." icon="search" />}
      >
        {(found) => (
          <>
            <ExecutionFacts execution={found} />
            <ExecutionOutput execution={found} />
          </>
        )}
      </Loaded>
    </Modal>
  );
}
