import { authorise, type Caller, holds, type ShownToken } from '../../domain/accounts/access.ts';
import type { PasswordLink } from '../../domain/accounts/password.ts';
import {
  checkPerson,
  checkTimeZone,
  emailKey,
  type PersonDetails,
  type PersonDraft,
} from '../../domain/accounts/person.ts';
import { grantsOf, type Role } from '../../domain/accounts/role.ts';
import { validAfter } from '../../domain/accounts/token.ts';
import { checkChange } from '../../domain/edit.ts';
import { invalid, Refusal, show } from '../../domain/errors.ts';
import { changesBetween } from '../../domain/event.ts';
import type { ObjectRef } from '../../domain/object-ref.ts';
import type { Slice } from '../../domain/page.ts';
import { checkExpected } from '../../domain/script-profiles/version.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Listing, Sorted } from '../listing.ts';
import type { Store, Transaction } from '../ports.ts';
import { newSecret } from '../secrets.ts';
import type { PeopleRepository, PersonFilter, PersonOrderField } from './access-ports.ts';
import {
  existing,
  isSeen,
  type LockedPerson,
  lockInvited,
  lockManaged,
  lockPerson,
  rolesOf,
} from './locked-person.ts';
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

/** Changes to a person. A field that is absent or null keeps its value. A list of roles replaces the stored list. */
export type PersonEdit = { readonly [Field in keyof EditedFields]?: EditedFields[Field] | null } & RoleNames;

type EditedFields = PersonDraft & Partial<Pick<PersonDetails, 'timeZone'>>;

/** A person who was just created. The link is null in a retry after the link was used. */
export interface CreatedPerson {
  readonly id: number;
  readonly person: PersonDetails;
  readonly link: PasswordLink | null;
}

export interface LinkedPerson {
  readonly person: PersonDetails;
  readonly link: PasswordLink;
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
     * Edits a person. All callers may change their own name and time zone. A new address invalidates the person's tokens
     * and unused password link.
     * @throws Refusal NOT_FOUND, VERSION_CLASH, INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for permissions that the
     * caller does not hold
     */
    async update(
      caller: Caller,
      id: number,
      edit: PersonEdit,
      expectedVersion?: number | null,
    ): Promise<PersonDetails> {
      const { accountId } = caller;
      return store.transaction(async (tx, now) => {
        const { person, held, all } = await lockPerson(tx, caller, id);
        // Forms send all fields back, so an unchanged address requires no permission.
        const isReaddressed = edit.email != null && edit.email !== person.email;
        if (id !== caller.personId || isReaddressed || areGiven(edit)) checkMayManage(caller, person, held);
        checkExpected('person', person, expectedVersion);
        const given = { name: edit.name ?? person.name, email: edit.email ?? person.email };
        const timeZone = checkChange(edit.timeZone ?? person.timeZone, person.timeZone, checkTimeZone);
        const after = { ...checkPerson(given, person), timeZone };
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
     * Removes a person. The objects that they created remain, without a creator. Returns the person's number.
     * @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for the last GlobalAdmin
     */
    async remove(caller: Caller, ref: ObjectRef): Promise<number> {
      return store.transaction(async (tx, now) =>
        remove(tx, caller, now, await lockManaged(tx, caller, ref)),
      );
    },

    /** Removes a person who has not set a password. @throws Refusal NOT_FOUND, FORBIDDEN */
    async revokeInvitation(caller: Caller, id: number): Promise<number> {
      return store.transaction(async (tx, now) => remove(tx, caller, now, await lockInvited(tx, caller, id)));
    },

    /** Replaces the link for the first password. @throws Refusal NOT_FOUND, FORBIDDEN */
    async renewInvitation(caller: Caller, id: number): Promise<LinkedPerson> {
      return store.transaction(async (tx, now) => relink(tx, caller, now, await lockInvited(tx, caller, id)));
    },

    /**
     * Creates a password link, which replaces an unused one. The current password stays valid until the link
     * is used. Callers cannot create a link for themselves, because it would bypass the check of the current
     * password.
     * @throws Refusal NOT_FOUND, FORBIDDEN; INVALID_INPUT for the caller
     */
    async resetPassword(caller: Caller, id: number): Promise<LinkedPerson> {
      return store.transaction(async (tx, now) => {
        const locked = await lockManaged(tx, caller, id);
        if (id === caller.personId)
          throw invalid('id', id, 'another person. Use changePassword for your own password');
        return relink(tx, caller, now, locked);
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

const edited = ['name', 'email', 'timeZone', 'roles'] as const;
const shown = ({ name, email, timeZone }: EditedFields, roles: readonly Role[]) => ({
  name,
  email,
  timeZone,
  roles: roles.map((role) => role.name),
});

/** @param locked a person whom the caller may manage */
async function remove(tx: Transaction, caller: Caller, now: Instant, locked: LockedPerson): Promise<number> {
  const { person, held } = locked;
  await changeRoles(tx, caller, now, { person, held, wanted: [], field: 'id' });
  // The person's access keys may have been used to switch to other accounts of the person.
  await announceAccess(tx, person.email);
  await tx.people.remove(caller.accountId, person.id);
  const before = shown({ name: person.name, email: person.email }, held);
  const changes = changesBetween<Partial<typeof before>>(before, {}, edited);
  record(tx, caller, now, { action: 'PERSON_REMOVED', entity: personAsEntity(person), changes });
  return person.id;
}

/** @param locked a person whom the caller may manage */
async function relink(
  tx: Transaction,
  caller: Caller,
  now: Instant,
  { person }: LockedPerson,
): Promise<LinkedPerson> {
  const link = await makeLink(tx, caller, now, person, newSecret());
  return { person: await existing(tx, caller, person.id), link };
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
