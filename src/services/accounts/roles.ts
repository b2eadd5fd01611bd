import { authorise, type Caller, holds } from '../../domain/accounts/access.ts';
import type { Person } from '../../domain/accounts/person.ts';
import {
  amendment,
  checkDeletable,
  checkHoldsAll,
  checkRole,
  editRole,
  type Role,
  type RoleDraft,
} from '../../domain/accounts/role.ts';
import type { Change } from '../../domain/change.ts';
import { Refusal, show } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import { type ObjectRef, refNotFound } from '../../domain/object-ref.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { type MemberNames, membersOf, type RoleEdit, resolveNames } from './role-members.ts';

export function roleService(store: Store) {
  const { read } = store;
  return {
    /** In the order of their names. */
    all(caller: Caller): Promise<Role[]> {
      authorise(caller, 'ViewRole');
      return read.roles.all(caller.accountId);
    },

    /** In the order of the ids. Undefined for a role that the caller cannot see. */
    async byIds(caller: Caller, ids: readonly number[]): Promise<(Role | undefined)[]> {
      return holds(caller, 'ViewRole') ? read.roles.byIds(caller.accountId, ids) : ids.map(() => undefined);
    },

    /** @throws Refusal INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for permissions that the caller lacks */
    create(caller: Caller, edit: RoleEdit & { readonly name: string }): Promise<Role> {
      authorise(caller, 'ManageRole');
      return store.transaction(async (tx, now) => {
        await lockRoles(tx, caller);
        return insert(tx, caller, now, { ...EMPTY, ...(await resolveNames(tx, caller, edit)) });
      });
    },

    /**
     * Creates a role with the same permissions and access groups, but without people.
     * @throws Refusal NOT_FOUND, INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for permissions that the caller does not hold
     */
    copy(
      caller: Caller,
      ref: ObjectRef,
      { name, description }: { readonly name: string; readonly description?: string | null },
    ): Promise<Role> {
      return store.transaction(async (tx, now) => {
        const source = await lock(tx, caller, ref);
        const copied = { ...source, name, description: description ?? source.description, persons: [] };
        return insert(tx, caller, now, copied);
      });
    },

    /**
     * @throws Refusal NOT_FOUND, VERSION_CLASH, INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for permissions
     * that the caller lacks
     */
    update(caller: Caller, id: number, edit: RoleEdit, expectedVersion?: number | null): Promise<Role> {
      return store.transaction(async (tx, now) => {
        const role = await lock(tx, caller, id);
        checkExpected('role', role, expectedVersion);
        return save(tx, caller, now, role, await resolveNames(tx, caller, edit));
      });
    },

    /**
     * Adds items to the lists of a role and removes others. Concurrent requests may change the same lists.
     * @throws Refusal NOT_FOUND, INVALID_INPUT; FORBIDDEN also for permissions that the caller does not hold
     */
    amend(
      caller: Caller,
      ref: ObjectRef,
      { add, remove }: { readonly add: MemberNames; readonly remove: MemberNames },
    ): Promise<Role> {
      return store.transaction(async (tx, now) => {
        const role = await lock(tx, caller, ref);
        const added = await membersOf(tx, caller, add, 'add');
        const removed = await membersOf(tx, caller, remove, 'remove');
        return save(tx, caller, now, role, amendment(role, added, removed));
      });
    },

    /** @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for GlobalAdmin */
    remove(caller: Caller, ref: ObjectRef): Promise<Role> {
      return store.transaction(async (tx, now) => {
        const role = await lock(tx, caller, ref);
        checkDeletable(role);
        await tx.roles.remove(caller.accountId, role.id);
        await tx.people.countEdits(caller.accountId, idsOf(role.persons));
        tx.announce(accessOf(caller));
        record(tx, caller, now, { action: 'ROLE_DELETED', entity: roleAsEntity(role) });
        return role;
      });
    },
  };
}

/** Permissions may have changed with the roles, so the access of every subscriber is checked again. */
const accessOf = ({ accountId }: Caller): Change => ({ kind: 'access', accountId, personId: null });

const idsOf = (persons: readonly Person[]) => persons.map(({ id }) => id);

/** The elements that are in exactly one of two lists. */
const inOneOf = (one: readonly number[], other: readonly number[]): number[] => [
  ...one.filter((id) => !other.includes(id)),
  ...other.filter((id) => !one.includes(id)),
];

export const roleAsEntity = ({ id, name }: Role): Entity => ({ type: 'Role', id, title: name });

const edited = [
  'name',
  'description',
  'permissions',
  'accountPermissions',
  'accessGroups',
  'persons',
] as const;
const shown = (role: Role) => ({
  ...role,
  accessGroups: role.accessGroups.map(({ name }) => name),
  persons: role.persons.map(({ email }) => email),
});

const EMPTY: RoleDraft = {
  name: '',
  description: '',
  permissions: [],
  accountPermissions: [],
  accessGroups: [],
  persons: [],
};

/** Serializes changes of roles, so that two of them cannot remove the last two people from GlobalAdmin. */
export const lockRoles = (tx: Repositories, { accountId }: Caller) => tx.limits.forUpdate(accountId);

/** A role that the caller is about to change, which gives nothing that they don't hold. */
async function lock(tx: Repositories, caller: Caller, ref: ObjectRef): Promise<Role> {
  await lockRoles(tx, caller);
  const role = holds(caller, 'ViewRole') ? await find(tx, caller, ref) : undefined;
  if (!role) throw refNotFound('role', ref);
  authorise(caller, 'ManageRole', undefined, roleAsEntity(role));
  checkHoldsAll(caller, role);
  return role;
}

async function find(tx: Repositories, { accountId }: Caller, ref: ObjectRef): Promise<Role | undefined> {
  if (typeof ref === 'number') return (await tx.roles.byIds(accountId, [ref]))[0];
  return (await tx.roles.all(accountId)).find(({ name }) => name === ref.name);
}

async function insert(tx: Transaction, caller: Caller, now: Instant, role: RoleDraft): Promise<Role> {
  const draft = { ...checkRole(role), isGlobalAdmin: false };
  checkHoldsAll(caller, draft);
  await checkName(tx, caller, draft.name);
  const made = { ...draft, version: 1, id: await tx.roles.insert(caller.accountId, draft) };
  await tx.people.countEdits(caller.accountId, idsOf(made.persons));
  tx.announce(accessOf(caller));
  record(tx, caller, now, {
    action: 'ROLE_CREATED',
    entity: roleAsEntity(made),
    changes: changesBetween(null, shown(made), edited),
  });
  return made;
}

/** Stores the edit of a locked role. */
async function save(
  tx: Transaction,
  caller: Caller,
  now: Instant,
  role: Role,
  edit: Partial<RoleDraft>,
): Promise<Role> {
  const after = { ...editRole(role, edit), version: role.version + 1 };
  checkHoldsAll(caller, after);
  const changes = changesBetween(shown(role), shown(after), edited);
  if (Object.keys(changes).length === 0) return role;
  if (after.name !== role.name) await checkName(tx, caller, after.name);
  await tx.roles.save(caller.accountId, after);
  await tx.people.countEdits(caller.accountId, inOneOf(idsOf(role.persons), idsOf(after.persons)));
  tx.announce(accessOf(caller));
  record(tx, caller, now, { action: 'ROLE_EDITED', entity: roleAsEntity(role), changes });
  return after;
}

async function checkName(tx: Repositories, caller: Caller, name: string): Promise<void> {
  if (!(await tx.roles.all(caller.accountId)).some((role) => role.name === name)) return;
  throw new Refusal('TITLE_TAKEN', 'A role with this name already exists.', {
    field: 'name',
    found: show(name),
    allowed: 'a name that no other role of the account has',
  });
}
