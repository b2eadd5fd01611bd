import type { Caller, ShownToken } from '../../domain/accounts/access.ts';
import type { Person, PersonDetails, PersonDraft } from '../../domain/accounts/person.ts';
import type { HeldRole, Role } from '../../domain/accounts/role.ts';
import type { Changes, EventAction, EventHead, NumberedType } from '../../domain/event.ts';
import type { Slice } from '../../domain/page.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Listing, Sorted } from '../listing.ts';

// Repositories for permissions and for the event log. See ports.ts.

/** A caller whose roles have not been combined yet. */
export interface KnownPerson extends Omit<Caller, 'roles' | 'grants'> {
  readonly roles: readonly HeldRole[];
}

export type PersonOrderField = 'EMAIL' | 'NAME' | 'CREATED_AT';

export interface PersonFilter {
  /** Part of the name or e-mail address. */
  readonly search?: string | null;
  /** Persons with at least one of these roles. */
  readonly roleIds?: readonly number[] | null;
  /** True for people who were invited and have not set a password yet, false for all others. */
  readonly isInvited?: boolean | null;
}

export type EditedPerson = Person & Pick<PersonDetails, 'timeZone'>;

export interface PeopleRepository {
  /**
   * Reads the person with this e-mail address in the account, with their roles, in one statement. Undefined
   * if there is none, or if the given token is revoked.
   */
  caller(accountName: string, email: string, token?: ShownToken): Promise<KnownPerson | undefined>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Person | undefined)[]>;
  /** In the order of the given addresses. */
  byEmails(accountId: number, emails: readonly string[]): Promise<(Person | undefined)[]>;
  page(
    accountId: number,
    listing: Listing<PersonFilter, PersonOrderField>,
  ): Promise<Slice<Sorted<PersonDetails>>>;
  count(accountId: number, filter: PersonFilter): Promise<number>;
  detailsOf(accountId: number, ids: readonly number[]): Promise<(PersonDetails | undefined)[]>;
  /**
   * Inserts a person without a password. Their sessions cannot switch to other accounts.
   * @param validFrom rejects tokens of an earlier person with the same address
   */
  insert(
    accountId: number,
    person: PersonDraft & { readonly createdAt: Instant; readonly validFrom: Instant },
  ): Promise<number>;
  save(accountId: number, person: EditedPerson): Promise<void>;
  /**
   * Saves a person with a new address. Revokes their tokens and their unused password link. Their sessions
   * can no longer switch to other accounts.
   */
  saveWithAddress(accountId: number, person: EditedPerson & { readonly validFrom: Instant }): Promise<void>;
  /** Increments the version of each person. */
  countEdits(accountId: number, ids: readonly number[]): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
}

export interface RoleRepository {
  /** In the order of their names. */
  all(accountId: number): Promise<Role[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Role | undefined)[]>;
  insert(accountId: number, role: Omit<Role, 'id' | 'version'>): Promise<number>;
  save(accountId: number, role: Role): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
  /** Adds a person to roles and removes them from others. Increments the version of each role. */
  changePerson(
    accountId: number,
    personId: number,
    change: { readonly given: readonly number[]; readonly taken: readonly number[] },
  ): Promise<void>;
}

export type EventOrderField = 'CREATED_AT';

export interface EventFilter {
  readonly actions?: readonly EventAction[] | null;
  readonly ids?: readonly number[] | null;
  readonly personId?: number | null;
  /** The object of the events. */
  readonly entity?: { readonly type: NumberedType; readonly id: number } | null;
  readonly createdAt?: TimeRange | null;
  /** Days before now. */
  readonly lastDays?: number | null;
  /** Part of the action, of the title of the object, or of the name or e-mail address of the person. */
  readonly search?: string | null;
}

/** Objects of one type. */
export interface Entities {
  readonly type: NumberedType;
  readonly ids: readonly number[];
}

export interface EventRepository {
  page(accountId: number, listing: Listing<EventFilter, EventOrderField>): Promise<Slice<Sorted<EventHead>>>;
  count(accountId: number, filter: EventFilter): Promise<number>;
  /** A page of the events of each object. */
  pagesOf(
    accountId: number,
    entities: Entities,
    listing: Listing<EventFilter, EventOrderField>,
  ): Promise<Slice<Sorted<EventHead>>[]>;
  countsOf(accountId: number, entities: Entities, filter: EventFilter): Promise<number[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(EventHead | undefined)[]>;
  /** Undefined if the event does not exist. */
  changesOf(accountId: number, ids: readonly number[]): Promise<(Changes | undefined)[]>;
  /** Deletes events before this time, oldest first. Returns their number. */
  forget(accountId: number, before: Instant, most: number): Promise<number>;
}
