import { useQuery } from '@apollo/client/react';
import { Link, Route, Routes, useParams } from 'react-router';
import { graphql } from '../../../app/graphql.ts';
import { useMay } from '../../../app/session/viewer.ts';
import { EmptyState } from '../../../components/page/empty-state.tsx';
import { Forbidden } from '../../../components/page/forbidden.tsx';
import { Loaded } from '../../../components/page/loaded.tsx';
import { RoleForm } from './role-form.tsx';
import { RoleTable } from './role-table.tsx';

const ROLES = graphql(`
  query Roles {
    roles { id databaseId ...RoleRow ...RoleForm }
  }
`);

/** The roles of the account, and one of them. */
export default function Roles() {
  const mayCreate = useMay('MANAGE_ROLE');
  return (
    <Routes>
      <Route index element={<RoleList mayCreate={mayCreate} />} />
      <Route path="new" element={mayCreate ? <RoleForm /> : <Forbidden needs="MANAGE_ROLE" />} />
      <Route path=":id" element={<OneRole />} />
    </Routes>
  );
}

function RoleList({ mayCreate }: { readonly mayCreate: boolean }) {
  const result = useQuery(ROLES);
  return (
    <>
      <div className="part-header">
        <p className="u-text--muted">
          A role grants permissions to people. A person with several roles has the permissions of all of them.
        </p>
        {mayCreate && (
          <Link className="p-button--positive" to="/administration/roles/new" data-key="n">
            New role
          </Link>
        )}
      </div>
      <Loaded of={result} part={({ roles }) => roles}>
        {(roles) => <RoleTable roles={roles} />}
      </Loaded>
    </>
  );
}

function OneRole() {
  const id = Number(useParams().id);
  const result = useQuery(ROLES);
  return (
    <Loaded of={result} part={({ roles }) => roles}>
      {(roles) => {
        const role = roles.find(({ databaseId }) => databaseId === id);
        return role ? (
          <RoleForm key={role.id} role={role} />
        ) : (
          <EmptyState title="This role does not exist." />
        );
      }}
    </Loaded>
  );
}
