import { useEffect, useState } from 'react';

/** Grey lines where content will be. Shown after a moment, so that a quick answer does not flicker. */
export function Loading({ label = 'Loading' }: { readonly label?: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} className="loading">
      {shown && ['first', 'second', 'third'].map((line) => <div key={line} className="loading__line" />)}
    </div>
  );
}
