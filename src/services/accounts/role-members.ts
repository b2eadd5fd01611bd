import { type Caller, treeScope } from '../../domain/accounts/access.ts';
import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import type { Person } from '../../domain/accounts/person.ts';
import type { RoleDraft, RoleMembers } from '../../domain/accounts/role.ts';
import { withoutNulls } from '../../domain/edit.ts';
import { invalid } from '../../domain/errors.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Repositories } from '../ports.ts';
import { groupOf } from './access-groups.ts';

/** A role with names in place of what they stand for; what is left out of an edit, or null, stays. */
export type RoleEdit = {
  readonly [Field in Exclude<keyof RoleDraft, 'accessGroups' | 'persons'>]?: RoleDraft[Field] | null;
} & {
  /** Names. Those with these ids come on top. */
  readonly accessGroups?: readonly string[] | null;
  readonly accessGroupIds?: readonly number[] | null;
  /** E-mails. Those with these ids come on top. */
  readonly persons?: readonly string[] | null;
  readonly personIds?: readonly number[] | null;
};

/** Permissions, access groups and persons, by their names. */
export interface MemberNames extends Omit<Partial<RoleMembers>, 'accessGroups' | 'persons'> {
  readonly accessGroups?: readonly string[];
  readonly persons?: readonly string[];
}

/** What is left out stays out. @throws Refusal INVALID_INPUT for a name that stands for nothing */
export async function resolved(
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

/** What a role is given or loses. @throws Refusal INVALID_INPUT for a name that stands for nothing */
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

/** By name. */
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

/** By e-mail, then those that were given by their ids. */
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
  // By id, because two spellings of an address are one person.
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
