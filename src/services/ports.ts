import type { Groups, Scope } from '../domain/accounts/access.ts';
import type { AccessGroup } from '../domain/accounts/access-group.ts';
import type { Limits, VersionedLimits } from '../domain/accounts/limits.ts';
import type { Change } from '../domain/change.ts';
import type { LoggedEvent } from '../domain/event.ts';
import type { Instant } from '../domain/time.ts';
import type { EventRepository, PeopleRepository, RoleRepository } from './accounts/access-ports.ts';
import type {
  AccessKeyRepository,
  LogInRepository,
  PasswordRepository,
  TokenRepository,
} from './accounts/log-in-ports.ts';
import type { ActivityRepository } from './activities/activity-ports.ts';
import type { ExecutionRepository, RunRepository } from './activities/run-ports.ts';
import type { AgentRepository } from './computers/agent-ports.ts';
import type { ComputerRepository } from './computers/computer-ports.ts';
import type { SavedSearchRepository } from './computers/saved-search-ports.ts';
import type { ScriptProfileRepository } from './script-profiles/script-profile-ports.ts';
import type {
  ScriptAttachmentRepository,
  ScriptRepository,
  ScriptVersionRepository,
} from './scripts/script-ports.ts';

/**
 * The interface between the use cases and the database. Every method takes the account first, so no query can
 * cross accounts. A read of rows in access groups takes the caller's scope, so invisible rows are never
 * returned. A method that takes several ids or owners returns the rows of all of them, in their order and in
 * one statement.
 */
export interface Store {
  /** Single reads, each outside of a transaction. */
  readonly read: Repositories;
  /**
   * Runs work in a transaction. `now` is the database's time in milliseconds, read once at the start. After a
   * deadlock, the work is retried from its beginning, so it must not change anything outside of the
   * transaction. It must use only `tx`, because the embedded database has a single connection.
   */
  transaction<Result>(work: (tx: Transaction, now: Instant) => Promise<Result>): Promise<Result>;
}

export interface Repositories {
  readonly accounts: AccountRepository;
  readonly people: PeopleRepository;
  readonly accessGroups: AccessGroupRepository;
  readonly computers: ComputerRepository;
  readonly agents: AgentRepository;
  readonly savedSearches: SavedSearchRepository;
  readonly scripts: ScriptRepository;
  readonly scriptVersions: ScriptVersionRepository;
  readonly scriptAttachments: ScriptAttachmentRepository;
  readonly scriptProfiles: ScriptProfileRepository;
  readonly activities: ActivityRepository;
  readonly executions: ExecutionRepository;
  readonly runs: RunRepository;
  readonly limits: LimitsRepository;
  readonly logIns: LogInRepository;
  readonly accessKeys: AccessKeyRepository;
  readonly tokens: TokenRepository;
  readonly passwords: PasswordRepository;
  readonly idempotencyKeys: IdempotencyKeyRepository;
  readonly roles: RoleRepository;
  readonly events: EventRepository;
}

export type Transaction = Repositories & Outbox;

/** Notifications and events of a transaction. They are sent at the commit, and dropped at a rollback. */
export interface Outbox {
  /** Publishes changes to all processes. */
  announce(...changes: readonly Change[]): void;
  /** Notifies the schedulers of all processes that something may fall due earlier than they expect. */
  wakeClocks(): void;
  /** Adds events to the account's log. No other method writes to the log, and events are never changed. */
  log(accountId: number, events: readonly Omit<LoggedEvent, 'id'>[]): void;
}

export interface AccountRepository {
  ids(): Promise<number[]>;
  /** Creates an account if none exists. The second of two concurrent calls waits, and then returns undefined. */
  createFirst(account: {
    readonly name: string;
    readonly title: string;
    readonly now: Instant;
  }): Promise<number | undefined>;
  /** Creates a person with all permissions in the account. Returns their number. */
  addAdministrator(
    accountId: number,
    person: {
      readonly name: string;
      readonly email: string;
      readonly passwordHash: string;
      readonly now: Instant;
    },
  ): Promise<number>;
  preferences(accountId: number): Promise<Preferences>;
  /** Takes no lock. The last writer wins. */
  savePreferences(accountId: number, preferences: Preferences): Promise<void>;
  byName(
    name: string,
  ): Promise<{ readonly id: number; readonly registrationKeyHash: string | null } | undefined>;
}

/** Settings that control how computers join the account. */
export interface Preferences {
  /** Display name of the account. */
  readonly title: string;
  /** Whether a computer that enrols with the registration key is accepted immediately. */
  readonly autoRegisterNewComputers: boolean;
  /** Null if no key is set. In that case, only people can enrol computers. */
  readonly registrationKeyHash: string | null;
}

/** The access groups in which the caller can see each kind of object. */
export interface GroupScope {
  readonly accountId: number;
  readonly computers: Groups;
  readonly scripts: Groups;
  readonly scriptProfiles: Groups;
}

export interface GroupContents {
  /** Accepted computers. */
  readonly computers: number;
  /** Active scripts. */
  readonly scripts: number;
  /** Script profiles that are not archived. */
  readonly scriptProfiles: number;
}

export interface AccessGroupRepository {
  /** The visible part of the account's tree, in the order of the names. */
  all(scope: Scope): Promise<AccessGroup[]>;
  byName(scope: Scope, name: string): Promise<AccessGroup | undefined>;
  insert(accountId: number, group: Omit<AccessGroup, 'id'>): Promise<AccessGroup>;
  save(accountId: number, group: AccessGroup): Promise<void>;
  /** Deletes a group. Its contents and its child groups move to its parent. */
  removeIntoParent(accountId: number, group: AccessGroup): Promise<void>;
  /** Number of visible objects in each group itself, without its descendants. */
  contents(scope: GroupScope, ids: readonly number[]): Promise<GroupContents[]>;
}

export interface LimitsRepository {
  of(accountId: number): Promise<VersionedLimits>;
  /**
   * Locks the account's limits until the transaction ends. The profile limit and the uniqueness of titles are
   * checked under this lock.
   */
  forUpdate(accountId: number): Promise<VersionedLimits>;
  /** Increments the version. */
  save(accountId: number, limits: Limits): Promise<void>;
}

/** Identifies the use of a key: the holder and the mutation. */
export interface KeyUse {
  readonly holder: string;
  readonly mutation: string;
  readonly keyHash: string;
}

export interface IdempotencyKeyRepository {
  /**
   * Takes a key. Waits for a transaction that is currently taking it. If the key was taken before and has not
   * expired, returns the earlier use.
   */
  take(
    accountId: number,
    use: KeyUse & { readonly inputHash: string; readonly seed: string; readonly at: Instant },
    expired: Instant,
  ): Promise<{ readonly inputHash: string; readonly seed: string; readonly resultId: number } | undefined>;
  /** The seed of each key, in the order of the hashes. Undefined for a key that was not used since that time. */
  seedsOf(
    accountId: number,
    use: Omit<KeyUse, 'keyHash'> & { readonly keyHashes: readonly string[] },
    since: Instant,
  ): Promise<(string | undefined)[]>;
  /** Stores the number of the object created under a key that this transaction locked. */
  settle(accountId: number, use: KeyUse, resultId: number): Promise<void>;
  /** Deletes keys taken before this time, oldest first. Returns their number. */
  forget(accountId: number, before: Instant, most: number): Promise<number>;
}
