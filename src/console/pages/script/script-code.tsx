import { lazy, Suspense } from 'react';
import { graphql, read } from '../../app/graphql.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { FactGrid } from '../../components/page/fact-grid.tsx';
import { Loading } from '../../components/page/loading.tsx';
import { Time } from '../../components/time.tsx';
import { duration } from '../../format/duration.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const CodeEditor = lazy(() => import('../../components/code/code-editor.tsx'));

const SCRIPT = graphql(`
  fragment ScriptCode on Script {
    id
    databaseId
    status
    code
    interpreter
    username
    timeLimit
    versionNumber
    createdAt
    createdBy { id name }
    lastEditedAt
    lastEditedBy { id name }
    accessGroup { id title }
  }
`);

const by = (at: string, person: { readonly name: string } | null) => (
  <>
    <Time at={at} />
    {person && ` by ${person.name}`}
  </>
);

/** What the script is, and the code that its profiles run now. */
export function ScriptCode({ script }: { readonly script: FragmentType<typeof SCRIPT> }) {
  const of = read(SCRIPT, script);
  return (
    <>
      <FactGrid
        of={{
          Interpreter: <code>{of.interpreter}</code>,
          'Access group': of.accessGroup.title,
          Version: of.versionNumber,
          'Suggested user': of.username || 'None',
          'Suggested time limit': duration(of.timeLimit),
          'Last edited': by(of.lastEditedAt, of.lastEditedBy),
          Created: by(of.createdAt, of.createdBy),
          Number: of.databaseId,
        }}
      />
      {of.status === 'REDACTED' ? (
        <EmptyState title="The code of this script was deleted." icon="code" />
      ) : (
        <Suspense fallback={<Loading />}>
          <CodeEditor label="Code of the script" value={of.code} interpreter={of.interpreter} />
        </Suspense>
      )}
    </>
  );
}
