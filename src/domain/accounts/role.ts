import { checkChange } from '../edit.ts';
import { check, invalid, Refusal, show } from '../errors.ts';
import { composed, isName, isVisibleInLines, NO_HIDDEN } from '../text.ts';
import {
  type AccountPermission,
  accountPermissions,
  authorise,
  type Caller,
  type Grants,
  type GroupPermission,
  type Groups,
  groupPermissions,
  type Permission,
  union,
} from './access.ts';
import type { AccessGroup } from './access-group.ts';
import type { Person } from './person.ts';

/**
 * A set of permissions for its persons: group permissions in its access groups and their descendants, and
 * account permissions.
 */
export interface Role {
  readonly id: number;
  /** Incremented by each edit. Used as the optimistic lock. */
  readonly version: number;
  /** Unique in the account. */
  readonly name: string;
  readonly description: string;
  /** The built-in role with all permissions on the root group. Only its persons can be changed. */
  readonly isGlobalAdmin: boolean;
  readonly permissions: readonly GroupPermission[];
  readonly accountPermissions: readonly AccountPermission[];
  /** In the order of their names. */
  readonly accessGroups: readonly AccessGroup[];
  /** In the order of their e-mail addresses. */
  readonly persons: readonly Person[];
}

export const GLOBAL_ADMIN = 'GlobalAdmin';

/** The fields of a role that determine a person's permissions. */
export interface HeldRole {
  readonly name: string;
  readonly isGlobalAdmin: boolean;
  readonly permissions: readonly GroupPermission[];
  readonly accountPermissions: readonly AccountPermission[];
  /** The role's access groups and their descendants. */
  readonly groups: Groups;
}

/** Combines the permissions of several roles. */
export function grantsOf(roles: readonly HeldRole[]): Grants {
  const everything = roles.some(({ isGlobalAdmin }) => isGlobalAdmin);
  const grants: { [Held in Permission]?: Groups } = {};
  for (const permission of groupPermissions) {
    const groups = roles.filter((role) => role.permissions.includes(permission)).map((role) => role.groups);
    const held = everything ? 'all' : union(groups);
    if (held.length > 0) grants[permission] = held;
  }
  for (const permission of accountPermissions) {
    if (everything || roles.some((role) => role.accountPermissions.includes(permission)))
      grants[permission] = 'all';
  }
  return grants;
}

/** The editable fields of a role, with names resolved to objects. */
export type RoleDraft = Omit<Role, 'id' | 'version' | 'isGlobalAdmin'>;

/** @throws Refusal INVALID_INPUT */
export const checkRole = (draft: RoleDraft, stored?: RoleDraft): RoleDraft => ({
  ...draft,
  ...check({
    name: () => checkChange(draft.name, stored?.name, roleName),
    description: () => checkChange(draft.description, stored?.description, roleDescription),
  }),
  permissions: groupPermissions.filter((permission) => draft.permissions.includes(permission)),
  accountPermissions: accountPermissions.filter((held) => draft.accountPermissions.includes(held)),
});

/**
 * Returns the edited role. Omitted fields do not change.
 * @throws Refusal INVALID_INPUT, also for an edit of GlobalAdmin that changes more than its persons or
 * removes all of them
 */
export function editRole(role: Role, edit: Partial<RoleDraft>): Role {
  const checked = checkRole({ ...role, ...edit }, role);
  // Older names may be stored in decomposed form. A client that sends such a name back does not change it.
  const name = checked.name === composed(role.name) ? role.name : checked.name;
  const edited = { ...role, ...checked, name };
  if (role.isGlobalAdmin) {
    const { persons, ...others } = edit;
    // A client may send the whole role back. Fields with unchanged values are allowed.
    const [field] = (Object.keys(others) as (keyof typeof others)[]).filter(
      (name) => JSON.stringify(edited[name]) !== JSON.stringify(role[name]),
    );
    if (field !== undefined) throw fixed(field, others[field]);
    if (persons?.length === 0) {
      throw invalid('persons', [], 'such that GlobalAdmin keeps at least one person');
    }
  }
  return edited;
}

/** The lists of a role: permissions, access groups and people. */
export type RoleMembers = Omit<RoleDraft, 'name' | 'description'>;

/** Builds the edit that adds members to a role, and then removes others. */
export const amendment = (role: RoleDraft, added: RoleMembers, removed: RoleMembers): RoleMembers => ({
  permissions: amended(role.permissions, added.permissions, removed.permissions, String),
  accountPermissions: amended(
    role.accountPermissions,
    added.accountPermissions,
    removed.accountPermissions,
    String,
  ),
  accessGroups: amended(
    role.accessGroups,
    added.accessGroups,
    removed.accessGroups,
    ({ id }) => id,
    ({ name }) => name,
  ),
  persons: amended(
    role.persons,
    added.persons,
    removed.persons,
    ({ id }) => id,
    ({ email }) => email,
  ),
});

/** Returns each item once, sorted by name. */
function amended<Item>(
  items: readonly Item[],
  added: readonly Item[],
  removed: readonly Item[],
  idOf: (item: Item) => unknown,
  nameOf: (item: Item) => string = String,
): readonly Item[] {
  if (added.length + removed.length === 0) return items;
  const all = new Map([...items, ...added].map((item) => [idOf(item), item]));
  for (const item of removed) all.delete(idOf(item));
  return [...all.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** @throws Refusal INVALID_INPUT */
export function checkDeletable(role: Role): void {
  if (role.isGlobalAdmin) throw fixed('id', role.id);
}

const fixed = (field: string, found: unknown): Refusal =>
  new Refusal('INVALID_INPUT', 'The role GlobalAdmin is fixed. Only its people can be changed.', {
    field,
    found: show(found),
    allowed: 'only persons, for the role GlobalAdmin',
  });

/**
 * Checks that the caller holds every permission of a role. Callers cannot grant or revoke permissions that
 * they do not hold.
 * @throws Refusal FORBIDDEN, which names the first permission that the caller lacks
 */
export function checkHoldsAll(caller: Caller, role: RoleDraft): void {
  for (const permission of role.permissions)
    for (const { id } of role.accessGroups) authorise(caller, permission, id);
  for (const permission of role.accountPermissions) authorise(caller, permission);
}

function roleName(name: string): string {
  const trimmed = composed(name.trim());
  if (!isName(trimmed)) throw invalid('name', name, `1 to 255 characters, ${NO_HIDDEN}`);
  return trimmed;
}

const MAX_DESCRIPTION_LENGTH = 1000;

function roleDescription(description: string): string {
  if ([...description].length > MAX_DESCRIPTION_LENGTH || !isVisibleInLines(description)) {
    const allowed =
      'at most 1,000 characters, without control or invisible characters other than line ends and tabs';
    throw invalid('description', description, allowed);
  }
  return description;
}
