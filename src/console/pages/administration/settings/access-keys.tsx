import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import { EmptyState } from '../../../components/page/empty-state.tsx';
import { Loaded } from '../../../components/page/loaded.tsx';
import { Time } from '../../../components/time.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';

const KEYS = graphql(`
  query AccessKeys {
    viewer { id accessKeys { id key title createdAt lastUsedAt } }
  }
`);

const MAX_KEYS = 20;

/** The viewer's own keys, with which programs log in. */
export default function AccessKeys() {
  const result = useQuery(KEYS);
  const [creates, setCreates] = useState(false);
  const [revokes, setRevokes] = useState<{ readonly key: string; readonly title: string }>();
  const reload = () => void result.refetch();
  const create = (
    <Button appearance="positive" data-key="n" onClick={() => setCreates(true)}>
      Create access key
    </Button>
  );
  const number = result.data?.viewer?.accessKeys.length ?? 0;
  const hasSome = number > 0 && number < MAX_KEYS;
  return (
    <>
      <div className="part-header">
        <p className="u-text--muted">
          A program logs in with an access key as you, with your permissions in this account. You can have{' '}
          {MAX_KEYS} keys.
        </p>
        {hasSome && create}
      </div>
      <Loaded of={result} part={({ viewer }) => viewer?.accessKeys}>
        {(keys) =>
          keys.length === 0 ? (
            <EmptyState title="You have no access key." icon="security">
              {create}
            </EmptyState>
          ) : (
            <table className="list" aria-label="Access keys">
              <thead>
                <tr>
                  <th scope="col">Purpose</th>
                  <th scope="col">Key</th>
                  <th scope="col">Created</th>
                  <th scope="col">Last used</th>
                  <th scope="col">
                    <span className="u-off-screen">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.map(({ id, key, title, createdAt, lastUsedAt }) => (
                  <tr key={id}>
                    <th scope="row" className="list__main">
                      {title}
                    </th>
                    <td data-heading="Key">
                      <code>{key}</code>
                    </td>
                    <td data-heading="Created">
                      <Time at={createdAt} as="both" />
                    </td>
                    <td data-heading="Last used">
                      {lastUsedAt ? (
                        <Time at={lastUsedAt} as="both" />
                      ) : (
                        <span className="u-text--muted">Never</span>
                      )}
                    </td>
                    <td data-heading="Actions">
                      <Button dense small onClick={() => setRevokes({ key, title })}>
                        Revoke<span className="u-off-screen"> {title}</span>
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {creates && <CreateKeyDialog close={() => setCreates(false)} done={reload} />}
      {revokes && <RevokeKeyDialog of={revokes} close={() => setRevokes(undefined)} done={reload} />}
    </>
  );
}
