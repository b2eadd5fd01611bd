import type { ReactNode } from 'react';

interface Props {
  readonly tone: 'bad' | 'waiting' | 'busy' | 'off';
  /** What is wrong, with the number. */
  readonly title: ReactNode;
  /** A link to all of them. */
  readonly more?: ReactNode;
  readonly children?: ReactNode;
}

/** One kind of problem, with its first examples. */
export function AttentionItem({ tone, title, more, children }: Props) {
  return (
    <article className={`attention__item is-${tone}`}>
      <header className="attention__header">
        <h3 className="attention__title">{title}</h3>
        {more}
      </header>
      {children}
    </article>
  );
}
