import { useQuery } from '@apollo/client/react';
import { lazy, Suspense } from 'react';
import { graphql } from '../../app/graphql.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Loading } from '../../components/page/loading.tsx';
import { Section } from '../../components/page/section.tsx';

const CodeDifference = lazy(() => import('../../components/code/code-difference.tsx'));

const TWO_VERSIONS = graphql(`
  query ProfileScriptChanges($scriptId: ID!, $before: Int!, $after: Int!) {
    script(id: $scriptId) {
      id
      before: version(number: $before) { id code }
      after: version(number: $after) { id code interpreter }
    }
  }
`);

/** What a version of the script changed. */
export function VersionChanges({ scriptId, number }: { readonly scriptId: string; readonly number: number }) {
  const result = useQuery(TWO_VERSIONS, { variables: { scriptId, before: number - 1, after: number } });
  const title = `Version ${number} against version ${number - 1}`;
  return (
    <Section title={title}>
      <Loaded of={result} part={({ script }) => script}>
        {({ before, after }) =>
          before && after ? (
            <Suspense fallback={<Loading />}>
              <CodeDifference
                label={title}
                before={before.code}
                after={after.code}
                interpreter={after.interpreter}
              />
            </Suspense>
          ) : (
            <p className="u-text--muted">There is no such version.</p>
          )
        }
      </Loaded>
    </Section>
  );
}
