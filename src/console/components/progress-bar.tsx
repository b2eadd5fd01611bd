import { graphql, read } from '../app/graphql.ts';
import { count } from '../format/count.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';

const COUNTS = graphql(`
  fragment ProgressCounts on RunCounts { canceled delivered failed succeeded undelivered }
`);

const parts = [
  ['succeeded', 'good', 'succeeded'],
  ['failed', 'bad', 'failed'],
  ['canceled', 'off', 'canceled'],
  ['delivered', 'busy', 'running'],
  ['undelivered', 'waiting', 'queued'],
] as const;

/** How far a run is: a bar in which each state of its executions has its share, and the counts as words. */
export function ProgressBar({
  counts,
  words = true,
}: {
  counts: FragmentType<typeof COUNTS>;
  words?: boolean;
}) {
  const amounts = read(COUNTS, counts);
  const total = parts.reduce((sum, [name]) => sum + amounts[name], 0);
  const over = amounts.succeeded + amounts.failed + amounts.canceled;
  const present = parts.filter(([name]) => amounts[name] > 0);
  const said = present.map(([name, , word]) => `${amounts[name].toLocaleString('en-GB')} ${word}`).join(', ');
  return (
    <div className="progress">
      <div
        className="progress__bar"
        role="progressbar"
        aria-label="Executions that are over"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={over}
        aria-valuetext={said || 'no computers'}
        title={said}
      >
        {present.map(([name, tone]) => (
          <span
            key={name}
            className={`progress__part is-${tone}`}
            style={{ flexGrow: amounts[name], flexBasis: 0 }}
          />
        ))}
      </div>
      {words && <span className="progress__words">{said || count(0, 'computer')}</span>}
    </div>
  );
}
