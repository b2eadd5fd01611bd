import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** At the right of the title: a link to more, or buttons. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, aside, children }: Props) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <header className="section__header">
        <h2 id={id} className="section__title">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
