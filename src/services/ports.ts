import type { Caller } from '../domain/access.ts';
import type { AccessGroup } from '../domain/access-group.ts';
import type { Activity, ActivityStatus, ActivityType, StatusCounts } from '../domain/activity.ts';
import type { Target } from '../domain/association.ts';
import type { Computer, ComputerStatus } from '../domain/computer.ts';
import type { Limits } from '../domain/limits.ts';
import type { Slice, Window } from '../domain/page.ts';
import type { Person } from '../domain/person.ts';
import type { Script, ScriptStatus } from '../domain/script.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import type { Instant } from '../domain/time.ts';
import type { TriggerKind } from '../domain/trigger.ts';

/**
 * What the use cases ask of the world. Every method takes the account first: there is no other way in.
 * A method that takes several ids or owners answers for all of them in one statement, in their order.
 */
export interface Store {
  /** Reads, each on its own. */
  readonly read: Repositories;
  /**
   * All or nothing. `now` is the database's time, read once at the start.
   * Within it only `tx` may be used: the embedded database has a single connection.
   */
  transaction<Result>(work: (tx: Repositories, now: Instant) => Promise<Result>): Promise<Result>;
}

export interface Repositories {
  readonly people: PeopleRepository;
  readonly accessGroups: AccessGroupRepository;
  readonly computers: ComputerRepository;
  readonly scripts: ScriptRepository;
  readonly scriptProfiles: ScriptProfileRepository;
  readonly activities: ActivityRepository;
  readonly limits: LimitsRepository;
}

/** One page of a list: which rows, in which order, which window of them. */
export interface Listing<Filter, Field extends string> {
  readonly filter: Filter;
  readonly order: Order<Field>;
  readonly window: Window;
}

export interface Order<Field extends string> {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}

/** A row, with the text by which its list is sorted: what a cursor is made of. */
export type Sorted<Row> = Row & { readonly sortKey: string | null };

export interface PeopleRepository {
  /** Who logs in with this e-mail to this account. */
  caller(accountName: string, email: string): Promise<Caller | undefined>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Person | undefined)[]>;
}

export interface AccessGroupRepository {
  /** The account's whole tree, by name. */
  all(accountId: number): Promise<AccessGroup[]>;
  byName(accountId: number, name: string): Promise<AccessGroup | undefined>;
  insert(accountId: number, group: Omit<AccessGroup, 'id'>): Promise<AccessGroup>;
}

export type ComputerOrderField = 'CREATED_AT' | 'TITLE' | 'ID';

export interface ComputerFilter {
  readonly status?: ComputerStatus | null;
  readonly search?: string | null;
  readonly tags?: readonly string[] | null;
  /** Names; a group brings those below it. */
  readonly accessGroups?: readonly string[] | null;
}

export interface ComputerRepository {
  page(
    accountId: number,
    listing: Listing<ComputerFilter, ComputerOrderField>,
  ): Promise<Slice<Sorted<Computer>>>;
  count(accountId: number, filter: ComputerFilter): Promise<number>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Computer | undefined)[]>;
  /** How many computers each target reaches. */
  countReached(accountId: number, targets: readonly (Target | null)[]): Promise<number[]>;
  /** A page, for each target, of the computers that it reaches. */
  pagesReached(
    accountId: number,
    targets: readonly (Target | null)[],
    listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Computer>>[]>;
  /** The tags in use on accepted computers, sorted. */
  tags(accountId: number): Promise<string[]>;
  insert(accountId: number, computer: Omit<Computer, 'id'>): Promise<number>;
  /** Locks them, in the order of their ids, until the transaction ends. */
  forUpdate(accountId: number, ids: readonly number[]): Promise<Computer[]>;
  save(accountId: number, computers: readonly Computer[]): Promise<void>;
  remove(accountId: number, ids: readonly number[]): Promise<void>;
}

export type ScriptOrderField = 'CREATED_AT' | 'LAST_EDITED_AT' | 'TITLE';

export interface ScriptFilter {
  readonly statuses?: readonly ScriptStatus[] | null;
  readonly search?: string | null;
}

export interface ScriptRepository {
  page(accountId: number, listing: Listing<ScriptFilter, ScriptOrderField>): Promise<Slice<Sorted<Script>>>;
  count(accountId: number, filter: ScriptFilter): Promise<number>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Script | undefined)[]>;
  /** Locks it until the transaction ends: a profile is not made of a script that is just being archived. */
  forUpdate(accountId: number, id: number): Promise<Script | undefined>;
  titleHolder(accountId: number, title: string): Promise<{ id: number; status: ScriptStatus } | undefined>;
  insert(accountId: number, script: Omit<Script, 'id'>): Promise<number>;
  /** Keeps the script; a new version number brings a version row with it. */
  save(accountId: number, script: Script): Promise<void>;
  /** Overwrites interpreter and code of all versions. */
  overwriteVersions(
    accountId: number,
    id: number,
    text: { readonly interpreter: string; readonly code: string },
  ): Promise<void>;
}

export type ScriptProfileOrderField = 'CREATED_AT' | 'LAST_EDITED_AT' | 'TITLE';

export interface ScriptProfileFilter {
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'ALL';
  /** A part of the title, in any case. */
  readonly search?: string | null;
  /** Whole titles. */
  readonly titles?: readonly string[] | null;
  readonly triggerKinds?: readonly TriggerKind[] | null;
  /** Profiles with any of them. */
  readonly tags?: readonly string[] | null;
  readonly scriptIds?: readonly number[] | null;
  /** Names; a group brings those below it. */
  readonly accessGroups?: readonly string[] | null;
}

export interface ScriptProfileRepository {
  page(
    accountId: number,
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
  ): Promise<Slice<Sorted<ScriptProfile>>>;
  count(accountId: number, filter: ScriptProfileFilter): Promise<number>;
  byIds(accountId: number, ids: readonly number[]): Promise<(ScriptProfile | undefined)[]>;
  /** Locks it until the transaction ends. */
  forUpdate(accountId: number, id: number): Promise<ScriptProfile | undefined>;
  /** Locks the script's profiles that are not archived, in the order of their ids. */
  ofScriptForUpdate(accountId: number, scriptId: number): Promise<ScriptProfile[]>;
  /** Locks the profiles that the clock will fire, in the order of their ids. */
  scheduledForUpdate(accountId: number): Promise<ScriptProfile[]>;
  titleHolder(accountId: number, title: string): Promise<{ id: number; archived: boolean } | undefined>;
  countActive(accountId: number): Promise<number>;
  insert(accountId: number, profile: Omit<ScriptProfile, 'id'>): Promise<number>;
  save(accountId: number, profile: ScriptProfile): Promise<void>;
}

export type ActivityOrderField = 'CREATION_TIME';

export interface ActivityFilter {
  readonly types?: readonly ActivityType[] | null;
  readonly statuses?: readonly ActivityStatus[] | null;
  /** The parents of this profile's runs. */
  readonly scriptProfileId?: number | null;
  readonly parentId?: number | null;
  readonly computerId?: number | null;
}

/** Whose activities: a profile's parents, or a parent's children. */
export type ActivityOwner = 'scriptProfileId' | 'parentId';

export interface ActivityRepository {
  page(
    accountId: number,
    listing: Listing<ActivityFilter, ActivityOrderField>,
  ): Promise<Slice<Sorted<Activity>>>;
  count(accountId: number, filter: ActivityFilter): Promise<number>;
  /** A page for each owner. */
  pagesOf(
    accountId: number,
    owner: ActivityOwner,
    ids: readonly number[],
    listing: Omit<Listing<never, ActivityOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Activity>>[]>;
  countsOf(accountId: number, owner: ActivityOwner, ids: readonly number[]): Promise<number[]>;
  /** The newest parent of each profile. */
  lastOf(accountId: number, scriptProfileIds: readonly number[]): Promise<(Activity | undefined)[]>;
  byIds(accountId: number, ids: readonly number[]): Promise<(Activity | undefined)[]>;
  /** Ends executions that are still in one of these statuses; answers with the parents concerned, locked. */
  end(accountId: number, which: ExecutionsToEnd, end: ExecutionEnd): Promise<number[]>;
  /** How many children each of these parents has, by status. */
  statusCounts(accountId: number, parentIds: readonly number[]): Promise<StatusCounts[]>;
  setStatus(
    accountId: number,
    parents: readonly { id: number; status: ActivityStatus; completionTime: Instant | null }[],
  ): Promise<void>;
}

/** Executions of a profile's runs, or of removed computers. */
export type ExecutionsToEnd = { readonly in: readonly ActivityStatus[] } & (
  | { readonly scriptProfileIds: readonly number[] }
  | { readonly computerIds: readonly number[] }
);

export interface ExecutionEnd {
  readonly status: 'canceled' | 'failed';
  readonly resultText: string | null;
  readonly at: Instant;
}

export interface LimitsRepository {
  of(accountId: number): Promise<Limits>;
  /** Locks the account's limits until the transaction ends: places and titles are given out under this lock. */
  forUpdate(accountId: number): Promise<Limits>;
  save(accountId: number, limits: Limits): Promise<void>;
}
