import { Button } from '@canonical/react-components';
import { lazy, Suspense } from 'react';
import { FieldDifferences } from '../../components/field-differences.tsx';
import { Loading } from '../../components/page/loading.tsx';
import { Notice } from '../../components/page/notice.tsx';
import { Time } from '../../components/time.tsx';
import { differencesOf, type Values } from './values.ts';

const CodeDifference = lazy(() => import('../../components/code/code-difference.tsx'));

interface Props {
  readonly stored: Values;
  readonly mine: Values;
  /** Person who saved meanwhile. */
  readonly by: string;
  readonly at: string;
  readonly busy: boolean;
  readonly saveMine: () => void;
  readonly takeStored: () => void;
}

/** Two people edited the same script. Shows both, and lets the person choose. */
export function ScriptClash({ stored, mine, by, at, busy, saveMine, takeStored }: Props) {
  const differences = differencesOf(stored, mine);
  return (
    <section aria-label="Clash of two edits" className="clash">
      <Notice severity="caution" title={`${by} saved this script while you edited it`} role="alert">
        The stored script is of <Time at={at} as="both" />. Nothing of yours is lost. Choose what to keep, or
        copy what you need.
      </Notice>
      {differences.length > 0 && (
        <FieldDifferences beforeTitle="Stored" afterTitle="Yours" differences={differences} />
      )}
      {stored.code !== mine.code && (
        <Suspense fallback={<Loading />}>
          <CodeDifference
            label="Stored code, and what yours changes"
            before={stored.code}
            after={mine.code}
            interpreter={mine.interpreter}
          />
        </Suspense>
      )}
      <div className="form__actions">
        <Button type="button" appearance="positive" disabled={busy} onClick={saveMine}>
          Save mine over it
        </Button>
        <Button type="button" onClick={takeStored}>
          Discard mine and edit the stored one
        </Button>
      </div>
    </section>
  );
}
