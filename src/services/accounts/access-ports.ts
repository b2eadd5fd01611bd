import type { Caller, ShownToken } from '../../domain/accounts/access.ts';
import type { Person, PersonDetails, PersonDraft } from '../../domain/accounts/person.ts';
import type { HeldRole, Role } from '../../domain/accounts/role.ts';
import type { Changes, EventAction, EventHead, NumberedType } from '../../domain/event.ts';
import type { Slice } from '../../domain/page.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Listing, Sorted } from '../listing.ts';

// What it takes to know who may do what, and to keep who did what. See ports.ts.

/** A caller before their roles are added up. */
export interface KnownPerson extends Omit<Caller, 'roles' | 'grants'> {
  readonly roles: readonly HeldRole[];
}

export type PersonOrderField = 'EMAIL' | 'NAME' | 'CREATED_AT';

export interface PersonFilter {
  /** A part of the name or of the e-mail address. */
  readonly search?: string | null;
  /** Any of these roles. */
  readonly roleIds?: readonly number[] | null;
  /** Those who were invited and have no password since, or all others. */
  readonly isInvited?: boolean | null;
}

export interface PeopleRepository {
  /**
   * Who has this e-mail in this account, with their roles, in one statement; with a token, only while it was not
   * taken back.
   */
  caller(accountName: string, email: string, token?: ShownToken): Promise<KnownPerson | undefined>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Person | undefined)[]>;
  /** In the order of the e-mails. */
  byEmails(accountId: number, emails: readonly string[]): Promise<(Person | undefined)[]>;
  page(
    accountId: number,
    listing: Listing<PersonFilter, PersonOrderField>,
  ): Promise<Slice<Sorted<PersonDetails>>>;
  count(accountId: number, filter: PersonFilter): Promise<number>;
  detailsOf(accountId: number, ids: readonly number[]): Promise<(PersonDetails | undefined)[]>;
  /**
   * A person without a password, whose sessions lead to no other account.
   * @param validFrom tokens of an earlier person with this address were made before it, and are refused
   */
  insert(
    accountId: number,
    person: PersonDraft & { readonly createdAt: Instant; readonly validFrom: Instant },
  ): Promise<number>;
  save(accountId: number, person: Person): Promise<void>;
  saveTimeZone(accountId: number, id: number, timeZone: string): Promise<void>;
  /** The same with another address: earlier tokens, a link that waits, and the way to other accounts are gone. */
  saveWithAddress(accountId: number, person: Person & { readonly validFrom: Instant }): Promise<void>;
  /** As the next version of each. */
  countEdits(accountId: number, ids: readonly number[]): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
}

export interface RoleRepository {
  /** By name. */
  all(accountId: number): Promise<Role[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Role | undefined)[]>;
  insert(accountId: number, role: Omit<Role, 'id' | 'version'>): Promise<number>;
  save(accountId: number, role: Role): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
  /** Gives a person roles and takes others away, each as its next version. */
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
  /** What was done to this. */
  readonly entity?: { readonly type: NumberedType; readonly id: number } | null;
  readonly createdAt?: TimeRange | null;
  /** Ending now. */
  readonly lastDays?: number | null;
  /** A part of the action, of the title of the thing, or of the name or the address of the person. */
  readonly search?: string | null;
}

/** Things of one type. */
export interface Entities {
  readonly type: NumberedType;
  readonly ids: readonly number[];
}

export interface EventRepository {
  page(accountId: number, listing: Listing<EventFilter, EventOrderField>): Promise<Slice<Sorted<EventHead>>>;
  count(accountId: number, filter: EventFilter): Promise<number>;
  /** A page of what was done to each thing of one type. */
  pagesOf(
    accountId: number,
    entities: Entities,
    listing: Listing<EventFilter, EventOrderField>,
  ): Promise<Slice<Sorted<EventHead>>[]>;
  countsOf(accountId: number, entities: Entities, filter: EventFilter): Promise<number[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(EventHead | undefined)[]>;
  /** What became of their fields; undefined where there is no such event. */
  changesOf(accountId: number, ids: readonly number[]): Promise<(Changes | undefined)[]>;
  /** Forgets what was entered before then, the oldest first; answers with how many. */
  forget(accountId: number, before: Instant, most: number): Promise<number>;
}
