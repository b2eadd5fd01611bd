import { type Caller, holds } from '../../domain/accounts/access.ts';
import { isInvited, type PersonDetails } from '../../domain/accounts/person.ts';
import type { Role } from '../../domain/accounts/role.ts';
import { notFound } from '../../domain/errors.ts';
import type { Transaction } from '../ports.ts';
import { checkMayManage } from './person-roles.ts';
import { lockRoles } from './roles.ts';

/** Number of a person, or their e-mail address with the input field that contained it. */
export type PersonRef = number | { readonly name: string; readonly field: string };

export const rolesOf = ({ roleIds }: PersonDetails, roles: readonly Role[]): Role[] =>
  roles.filter(({ id }) => roleIds.includes(id));

export const isSeen = (caller: Caller, id: number) => id === caller.personId || holds(caller, 'ViewRole');

/** Returns a person, their roles and all roles. Other changes to roles wait until the transaction ends. */
export async function lockPerson(tx: Transaction, caller: Caller, ref: PersonRef, what = 'person') {
  const { accountId } = caller;
  await lockRoles(tx, caller);
  const id = typeof ref === 'number' ? ref : (await tx.people.byEmails(accountId, [ref.name]))[0]?.id;
  const [person] = id !== undefined && isSeen(caller, id) ? await tx.people.detailsOf(accountId, [id]) : [];
  if (!person) throw typeof ref === 'number' ? notFound(what, ref) : notFound(what, ref.name, ref.field);
  const all = await tx.roles.all(accountId);
  return { person, all, held: rolesOf(person, all) };
}

export type LockedPerson = Awaited<ReturnType<typeof lockPerson>>;

/** @throws Refusal NOT_FOUND, also for a person who has set a password; FORBIDDEN */
export async function lockInvited(tx: Transaction, caller: Caller, id: number): Promise<LockedPerson> {
  const locked = await lockPerson(tx, caller, id, 'invitation');
  checkMayManage(caller, locked.person, locked.held);
  if (!isInvited(locked.person)) throw notFound('invitation', id);
  return locked;
}

/** @throws Refusal NOT_FOUND if the person was removed meanwhile */
export async function existing(
  tx: Transaction,
  caller: Caller,
  id: number,
  field = 'id',
): Promise<PersonDetails> {
  const [person] = await tx.people.detailsOf(caller.accountId, [id]);
  if (!person) throw notFound('person', id, field);
  return person;
}
