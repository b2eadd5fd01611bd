import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../../app/graphql.ts';
import { useMay } from '../../../app/session/viewer.ts';
import { Loaded } from '../../../components/page/loaded.tsx';
import { wholeNumber } from '../../../format/count.ts';
import { DeleteGroupDialog } from './delete-group-dialog.tsx';
import { type Group, GroupDialog } from './group-dialog.tsx';
import { asTree } from './tree.ts';

const GROUPS = graphql(`
  query AccessGroups {
    accessGroups {
      id
      name
      title
      numComputers
      numScripts
      numScriptProfiles
      parent { id name }
    }
  }
`);

type Ask = { readonly to: 'create' } | { readonly to: 'edit' | 'delete'; readonly group: Group };

/** The tree of access groups, with what is in each. */
export default function AccessGroups() {
  const result = useQuery(GROUPS);
  const mayChange = useMay('MANAGE_ACCOUNT');
  const [ask, setAsk] = useState<Ask>();
  const close = () => setAsk(undefined);
  const reload = () => void result.refetch();
  return (
    <>
      <div className="part-header">
        <p className="u-text--muted">
          Each computer, script and profile is in one group. A script runs on computers of its group and of
          the groups in it.
        </p>
        {mayChange && (
          <Button appearance="positive" data-key="n" onClick={() => setAsk({ to: 'create' })}>
            New access group
          </Button>
        )}
      </div>
      <Loaded of={result} part={({ accessGroups }) => accessGroups}>
        {(groups) => (
          <>
            <table className="list" aria-label="Access groups">
              <thead>
                <tr>
                  <th scope="col">Access group</th>
                  <th scope="col">Computers</th>
                  <th scope="col">Scripts</th>
                  <th scope="col">Script profiles</th>
                  <th scope="col">
                    <span className="u-off-screen">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {asTree(groups).map(({ group, depth }) => (
                  <tr key={group.id}>
                    <th scope="row">
                      <span style={{ paddingLeft: `${depth * 1.5}rem` }} className="list__main">
                        {depth > 0 && <span aria-hidden="true">└ </span>}
                        {group.title}
                      </span>
                    </th>
                    <td data-heading="Computers">
                      <Link to={`/computers?group=${encodeURIComponent(group.name)}`}>
                        {wholeNumber(group.numComputers)}
                      </Link>
                    </td>
                    <td data-heading="Scripts">{wholeNumber(group.numScripts)}</td>
                    <td data-heading="Script profiles">{wholeNumber(group.numScriptProfiles)}</td>
                    <td data-heading="Actions">
                      {mayChange && group.parent && (
                        <span className="row-actions">
                          <Button dense small onClick={() => setAsk({ to: 'edit', group })}>
                            Edit<span className="u-off-screen"> {group.title}</span>
                          </Button>
                          <Button dense small onClick={() => setAsk({ to: 'delete', group })}>
                            Delete<span className="u-off-screen"> {group.title}</span>
                          </Button>
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {ask && ask.to !== 'delete' && (
              <GroupDialog
                group={ask.to === 'edit' ? ask.group : undefined}
                groups={groups}
                close={close}
                done={reload}
              />
            )}
            {ask?.to === 'delete' && (
              <DeleteGroupDialog group={ask.group} groups={groups} close={close} done={reload} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
