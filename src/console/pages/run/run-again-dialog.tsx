import { useMutation } from '@apollo/client/react';
import { type ReactNode, useRef } from 'react';
import { graphql } from '../../app/graphql.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { refusalOf } from '../../components/form/refusal.ts';
import { newKey } from '../../components/form/use-change.ts';

const REAPPLY = graphql(`
  mutation RunAgain($id: ID!, $key: String!) {
    reapplyActivities(input: { ids: [$id], idempotencyKey: $key }) {
      activities { id databaseId }
      userErrors { code field message }
    }
  }
`);

const RERUN_FAILED = graphql(`
  mutation RunAgainWhereFailed($id: ID!, $key: String!) {
    rerunFailedExecutions(input: { activityId: $id, idempotencyKey: $key }) {
      activity { id databaseId }
      userErrors { code field message }
    }
  }
`);

interface Props {
  /** Repeats a whole run or one execution, or only where the run failed. */
  readonly which: 'all' | 'failed';
  readonly id: string;
  readonly close: () => void;
  readonly started: (run: { readonly databaseId: number }) => void;
  readonly children: ReactNode;
}

/** Asks before something runs again. A second click does not start it twice. */
export function RunAgainDialog({ which, id, close, started, children }: Props) {
  const [reapply] = useMutation(REAPPLY);
  const [rerunFailed] = useMutation(RERUN_FAILED);
  const key = useRef(newKey());
  const repeat = async () => {
    const variables = { id, key: key.current };
    const answer = which === 'all' ? await reapply({ variables }) : await rerunFailed({ variables });
    const refusal = refusalOf<object>(answer);
    if (refusal) return refusal;
    const run = runOf(answer.data);
    if (run) started(run);
    return undefined;
  };
  return (
    <ConfirmDialog
      title={which === 'all' ? 'Run it again?' : 'Run it again where it failed?'}
      action="Run again"
      appearance="positive"
      close={close}
      onConfirm={repeat}
    >
      {children}
    </ConfirmDialog>
  );
}

type Run = { readonly databaseId: number };

function runOf(
  data:
    | { readonly reapplyActivities: { readonly activities: readonly Run[] | null } | null }
    | { readonly rerunFailedExecutions: { readonly activity: Run | null } | null }
    | null
    | undefined,
): Run | undefined {
  if (!data) return undefined;
  if ('reapplyActivities' in data) return data.reapplyActivities?.activities?.[0];
  return data.rerunFailedExecutions?.activity ?? undefined;
}
