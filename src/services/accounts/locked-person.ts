import { type Caller, holds } from '../../domain/accounts/access.ts';
import { isInvited, type PersonDetails } from '../../domain/accounts/person.ts';
import type { Role } from '../../domain/accounts/role.ts';
import { notFound } from '../../domain/errors.ts';
import { type ObjectRef, refNotFound } from '../../domain/object-ref.ts';
import type { Transaction } from '../ports.ts';
import { checkMayManage } from './person-roles.ts';
import { lockRoles } from './roles.ts';

export const rolesOf = ({ roleIds }: PersonDetails, roles: readonly Role[]): Role[] =>
  roles.filter(({ id }) => roleIds.includes(id));

export const isSeen = (caller: Caller, id: number) => id === caller.personId || holds(caller, 'ViewRole');

/** Returns a person, their roles and all roles. Other changes to roles wait until the transaction ends. */
export async function lockPerson(tx: Transaction, caller: Caller, ref: ObjectRef, what = 'person') {
  const { accountId } = caller;
  await lockRoles(tx, caller);
  const id = typeof ref === 'number' ? ref : (await tx.people.byEmails(accountId, [ref.name]))[0]?.id;
  const [person] = id !== undefined && isSeen(caller, id) ? await tx.people.detailsOf(accountId, [id]) : [];
  if (!person) throw refNotFound(what, ref);
  const all = await tx.roles.all(accountId);
  return { person, all, held: rolesOf(person, all) };
}

export type LockedPerson = Awaited<ReturnType<typeof lockPerson>>;

/** Locks a person whom the caller may manage. @throws Refusal NOT_FOUND, FORBIDDEN */
export async function lockManaged(
  tx: Transaction,
  caller: Caller,
  ref: ObjectRef,
  what?: string,
): Promise<LockedPerson> {
  const locked = await lockPerson(tx, caller, ref, what);
  checkMayManage(caller, locked.person, locked.held);
  return locked;
}

/** @throws Refusal NOT_FOUND, also for a person who has set a password; FORBIDDEN */
export async function lockInvited(tx: Transaction, caller: Caller, id: number): Promise<LockedPerson> {
  const locked = await lockManaged(tx, caller, id, 'invitation');
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
