import { useSubscription } from '@apollo/client/react';
import { graphql, read } from '../../app/graphql.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { ProgressBar } from '../progress-bar.tsx';

const RUN = graphql(`
  fragment LiveProgress on Activity { id completionTime status counts { ...ProgressCounts } }
`);

const PROGRESS = graphql(`
  subscription ProgressOfRun($id: ID!) { runProgress(activityId: $id) { activity { id duration ...LiveProgress } } }
`);

/** The bar of a run, which moves until the run has ended. The list of runs only follows starts and ends. */
export function LiveProgress({ run }: { readonly run: FragmentType<typeof RUN> }) {
  const { id, completionTime, counts } = read(RUN, run);
  useSubscription(PROGRESS, { variables: { id }, skip: completionTime !== null, ignoreResults: true });
  return counts && <ProgressBar counts={counts} />;
}
