import { Link } from 'react-router';
import { graphql, read } from '../../../app/graphql.ts';
import { count } from '../../../format/count.ts';
import { accountPermissions, groupPermissions } from '../../../format/permission.ts';
import type { FragmentType } from '../../../generated/fragment-masking.ts';

const ROW = graphql(`
  fragment RoleRow on Role {
    id
    databaseId
    name
    description
    isGlobalAdmin
    permissions
    accountPermissions
    accessGroups { id title }
    persons { id name }
  }
`);

/** What the roles grant, where, and to whom. */
export function RoleTable({ roles }: { readonly roles: readonly FragmentType<typeof ROW>[] }) {
  return (
    <table className="list" aria-label="Roles">
      <thead>
        <tr>
          <th scope="col">Role</th>
          <th scope="col" style={{ width: '12rem' }}>
            Grants
          </th>
          <th scope="col" style={{ width: '18rem' }}>
            In access groups
          </th>
          <th scope="col" style={{ width: '8rem' }}>
            People
          </th>
        </tr>
      </thead>
      <tbody>
        {roles.map((of) => {
          const role = read(ROW, of);
          const grants = [
            ...role.accountPermissions.map((permission) => accountPermissions[permission]),
            ...role.permissions.map((permission) => groupPermissions[permission]),
          ];
          return (
            <tr key={role.id}>
              <th scope="row">
                <Link className="list__main" to={`/administration/roles/${role.databaseId}`}>
                  {role.name}
                </Link>
                {role.description && <span className="list__detail">{role.description}</span>}
              </th>
              <td data-heading="Grants" title={grants.join('\n')}>
                {role.isGlobalAdmin ? 'Every permission' : count(grants.length, 'permission')}
              </td>
              <td data-heading="In access groups">
                {role.isGlobalAdmin
                  ? 'All'
                  : role.accessGroups.map(({ title }) => title).join(', ') || 'None'}
              </td>
              <td data-heading="People" title={role.persons.map(({ name }) => name).join('\n')}>
                {count(role.persons.length, 'person', 'people')}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
