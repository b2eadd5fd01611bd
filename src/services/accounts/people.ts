import type { ShownToken } from '../../domain/accounts/access.ts';
import { authorise, type Caller, holds } from '../../domain/accounts/access.ts';
import type { PasswordLink } from '../../domain/accounts/password.ts';
import { checkPerson, emailKey, type PersonDetails, type PersonDraft } from '../../domain/accounts/person.ts';
import { grantsOf, type Role } from '../../domain/accounts/role.ts';
import { validAfter } from '../../domain/accounts/token.ts';
import { invalid, notFound, Refusal, show } from '../../domain/errors.ts';
import { changesBetween } from '../../domain/event.ts';
import type { Slice } from '../../domain/page.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Listing, Sorted } from '../listing.ts';
import type { Store, Transaction } from '../ports.ts';
import { newSecret } from '../secrets.ts';
import type { PeopleRepository, PersonFilter, PersonOrderField } from './access-ports.ts';
import { findLink, makeLink } from './password-links.ts';
import {
  areGiven,
  changeRoles,
  checkMayManage,
  personAsEntity,
  type RoleNames,
  rolesNamed,
} from './person-roles.ts';
import { lockRoles } from './roles.ts';
import { announceAccess } from './tokens.ts';

/** Null and omitted fields do not change. A list of roles replaces the previous one. */
export type PersonEdit = { readonly [Field in keyof PersonDraft]?: PersonDraft[Field] | null } & RoleNames;

/** A person who was just created. The link is null in a retry after the link was used. */
export interface CreatedPerson {
  readonly id: number;
  readonly person: PersonDetails;
  readonly link: PasswordLink | null;
}

export function peopleService(store: Store) {
  const { read } = store;
  return {
    /** Callers always see themselves. They need ViewRole to see other people. */
    async byIds(caller: Caller, ids: readonly number[]) {
      const people = await read.people.byIds(caller.accountId, ids);
      return people.map((person) => (person && isSeen(caller, person.id) ? person : undefined));
    },

    /** Details are visible to the person themselves and to callers with ViewRole. In the order of the ids. */
    async detailsOf(caller: Caller, ids: readonly number[]): Promise<(PersonDetails | undefined)[]> {
      const seen = ids.filter((id) => isSeen(caller, id));
      const found = seen.length > 0 ? await read.people.detailsOf(caller.accountId, seen) : [];
      const details = new Map(found.flatMap((person) => (person ? [[person.id, person] as const] : [])));
      return ids.map((id) => details.get(id));
    },

    /**
     * In the order of the ids. Roles are in the order of their names. Null without ViewRole, and for a
     * deleted person.
     */
    async rolesOf(caller: Caller, ids: readonly number[]): Promise<(Role[] | null)[]> {
      if (!holds(caller, 'ViewRole')) return ids.map(() => null);
      const people = await read.people.detailsOf(caller.accountId, ids);
      const roleIds = [...new Set(people.flatMap((person) => person?.roleIds ?? []))];
      const found = roleIds.length > 0 ? await read.roles.byIds(caller.accountId, roleIds) : [];
      const roles = found.filter((role) => role !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return people.map((person) => (person ? rolesOf(person, roles) : null));
    },

    async page(
      caller: Caller,
      listing: Listing<PersonFilter, PersonOrderField>,
    ): Promise<Slice<Sorted<PersonDetails>>> {
      authorise(caller, 'ViewRole');
      return read.people.page(caller.accountId, listing);
    },

    async count(caller: Caller, filter: PersonFilter): Promise<number> {
      authorise(caller, 'ViewRole');
      return read.people.count(caller.accountId, filter);
    },

    /**
     * A retry with the same key returns the same person and link.
     * @throws Refusal INVALID_INPUT, TITLE_TAKEN, IDEMPOTENCY_KEY_REUSED; FORBIDDEN also for roles with
     * permissions that the caller lacks
     */
    async create(
      caller: Caller,
      draft: PersonDraft & RoleNames,
      key?: string | null,
    ): Promise<CreatedPerson> {
      authorise(caller, 'ManageRole');
      return store.transaction(async (tx, now) => {
        await lockRoles(tx, caller);
        const attempt = { ...ofPerson(caller), mutation: 'createPerson', key, input: draft };
        return idempotently<CreatedPerson>(tx, now, attempt, {
          find: async (id, secret) => {
            const person = await existing(tx, caller, id, 'idempotencyKey');
            return { id, person, link: await findLink(tx, caller, person, secret) };
          },
          make: async (secret) => {
            const { accountId } = caller;
            const fields = checkPerson(draft);
            const wanted = rolesNamed(draft, await tx.roles.all(accountId));
            await checkEmailIsFree(tx, caller, fields.email);
            const validFrom = validAfter(now);
            const id = await tx.people.insert(accountId, { ...fields, createdAt: now, validFrom });
            const person = { ...fields, id };
            record(tx, caller, now, {
              action: 'PERSON_CREATED',
              entity: personAsEntity(person),
              changes: changesBetween(null, shown(fields, wanted), edited),
            });
            await changeRoles(tx, caller, now, { person, held: [], wanted, field: 'roles' });
            const link = await makeLink(tx, caller, now, person, secret);
            return { id, person: await existing(tx, caller, id), link };
          },
        });
      });
    },

    /**
     * Edits a person. Callers may always edit their own name. A new address revokes the person's tokens and
     * unused password link.
     * @throws Refusal NOT_FOUND, VERSION_CLASH, INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for roles with
     * permissions that the caller lacks
     */
    async update(
      caller: Caller,
      id: number,
      edit: PersonEdit,
      expectedVersion?: number | null,
    ): Promise<PersonDetails> {
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const { person, held, all } = await lock(tx, caller, id);
        if (id !== caller.personId || edit.email != null || areGiven(edit))
          checkMayManage(caller, person, held);
        checkExpected('person', person, expectedVersion);
        const given = { name: edit.name ?? person.name, email: edit.email ?? person.email };
        const after = checkPerson(given, person);
        const wanted = areGiven(edit) ? rolesNamed(edit, all) : held;
        const changes = changesBetween(shown(person, held), shown(after, wanted), edited);
        if (Object.keys(changes).length === 0) return person;
        if (after.email !== person.email) await checkEmailIsFree(tx, caller, after.email, id);
        if (emailKey(after.email) === emailKey(person.email))
          await tx.people.save(accountId, { ...after, id });
        else await tx.people.saveWithAddress(accountId, { ...after, id, validFrom: validAfter(now) });
        record(tx, caller, now, { action: 'PERSON_EDITED', entity: personAsEntity(person), changes });
        await changeRoles(tx, caller, now, { person: { ...after, id }, held, wanted, field: 'roles' });
        tx.announce({ kind: 'access', accountId, personId: id });
        return existing(tx, caller, id);
      });
    },

    /**
     * Deletes a person. Objects that they created stay, without a creator.
     * @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for the last person with GlobalAdmin
     */
    async remove(caller: Caller, id: number): Promise<void> {
      await store.transaction(async (tx, now) => {
        const { person, held } = await lock(tx, caller, id);
        checkMayManage(caller, person, held);
        await changeRoles(tx, caller, now, { person, held, wanted: [], field: 'id' });
        // Tokens of the person's access keys may have been used to switch to other accounts.
        await announceAccess(tx, person.email);
        await tx.people.remove(caller.accountId, id);
        const before = shown(person, held);
        const changes = changesBetween<Partial<typeof before>>(before, {}, edited);
        record(tx, caller, now, { action: 'PERSON_REMOVED', entity: personAsEntity(person), changes });
      });
    },

    /**
     * Creates a password link, which replaces an unused one. The current password stays valid until the link
     * is used. Callers cannot create a link for themselves, because it would bypass the check of the current
     * password.
     * @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for the caller
     */
    async resetPassword(caller: Caller, id: number): Promise<{ person: PersonDetails; link: PasswordLink }> {
      return store.transaction(async (tx, now) => {
        const { person, held } = await lock(tx, caller, id);
        checkMayManage(caller, person, held);
        if (id === caller.personId)
          throw invalid('id', id, 'another person, because you change your own password with changePassword');
        const link = await makeLink(tx, caller, now, person, newSecret());
        return { person: await existing(tx, caller, id), link };
      });
    },

    caller: (accountName: string, email: string, token?: ShownToken) =>
      findCaller(read.people, accountName, email, token),
  };
}

/**
 * The caller that a token identifies, with their permissions. Undefined if the account has no such person, or
 * if the token was revoked.
 */
export async function findCaller(
  people: PeopleRepository,
  accountName: string,
  email: string,
  token?: ShownToken,
): Promise<Caller | undefined> {
  const person = await people.caller(accountName, email, token);
  if (!person) return undefined;
  const { roles, ...identity } = person;
  return { ...identity, roles: roles.map(({ name }) => name), grants: grantsOf(roles) };
}

const rolesOf = ({ roleIds }: PersonDetails, roles: readonly Role[]): Role[] =>
  roles.filter(({ id }) => roleIds.includes(id));

const isSeen = (caller: Caller, id: number) => id === caller.personId || holds(caller, 'ViewRole');

const edited = ['name', 'email', 'roles'] as const;
const shown = ({ name, email }: PersonDraft, roles: readonly Role[]) => ({
  name,
  email,
  roles: roles.map((role) => role.name),
});

/** Returns a person, their roles and all roles of the account, locked until the transaction ends. */
async function lock(tx: Transaction, caller: Caller, id: number) {
  await lockRoles(tx, caller);
  const [person] = isSeen(caller, id) ? await tx.people.detailsOf(caller.accountId, [id]) : [];
  if (!person) throw notFound('person', id);
  const all = await tx.roles.all(caller.accountId);
  return { person, all, held: rolesOf(person, all) };
}

/** @throws Refusal NOT_FOUND if the person was deleted in the meantime */
async function existing(tx: Transaction, caller: Caller, id: number, field = 'id'): Promise<PersonDetails> {
  const [person] = await tx.people.detailsOf(caller.accountId, [id]);
  if (!person) throw notFound('person', id, field);
  return person;
}

/** @param own id of a person who may already have the address, for example in another case */
async function checkEmailIsFree(tx: Transaction, caller: Caller, email: string, own?: number): Promise<void> {
  const [holder] = await tx.people.byEmails(caller.accountId, [email]);
  if (!holder || holder.id === own) return;
  throw new Refusal('TITLE_TAKEN', 'A person with this e-mail address already exists.', {
    field: 'email',
    found: show(email),
    allowed: 'an address that no other person of the account has',
  });
}
