import { graphql, read } from '../app/graphql.ts';
import { count } from '../format/count.ts';
import { dayName } from '../format/time.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';

const DAY = graphql(`
  fragment ResultDay on DailyRunTotals { startsAt runs succeeded failed canceled inProgress }
`);

type Day = { runs: number; succeeded: number; failed: number; canceled: number; inProgress: number };

const toneOf = ({ runs, failed, inProgress, succeeded }: Day) => {
  if (runs === 0) return 'none';
  if (failed > 0) return succeeded > 0 ? 'mixed' : 'bad';
  if (inProgress > 0) return 'busy';
  return succeeded > 0 ? 'good' : 'off';
};

const words = (day: Day) => {
  const parts = (['succeeded', 'failed', 'canceled'] as const)
    .filter((name) => day[name] > 0)
    .map((name) => `${day[name]} ${name}`);
  if (day.inProgress > 0) parts.push(`${day.inProgress} in progress`);
  return day.runs === 0 ? 'no runs' : `${count(day.runs, 'run')}: ${parts.join(', ')}`;
};

/** One square for each day, oldest first. Days with failures are taller, so that colour is not the only sign. */
export function ResultStrip({ days }: { readonly days: readonly FragmentType<typeof DAY>[] }) {
  const read_ = days.map((day) => read(DAY, day));
  const label = read_.map((day) => `${dayName(day.startsAt)}: ${words(day)}`).join('; ');
  return (
    <span className="result-strip" role="img" aria-label={label}>
      {read_.map((day) => (
        <span
          key={day.startsAt}
          className={`result-strip__day is-${toneOf(day)}`}
          title={`${dayName(day.startsAt)}: ${words(day)}`}
        />
      ))}
    </span>
  );
}
