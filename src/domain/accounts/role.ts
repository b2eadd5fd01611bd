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

/** What its persons may do: its permissions in its access groups and below, and its account permissions. */
export interface Role {
  readonly id: number;
  /** Counts the edits: the optimistic lock. */
  readonly version: number;
  /** Unique in the account. */
  readonly name: string;
  readonly description: string;
  /** All permissions there are, on the root, for good. Only who has it can be changed. */
  readonly isGlobalAdmin: boolean;
  readonly permissions: readonly GroupPermission[];
  readonly accountPermissions: readonly AccountPermission[];
  /** By name. */
  readonly accessGroups: readonly AccessGroup[];
  /** By e-mail. */
  readonly persons: readonly Person[];
}

export const GLOBAL_ADMIN = 'GlobalAdmin';

/** A role as far as it decides what one of its persons may do. */
export interface HeldRole {
  readonly name: string;
  readonly isGlobalAdmin: boolean;
  readonly permissions: readonly GroupPermission[];
  readonly accountPermissions: readonly AccountPermission[];
  /** Its access groups with those below them. */
  readonly groups: Groups;
}

/** What several roles add up to. */
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

/** What a role is made of, once the names in it are found. */
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
 * A role as it is after an edit, whose fields are left out where nothing changes.
 * @throws Refusal INVALID_INPUT, also where it would change what GlobalAdmin is, or leave it to nobody
 */
export function editRole(role: Role, edit: Partial<RoleDraft>): Role {
  const checked = checkRole({ ...role, ...edit }, role);
  // One that was stored before names were composed stays when it is sent back.
  const name = checked.name === composed(role.name) ? role.name : checked.name;
  const edited = { ...role, ...checked, name };
  if (role.isGlobalAdmin) {
    const { persons, ...others } = edit;
    // A form that sends back the whole role changes nothing by that.
    const [field] = (Object.keys(others) as (keyof typeof others)[]).filter(
      (name) => JSON.stringify(edited[name]) !== JSON.stringify(role[name]),
    );
    if (field !== undefined) throw fixed(field, others[field]);
    if (persons?.length === 0) {
      throw invalid('persons', [], 'at least one person, because the account needs a GlobalAdmin');
    }
  }
  return edited;
}

/** What a role is made of, beside its name and its description. */
export type RoleMembers = Omit<RoleDraft, 'name' | 'description'>;

/** The edit that adds some members to a role, then removes others. */
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

/** Each once, in order. */
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
 * Nobody grants more than they hold, nor takes from anybody what is more than they hold.
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
