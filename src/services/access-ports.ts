import type { Caller } from '../domain/access.ts';
import type { Changes, EventAction, EventHead, NumberedType } from '../domain/event.ts';
import type { Slice } from '../domain/page.ts';
import type { Person } from '../domain/person.ts';
import type { HeldRole, Role } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { ShownToken } from '../domain/token.ts';
import type { Listing, Sorted } from './ports.ts';

// What it takes to know who may do what, and to keep who did what. See ports.ts.

/** A caller before their roles are added up. */
export interface KnownPerson extends Omit<Caller, 'roles' | 'grants'> {
  readonly roles: readonly HeldRole[];
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
}

export interface RoleRepository {
  /** By name. */
  all(accountId: number): Promise<Role[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Role | undefined)[]>;
  insert(accountId: number, role: Omit<Role, 'id' | 'version'>): Promise<number>;
  save(accountId: number, role: Role): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
}

export type EventOrderField = 'CREATED_AT';

export interface EventFilter {
  readonly actions?: readonly EventAction[] | null;
  readonly ids?: readonly number[] | null;
  readonly personId?: number | null;
  /** What was done to this. */
  readonly entity?: { readonly type: NumberedType; readonly id: number } | null;
  readonly createdAt?: TimeRange | null;
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
