import type { ReactNode } from 'react';

type Fact = readonly [name: string, value: ReactNode];

/** Names with their values, in a row that wraps. Facts that do not apply are left out. */
export function Facts({ facts }: { readonly facts: readonly (Fact | false | null | undefined | 0 | '')[] }) {
  return (
    <dl className="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="facts__fact">
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
