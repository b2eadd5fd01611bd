import type { JsonObject } from '../request.ts';
import { userErrors } from '../route.ts';
import { permissionList, type RoleData, roleFields, toPermissions, toRole } from '../wire/role.wire.ts';
import { accountNameQuery, type LegacyAction } from './action.ts';
import { type LegacyParameters, requiredList } from './action-parameters.ts';

/** Actions on roles, which are identified by name. */
export const roleActions: readonly LegacyAction[] = [
  {
    name: 'GetRoles',
    summary: 'List roles, by name',
    operation: `query { roles { ${roleFields} } }`,
    variables: () => ({}),
    answer: ({ roles }, parameters) => {
      const names = new Set(parameters.list('names'));
      const listed = roles.filter(({ name }: RoleData) => names.size === 0 || names.has(name));
      return { status: 200, body: listed.map(toRole) };
    },
    openapi: { parameters: ['names.1'], schema: 'Roles', refusals: [] },
  },
  {
    name: 'GetPermissions',
    summary: 'List the permissions that a role can grant',
    operation: accountNameQuery,
    variables: () => ({}),
    answer: () => ({ status: 200, body: permissionList }),
    openapi: { schema: 'Permissions', refusals: [] },
  },
  {
    name: 'CreateRole',
    summary: 'Create a role without permissions',
    operation: `mutation ($input: CreateRoleInput!) {
      done: createRole(input: $input) { role { ${roleFields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: { name: parameters.required('name'), description: parameters.get('description') },
    }),
    answer: ({ done }) => ({ status: 200, body: toRole(done.role) }),
    openapi: {
      parameters: ['name', 'description'],
      schema: 'Role',
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'CopyRole',
    summary: 'Create a role with the permissions and access groups of another one',
    operation: `mutation ($input: CopyRoleInput!) {
      done: copyRole(input: $input) { role { ${roleFields} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: {
        source: parameters.required('name'),
        name: parameters.required('destination_name'),
        description: parameters.get('description'),
      },
    }),
    answer: ({ done }) => ({ status: 200, body: toRole(done.role) }),
    names: { source: 'name', name: 'destination_name' },
    openapi: {
      parameters: ['name', 'destination_name', 'description'],
      schema: 'Role',
      refusals: ['INVALID_INPUT', 'NOT_FOUND', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'RemoveRole',
    summary: 'Delete a role, and return null',
    operation: `mutation ($input: DeleteRoleInput!) { done: deleteRole(input: $input) { ${userErrors} } }`,
    variables: (parameters) => ({ input: { name: parameters.required('name') } }),
    answer: () => ({ status: 200, body: null }),
    names: { id: 'name' },
    openapi: { parameters: ['name'], schema: 'Null', refusals: ['INVALID_INPUT', 'NOT_FOUND'] },
  },
  ...amendments('AccessGroups', 'access_groups', (parameters) => ({
    AccessGroups: requiredList(parameters, 'access_groups'),
  })),
  ...amendments('Permissions', 'permissions', (parameters) => {
    const { permissions, accountPermissions } = toPermissions(requiredList(parameters, 'permissions'));
    return { Permissions: permissions, AccountPermissions: accountPermissions };
  }),
  ...amendments('Persons', 'persons', (parameters) => ({ Persons: requiredList(parameters, 'persons') })),
];

/** The two actions that add items to a list of a role and remove items from it. */
function amendments(
  what: string,
  parameter: string,
  listsOf: (parameters: LegacyParameters) => Readonly<Record<string, readonly string[]>>,
): LegacyAction[] {
  return (['Add', 'Remove'] as const).map((act) => {
    const prefix = act.toLowerCase();
    const said = parameter.replace('_', ' ');
    return {
      name: `${act}${what}${act === 'Add' ? 'To' : 'From'}Role`,
      summary: act === 'Add' ? `Add ${said} to a role` : `Remove ${said} from a role`,
      operation: `mutation ($input: AmendRoleInput!) {
        done: amendRole(input: $input) { role { ${roleFields} } ${userErrors} }
      }`,
      variables: (parameters): JsonObject => ({
        input: {
          name: parameters.required('name'),
          ...Object.fromEntries(
            Object.entries(listsOf(parameters)).map(([list, items]) => [prefix + list, items]),
          ),
        },
      }),
      answer: ({ done }) => ({ status: 200, body: toRole(done.role) }),
      names: {
        [`${prefix}${what}`]: parameter,
        [what.charAt(0).toLowerCase() + what.slice(1)]: parameter,
        accountPermissions: parameter,
      },
      openapi: {
        parameters: ['name', `${parameter}.1`],
        schema: 'Role',
        refusals: ['INVALID_INPUT', 'NOT_FOUND'],
      },
    };
  });
}
