import { useQuery } from '@apollo/client/react';
import { Link, useSearchParams } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { useReload } from '../../components/live/use-reload.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../format/count.ts';
import type { ProfileVersionsQuery } from '../../generated/graphql.ts';
import { VersionChanges } from './version-changes.tsx';

const VERSIONS = graphql(`
  query ProfileVersions($id: ID!, $scriptId: ID!) {
    script(id: $scriptId) {
      id
      databaseId
      title
      versions(first: 50) {
        totalCount
        edges { node { id number createdAt createdBy { id name } } }
      }
    }
    scriptProfile(id: $id) {
      id
      ranRuns: activities(first: 100) {
        edges {
          node {
            id
            databaseId
            creationTime
            executed: children(first: 1, filter: { statuses: [SUCCEEDED, FAILED, DELIVERED] }) {
              edges { node { id scriptVersion { id number } } }
            }
          }
        }
      }
    }
  }
`);

type Run = NonNullable<ProfileVersionsQuery['scriptProfile']>['ranRuns']['edges'][number]['node'];

interface Props {
  readonly id: string;
  readonly changed: string;
  readonly scriptId: string;
}

/** Versions of the script, with the newest runs of this profile that ran each of them. */
export function VersionsTab({ id, changed, scriptId }: Props) {
  const [params] = useSearchParams();
  const result = useQuery(VERSIONS, { variables: { id, scriptId } });
  useReload(result.refetch, changed);
  const runs = (result.data?.scriptProfile?.ranRuns.edges ?? []).map(({ node }) => node);
  const chosen = Number(params.get('version'));
  return (
    <Loaded
      of={{ ...result, error: result.data ? undefined : result.error }}
      part={({ script }) => script}
      missing={<EmptyState title="You may not view the script of this profile." icon="information" />}
    >
      {({ databaseId, title, versions }) => (
        <>
          <p>
            A run uses the newest version of <Link to={`/scripts/${databaseId}`}>{title}</Link> at that time.
            {runs.length > 0 && ` The table counts the newest ${count(runs.length, 'run')}.`}
          </p>
          <table className="list" aria-label="Script versions">
            <thead>
              <tr>
                <th style={{ width: '6rem' }}>Version</th>
                <th>Created</th>
                <th>Runs</th>
                <th>Last run</th>
                <th style={{ width: '9rem' }}>Changes</th>
              </tr>
            </thead>
            <tbody>
              {versions.edges.map(({ node: { id: key, number, createdAt, createdBy } }) => (
                <tr key={key}>
                  <td data-heading="Version">{number}</td>
                  <td data-heading="Created">
                    <Time at={createdAt} /> {createdBy && `by ${createdBy.name}`}
                  </td>
                  <RunsOfVersion runs={runs.filter((run) => versionOf(run) === number)} />
                  <td data-heading="Changes">
                    {number > 1 ? (
                      <Link to={`?tab=versions&version=${number}`} preventScrollReset>
                        Since version {number - 1}
                      </Link>
                    ) : (
                      <span className="u-text--muted">First version</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {chosen > 1 && <VersionChanges scriptId={scriptId} number={chosen} />}
        </>
      )}
    </Loaded>
  );
}

const versionOf = ({ executed }: Run) => executed.edges[0]?.node.scriptVersion?.number;

function RunsOfVersion({ runs: [last, ...others] }: { readonly runs: readonly Run[] }) {
  return (
    <>
      <td data-heading="Runs">
        {last ? count(others.length + 1, 'run') : <span className="u-text--muted">None</span>}
      </td>
      <td data-heading="Last run">
        {last && (
          <Link to={`/runs/${last.databaseId}`}>
            <Time at={last.creationTime} as="both" />
          </Link>
        )}
      </td>
    </>
  );
}
