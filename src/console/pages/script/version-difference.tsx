import { useQuery } from '@apollo/client/react';
import { Select } from '@canonical/react-components';
import { lazy, Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { FieldDifferences } from '../../components/field-differences.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Loading } from '../../components/page/loading.tsx';

const CodeEditor = lazy(() => import('../../components/code/code-editor.tsx'));
const CodeDifference = lazy(() => import('../../components/code/code-difference.tsx'));

const TWO_VERSIONS = graphql(`
  query TwoVersionsOfScript($id: ID!, $version: Int!, $base: Int!, $hasBase: Boolean!) {
    script(id: $id) {
      id
      viewerPermissions { canUpdate { allowed } }
      version(number: $version) { id number title interpreter code }
      base: version(number: $base) @include(if: $hasBase) { id number title interpreter code }
    }
  }
`);

interface Props {
  readonly id: string;
  readonly version: number;
  /** Version to compare with. 0 shows the whole code. */
  readonly base: number;
  readonly newest: number;
  readonly numbers: readonly number[];
}

/** The code of a version, as the difference from another one. */
export function VersionDifference({ id, version, base, newest, numbers }: Props) {
  const [, setParams] = useSearchParams();
  const path = useParams().id!;
  const result = useQuery(TWO_VERSIONS, { variables: { id, version, base, hasBase: base > 0 } });
  const mayEdit = result.data?.script?.viewerPermissions.canUpdate.allowed;
  const compare = (other: string) =>
    setParams({ tab: 'versions', version: String(version), base: other }, { replace: true });
  return (
    <div className="versions__code">
      <div className="versions__bar">
        <Select
          label={`Version ${version} compared with`}
          wrapperClassName="toolbar__filter"
          value={String(Math.max(base, 0))}
          options={[
            { value: '0', label: 'nothing' },
            ...numbers
              .filter((number) => number !== version)
              .map((number) => ({ value: String(number), label: `version ${number}` })),
          ]}
          onChange={({ target }) => compare(target.value === '0' ? '-1' : target.value)}
        />
        {mayEdit && version !== newest && (
          <Link to={`/scripts/${path}/edit?version=${version}`}>Edit from this version</Link>
        )}
      </div>
      <Loaded of={result} part={({ script }) => script?.version && { to: script.version, from: script.base }}>
        {({ to, from }) => (
          <Suspense fallback={<Loading />}>
            {from && (from.interpreter !== to.interpreter || from.title !== to.title) && (
              <FieldDifferences
                beforeTitle={`Version ${from.number}`}
                afterTitle={`Version ${to.number}`}
                differences={[
                  { field: 'Title', before: from.title, after: to.title },
                  { field: 'Interpreter', before: from.interpreter, after: to.interpreter },
                ].filter(({ before, after }) => before !== after)}
              />
            )}
            {from ? (
              <CodeDifference
                label={`Changes from version ${from.number} to version ${to.number}`}
                before={from.code}
                after={to.code}
                interpreter={to.interpreter}
              />
            ) : (
              <CodeEditor
                label={`Code of version ${to.number}`}
                value={to.code}
                interpreter={to.interpreter}
              />
            )}
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
