import { graphql, read } from '../../app/graphql.ts';
import { duration } from '../../format/duration.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { useNow } from './use-now.ts';

const TIMES = graphql(`
  fragment RunTimes on Activity { creationTime completionTime duration }
`);

/** How long a run took, or for how long it has been in progress. */
export function RunDuration({ run }: { readonly run: FragmentType<typeof TIMES> }) {
  const { creationTime, completionTime, duration: seconds } = read(TIMES, run);
  const now = useNow();
  if (seconds !== null) return <>{duration(seconds)}</>;
  if (completionTime !== null) return <>{duration(0)}</>;
  const soFar = Math.max(0, (now - Date.parse(creationTime)) / 1000);
  return <span className="u-text--muted">{duration(soFar)} so far</span>;
}
