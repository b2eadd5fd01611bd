import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';

interface Props {
  readonly title: string;
  /** Shown instead of the title where it has more than words, such as a state. */
  readonly heading?: ReactNode;
  /** The list that the page belongs to. */
  readonly parent?: { readonly to: string; readonly label: string };
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its title, which is also that of the browser's tab. */
export function Page({ title, heading, parent, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Script profiles`;
  }, [title]);
  return (
    <div className="page">
      <header className="page__header">
        <div className="page__titles">
          {parent && (
            <nav aria-label="Breadcrumb" className="page__parent">
              <Link to={parent.to}>{parent.label}</Link>
            </nav>
          )}
          <h1 className="page__title">{heading ?? title}</h1>
        </div>
        {actions && <div className="page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
