import { useQuery } from '@apollo/client/react';
import { Link, useSearchParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { Time } from '../../components/time.tsx';
import { VersionDifference } from './version-difference.tsx';

const VERSIONS = graphql(`
  query VersionsOfScript($id: ID!) {
    script(id: $id) {
      id
      versions(first: 200) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id number createdAt createdBy { id name } } }
      }
    }
  }
`);

/** The versions of a script, and how the chosen one differs from another. The address holds both. */
export function Versions({ id, newest }: { readonly id: string; readonly newest: number }) {
  const [params] = useSearchParams();
  // A new version is a new list.
  const result = useQuery(VERSIONS, { variables: { id } });
  const chosen = Number(params.get('version')) || newest;
  const base = Number(params.get('base')) || chosen - 1;
  const placeOf = (version: number) => ({ search: `?tab=versions&version=${version}` });
  return (
    <Loaded of={result} part={({ script }) => script?.versions}>
      {(versions) => (
        <div className="versions">
          <nav aria-label="Versions" className="versions__list">
            <ol>
              {versions.edges.map(({ node: { id: key, number, createdAt, createdBy } }) => (
                <li key={key}>
                  <Link to={placeOf(number)} aria-current={number === chosen ? 'true' : undefined}>
                    <span className="list__main">Version {number}</span>
                    <span className="list__detail">
                      <Time at={createdAt} />
                      {createdBy && ` by ${createdBy.name}`}
                    </span>
                  </Link>
                </li>
              ))}
            </ol>
          </nav>
          <VersionDifference
            id={id}
            version={chosen}
            base={base}
            newest={newest}
            numbers={versions.edges.map(({ node }) => node.number)}
          />
        </div>
      )}
    </Loaded>
  );
}
