import { accountPermissions, groupPermissions, type Permission } from '../../domain/accounts/access.ts';
import { invalid } from '../../domain/errors.ts';

export const roleFields =
  'databaseId name description permissions accountPermissions accessGroups { name } persons { email }';

export interface RoleData {
  readonly databaseId: number;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly accountPermissions: readonly string[];
  readonly accessGroups: readonly { readonly name: string }[];
  readonly persons: readonly { readonly email: string }[];
}

export const toRole = (role: RoleData) => ({
  key: role.databaseId,
  name: role.name,
  description: role.description,
  permissions: role.permissions.map(legacyName),
  global_permissions: role.accountPermissions.map(legacyName),
  persons: role.persons.map(({ email }) => email),
  access_groups: role.accessGroups.map(({ name }) => name),
});

/** Dashboards pair a View permission with the Manage permission whose title has the same ending. */
const titles: Readonly<Record<Permission, string>> = {
  ViewScript: 'View scripts',
  ManageScript: 'Manage scripts',
  RedactScript: 'Redact scripts',
  ViewScriptProfile: 'View script profiles',
  ManageScriptProfile: 'Manage script profiles',
  ViewComputer: 'View computers',
  ManageComputer: 'Manage computers',
  ManagePendingComputer: 'Manage pending computers',
  ManageAccount: 'Manage account',
  ViewRole: 'View roles',
  ManageRole: 'Manage roles',
  ViewEventLog: 'View event log',
};

const described = (names: readonly Permission[], global: boolean) =>
  names.map((name) => ({ name, title: titles[name], global }));

/** All permissions. The account permissions are last. */
export const permissionList = [...described(groupPermissions, false), ...described(accountPermissions, true)];

/** Converts `VIEW_SCRIPT` of the graph to `ViewScript`. */
const legacyName = (name: string): string =>
  name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const graphName = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** Separates the permissions into the two lists of the graph. @throws Refusal INVALID_INPUT */
export function toPermissions(names: readonly string[]) {
  const of = (kind: readonly string[]) => names.filter((name) => kind.includes(name)).map(graphName);
  const unknown = names.find((name) => !permissionList.some((known) => known.name === name));
  if (unknown !== undefined) {
    const known = permissionList.map(({ name }) => name).join(', ');
    throw invalid('permissions', unknown, `one of ${known}`);
  }
  return { permissions: of(groupPermissions), accountPermissions: of(accountPermissions) };
}
