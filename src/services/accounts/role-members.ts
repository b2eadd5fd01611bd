import { type Caller, treeScope } from '../../domain/accounts/access.ts';
import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import type { Person } from '../../domain/accounts/person.ts';
import type { RoleDraft, RoleMembers } from '../../domain/accounts/role.ts';
import { withoutNulls } from '../../domain/edit.ts';
import { invalid } from '../../domain/errors.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Repositories } from '../ports.ts';
import { groupOf } from './access-groups.ts';

/** A role whose access groups and people are given by name. A field that is absent or null keeps its value. */
export type RoleEdit = {
  readonly [Field in Exclude<keyof RoleDraft, 'accessGroups' | 'persons'>]?: RoleDraft[Field] | null;
} & {
  /** Names. Added to the groups in `accessGroupIds`. */
  readonly accessGroups?: readonly string[] | null;
  readonly accessGroupIds?: readonly number[] | null;
  /** E-mail addresses. Added to the people in `personIds`. */
  readonly persons?: readonly string[] | null;
  readonly personIds?: readonly number[] | null;
};

/** Permissions, access groups by name, and people by e-mail address. */
export interface MemberNames extends Omit<Partial<RoleMembers>, 'accessGroups' | 'persons'> {
  readonly accessGroups?: readonly string[];
  readonly persons?: readonly string[];
}

/** Finds the objects behind the names. Absent fields stay absent. @throws Refusal INVALID_INPUT for an unknown name */
export async function resolveNames(
  tx: Repositories,
  caller: Caller,
  edit: RoleEdit,
): Promise<Partial<RoleDraft>> {
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

/** Finds the members that a role gains or loses. @throws Refusal INVALID_INPUT for an unknown name */
export async function membersOf(
  tx: Repositories,
  caller: Caller,
  { accessGroups = [], persons = [], permissions = [], accountPermissions = [] }: MemberNames,
  field: 'add' | 'remove',
): Promise<RoleMembers> {
  return {
    permissions,
    accountPermissions,
    accessGroups: await groupsOf(tx, caller, accessGroups, [], `${field}AccessGroups`),
    persons: await personsOf(tx, caller, persons, [], `${field}Persons`),
  };
}

/** Returns the groups sorted by name. */
async function groupsOf(
  tx: Repositories,
  caller: Caller,
  names: readonly string[],
  ids: readonly number[],
  field = 'accessGroups',
): Promise<AccessGroup[]> {
  const tree = new Map<number, AccessGroup>();
  if (ids.length > 0)
    for (const group of await tx.accessGroups.all(treeScope(caller))) tree.set(group.id, group);
  const groups = new Map<string, AccessGroup>();
  for (const name of new Set(names)) groups.set(name, await groupOf(tx, treeScope(caller), name, field));
  for (const id of ids) {
    const group = tree.get(id);
    if (!group) throw invalid('accessGroupIds', String(id), 'the id of an access group of the account');
    groups.set(group.name, group);
  }
  return [...groups.keys()].sort().map((name) => groups.get(name)!);
}

/** Returns the people sorted by e-mail address, and then those found by id. */
async function personsOf(
  tx: Repositories,
  caller: Caller,
  emails: readonly string[],
  ids: readonly number[],
  field = 'persons',
): Promise<Person[]> {
  const distinct = [...new Set(emails)].sort();
  const unknown = (email: string) => invalid(field, email, 'the e-mail address of a person in the account');
  for (const email of distinct) if (!mayBeName(email)) throw unknown(email);
  const found = await tx.people.byEmails(caller.accountId, distinct);
  // Collected by id, because two spellings of an address are the same person.
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
