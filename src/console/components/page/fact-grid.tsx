import type { ReactNode } from 'react';

interface Props {
  /** Names and values. A value that is null, undefined or an empty text is left out. */
  readonly of: Readonly<Record<string, ReactNode>>;
}

/** What is known about an object: names and values, in as many columns as fit. */
export function FactGrid({ of }: Props) {
  const known = Object.entries(of).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  return (
    <dl className="fact-grid">
      {known.map(([name, value]) => (
        <div key={name} className="fact-grid__item">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
