import type { ListUrl } from '../../components/table/use-list-url.ts';
import { wholeNumber } from '../../format/count.ts';
import { executionStates } from './execution-states.ts';

interface Props {
  readonly list: ListUrl;
  readonly counts: Readonly<Record<(typeof executionStates)[number]['count'], number>>;
}

/** Selects the executions in one state. Each choice says how many there are. */
export function StateFilter({ list, counts }: Props) {
  const chosen = list.filter('state');
  const total = executionStates.reduce((sum, { count }) => sum + counts[count], 0);
  const choices = [
    { key: undefined, label: 'All', tone: undefined, amount: total },
    ...executionStates.map(({ key, label, tone, count }) => ({ key, label, tone, amount: counts[count] })),
  ].filter(({ key, amount }) => key === undefined || key === chosen || amount > 0);
  return (
    <fieldset className="state-filter">
      <legend className="u-off-screen">State</legend>
      {choices.map(({ key, label, tone, amount }) => (
        <button
          key={label}
          type="button"
          className={`state-filter__choice ${tone ? `is-${tone}` : ''}`}
          aria-pressed={chosen === key}
          onClick={() => list.set({ state: key })}
        >
          {label} <span className="state-filter__count">{wholeNumber(amount)}</span>
        </button>
      ))}
    </fieldset>
  );
}
