import { lazy, Suspense } from 'react';
import { Loading } from './page/loading.tsx';

const CodeEditor = lazy(() => import('./code/code-editor.tsx'));

const SHORT = 2000;

/**
 * The output of a script. A short one is plain text. A long one is in a viewer that holds only the visible lines, so a
 * text of megabytes does not freeze the page.
 */
export function LongOutput({ label, text }: { readonly label: string; readonly text: string }) {
  if (text.length <= SHORT)
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      <section aria-label={label} tabIndex={0} className="output">
        <pre>{text}</pre>
      </section>
    );
  return (
    <Suspense fallback={<Loading />}>
      <div className="output is-long">
        <CodeEditor label={label} value={text} />
      </div>
    </Suspense>
  );
}
