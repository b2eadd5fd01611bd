import { accountPermissions, groupPermissions } from '../../../format/permission.ts';
import type { AccountPermission, GroupPermission } from '../../../generated/graphql.ts';

/** What a person edits. */
export interface RoleValues {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly accountPermissions: readonly string[];
  /** Names of access groups. */
  readonly accessGroups: readonly string[];
  /** E-mail addresses. */
  readonly persons: readonly string[];
}

export const emptyRole: RoleValues = {
  name: '',
  description: '',
  permissions: [],
  accountPermissions: [],
  accessGroups: [],
  persons: [],
};

interface Stored {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly GroupPermission[];
  readonly accountPermissions: readonly AccountPermission[];
  readonly accessGroups: readonly { readonly name: string }[];
  readonly persons: readonly { readonly email: string }[];
}

export const valuesOf = (role: Stored): RoleValues => ({
  name: role.name,
  description: role.description,
  permissions: role.permissions,
  accountPermissions: role.accountPermissions,
  accessGroups: role.accessGroups.map(({ name }) => name),
  persons: role.persons.map(({ email }) => email),
});

/** The fields of a mutation's input. */
export const inputOf = (values: RoleValues) => ({
  name: values.name,
  description: values.description,
  permissions: values.permissions as GroupPermission[],
  accountPermissions: values.accountPermissions as AccountPermission[],
  accessGroups: [...values.accessGroups],
  persons: [...values.persons],
});

const said = (permissions: readonly string[], words: Readonly<Record<string, string>>) =>
  permissions
    .map((permission) => words[permission] ?? permission)
    .sort()
    .join(', ');

const wordsOf = (values: RoleValues): Readonly<Record<string, string>> => ({
  Name: values.name,
  Description: values.description,
  'Permissions in the account': said(values.accountPermissions, accountPermissions),
  'Permissions in access groups': said(values.permissions, groupPermissions),
  'Access groups': [...values.accessGroups].sort().join(', '),
  People: [...values.persons].sort().join(', '),
});

/** Fields that differ between two versions of a role. */
export function differencesOf(before: RoleValues, after: RoleValues) {
  const [first, second] = [wordsOf(before), wordsOf(after)];
  return Object.keys(first)
    .filter((field) => first[field] !== second[field])
    .map((field) => ({ field, before: first[field]!, after: second[field]! }));
}
