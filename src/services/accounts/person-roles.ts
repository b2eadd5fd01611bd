import { authorise, type Caller } from '../../domain/accounts/access.ts';
import type { Person } from '../../domain/accounts/person.ts';
import { checkHoldsAll, type Role } from '../../domain/accounts/role.ts';
import { invalid } from '../../domain/errors.ts';
import { changesBetween } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Transaction } from '../ports.ts';
import { roleAsEntity } from './roles.ts';

/** Refers to roles by name and by id. */
export interface RoleNames {
  readonly roles?: readonly string[] | null;
  readonly roleIds?: readonly number[] | null;
}

export const areGiven = ({ roles, roleIds }: RoleNames): boolean => roles != null || roleIds != null;

/**
 * @param all the roles of the account
 * @throws Refusal INVALID_INPUT for an unknown name or id
 */
export function rolesNamed({ roles, roleIds }: RoleNames, all: readonly Role[]): Role[] {
  const named = new Set<Role>();
  for (const name of roles ?? []) {
    const role = all.find((one) => one.name === name);
    if (!role) throw invalid('roles', name, 'the name of a role of the account');
    named.add(role);
  }
  for (const id of roleIds ?? []) {
    const role = all.find((one) => one.id === id);
    if (!role) throw invalid('roleIds', String(id), 'the id of a role of the account');
    named.add(role);
  }
  return all.filter((role) => named.has(role));
}

/**
 * Checks that the caller may manage a person's log-in. The caller could then use that log-in, so they must
 * hold every permission of the person's roles.
 * @throws Refusal FORBIDDEN, which names the first permission that the caller lacks
 */
export function checkMayManage(caller: Caller, person: Person, held: readonly Role[]): void {
  authorise(caller, 'ManageRole', undefined, personAsEntity(person));
  for (const role of held) checkHoldsAll(caller, role);
}

/**
 * Replaces a person's roles. The roles must be locked.
 * @param field the input field for a refusal that GlobalAdmin would have no people
 * @throws Refusal INVALID_INPUT, FORBIDDEN
 */
export async function changeRoles(
  tx: Transaction,
  caller: Caller,
  now: Instant,
  { person, held, wanted, field }: RoleChange,
): Promise<void> {
  const given = wanted.filter((role) => !held.includes(role));
  const taken = held.filter((role) => !wanted.includes(role));
  if (given.length + taken.length === 0) return;
  for (const role of [...given, ...taken]) checkHoldsAll(caller, role);
  if (taken.some((role) => role.isGlobalAdmin && role.persons.every(({ id }) => id === person.id))) {
    throw invalid(field, person.email, 'such that GlobalAdmin keeps at least one person');
  }
  await tx.roles.changePerson(caller.accountId, person.id, {
    given: given.map(({ id }) => id),
    taken: taken.map(({ id }) => id),
  });
  const deeds = [...given, ...taken].map((role) => {
    const others = role.persons.filter(({ id }) => id !== person.id);
    const persons = given.includes(role) ? [...others, person] : others;
    return {
      action: 'ROLE_EDITED' as const,
      entity: roleAsEntity(role),
      changes: changesBetween({ persons: emailsOf(role.persons) }, { persons: emailsOf(persons) }, [
        'persons',
      ]),
    };
  });
  record(tx, caller, now, ...deeds);
}

interface RoleChange {
  readonly person: Person;
  readonly held: readonly Role[];
  readonly wanted: readonly Role[];
  readonly field: string;
}

const emailsOf = (persons: readonly Person[]) => persons.map(({ email }) => email).sort();

export const personAsEntity = ({ id, email }: Person) => ({ type: 'Person', id, title: email });
