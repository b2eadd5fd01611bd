import { authorise, type Caller, holds, treeScope } from '../../domain/accounts/access.ts';
import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import type { Person } from '../../domain/accounts/person.ts';
import {
  checkDeletable,
  checkHoldsAll,
  checkRole,
  editRole,
  type Role,
  type RoleDraft,
} from '../../domain/accounts/role.ts';
import type { Change } from '../../domain/change.ts';
import { withoutNulls } from '../../domain/edit.ts';
import { invalid, notFound, Refusal, show } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import { mayBeName } from '../../domain/text.ts';
import { record } from '../event-log.ts';
import type { Repositories, Store } from '../ports.ts';
import { groupOf } from './access-groups.ts';

/**
 * A role whose groups and persons are given by name or id. In an edit, null and omitted fields do not change.
 */
export type RoleEdit = {
  readonly [Field in Exclude<keyof RoleDraft, 'accessGroups' | 'persons'>]?: RoleDraft[Field] | null;
} & {
  /** Names. Groups with the ids in `accessGroupIds` are added. */
  readonly accessGroups?: readonly string[] | null;
  readonly accessGroupIds?: readonly number[] | null;
  /** E-mail addresses. Persons with the ids in `personIds` are added. */
  readonly persons?: readonly string[] | null;
  readonly personIds?: readonly number[] | null;
};

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
        const role = { ...EMPTY, ...(await resolved(tx, caller, edit)) };
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
        const after = { ...editRole(role, await resolved(tx, caller, edit)), version: role.version + 1 };
        checkHoldsAll(caller, after);
        const changes = changesBetween(shown(role), shown(after), edited);
        if (Object.keys(changes).length === 0) return role;
        if (after.name !== role.name) await checkName(tx, caller, after.name);
        await tx.roles.save(caller.accountId, after);
        await tx.people.countEdits(caller.accountId, inOneOf(idsOf(role.persons), idsOf(after.persons)));
        tx.announce(accessOf(caller));
        record(tx, caller, now, { action: 'ROLE_EDITED', entity: roleAsEntity(role), changes });
        return after;
      });
    },

    /** @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for GlobalAdmin */
    remove(caller: Caller, id: number): Promise<void> {
      return store.transaction(async (tx, now) => {
        const role = await lock(tx, caller, id);
        checkDeletable(role);
        await tx.roles.remove(caller.accountId, id);
        await tx.people.countEdits(caller.accountId, idsOf(role.persons));
        tx.announce(accessOf(caller));
        record(tx, caller, now, { action: 'ROLE_DELETED', entity: roleAsEntity(role) });
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

/** Locks a role that the caller may change. The caller must hold every permission of the role. */
async function lock(tx: Repositories, caller: Caller, id: number): Promise<Role> {
  await lockRoles(tx, caller);
  const [role] = holds(caller, 'ViewRole') ? await tx.roles.byIds(caller.accountId, [id]) : [];
  if (!role) throw notFound('role', id);
  authorise(caller, 'ManageRole', undefined, roleAsEntity(role));
  checkHoldsAll(caller, role);
  return role;
}

/**
 * Resolves names and ids. Omitted fields stay omitted. @throws Refusal INVALID_INPUT for an unknown name or
 * id
 */
async function resolved(tx: Repositories, caller: Caller, edit: RoleEdit): Promise<Partial<RoleDraft>> {
  const { accessGroups, accessGroupIds, persons, personIds, ...plain } = edit;
  const isGiven = (lists: readonly unknown[]) => lists.some((list) => list != null);
  return {
    ...(withoutNulls(plain) as Partial<RoleDraft>),
    ...(isGiven([accessGroups, accessGroupIds]) && {
      accessGroups: await groupsOf(tx, caller, accessGroups ?? [], accessGroupIds ?? []),
    }),
    ...(isGiven([persons, personIds]) && {
      persons: await personsOf(tx, caller, persons ?? [], personIds ?? []),
    }),
  };
}

/** In the order of their names. */
async function groupsOf(
  tx: Repositories,
  caller: Caller,
  names: readonly string[],
  ids: readonly number[],
): Promise<AccessGroup[]> {
  const tree = new Map<number, AccessGroup>();
  if (ids.length > 0)
    for (const group of await tx.accessGroups.all(treeScope(caller))) tree.set(group.id, group);
  const groups = new Map<string, AccessGroup>();
  for (const name of new Set(names))
    groups.set(name, await groupOf(tx, treeScope(caller), name, 'accessGroups'));
  for (const id of ids) {
    const group = tree.get(id);
    if (!group) throw invalid('accessGroupIds', String(id), 'the id of an access group of the account');
    groups.set(group.name, group);
  }
  return [...groups.keys()].sort().map((name) => groups.get(name)!);
}

/** Persons given by address come first, in the order of the addresses. Persons given by id follow. */
async function personsOf(
  tx: Repositories,
  caller: Caller,
  emails: readonly string[],
  ids: readonly number[],
): Promise<Person[]> {
  const distinct = [...new Set(emails)].sort();
  const unknown = (email: string) =>
    invalid('persons', email, 'the e-mail address of a person in the account');
  for (const email of distinct) if (!mayBeName(email)) throw unknown(email);
  const found = await tx.people.byEmails(caller.accountId, distinct);
  // Keyed by id, because two spellings of an address may refer to one person.
  const persons = new Map<number, Person>();
  found.forEach((person, index) => {
    if (!person) throw unknown(distinct[index]!);
    persons.set(person.id, person);
  });
  const byId = ids.length > 0 ? await tx.people.byIds(caller.accountId, ids) : [];
  byId.forEach((person, index) => {
    if (!person) throw invalid('personIds', String(ids[index]), 'the id of a person in the account');
    persons.set(person.id, person);
  });
  return [...persons.values()];
}

async function checkName(tx: Repositories, caller: Caller, name: string): Promise<void> {
  if (!(await tx.roles.all(caller.accountId)).some((role) => role.name === name)) return;
  throw new Refusal('TITLE_TAKEN', 'A role with this name already exists.', {
    field: 'name',
    found: show(name),
    allowed: 'a name that no other role of the account has',
  });
}
