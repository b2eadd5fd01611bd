import { Children, type ReactNode } from 'react';

/** What there is to know about one object, as pairs of name and value. */
export const Facts = ({ children }: { readonly children: ReactNode }) => (
  <dl className="facts">{Children.toArray(children)}</dl>
);

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="facts__one">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
