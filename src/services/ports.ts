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
 * What the use cases ask of the world. Every method takes the account first: there is no other way in. One that
 * reads what is in access groups for somebody takes their scope, so that what they may not see is not there.
 * A method that takes several ids or owners returns the rows of all of them, in their order and in one statement.
 */
export interface Store {
  /** Reads, each on its own. */
  readonly read: Repositories;
  /**
   * All or nothing. `now` is the database's time in milliseconds, read once at the start. After a deadlock the work is
   * retried from its beginning, so it must change nothing outside of the transaction.
   * Within it only `tx` may be used: the embedded database has a single connection.
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

/** What a transaction says. It is said at the end, and not at all when it is rolled back. */
export interface Outbox {
  /** Tells every process what was changed. */
  announce(...changes: readonly Change[]): void;
  /** Tells the clock of every process that something may fall due earlier than it thinks. */
  wakeClocks(): void;
  /** Enters events in the account's log: the one way in; there is none to change what is there. */
  log(accountId: number, events: readonly Omit<LoggedEvent, 'id'>[]): void;
}

export interface AccountRepository {
  ids(): Promise<number[]>;
  /** Creates an account while there is none: of two who try at once, the second one waits, and gets undefined. */
  createFirst(account: {
    readonly name: string;
    readonly title: string;
    readonly now: Instant;
  }): Promise<number | undefined>;
  /** Creates a person with all permissions in the account; answers with their number. */
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
  /** Locks nothing: the last one who saves is right. */
  savePreferences(accountId: number, preferences: Preferences): Promise<void>;
  byName(
    name: string,
  ): Promise<{ readonly id: number; readonly registrationKeyHash: string | null } | undefined>;
}

/** How computers join the account. */
export interface Preferences {
  /** The account's name for people. */
  readonly title: string;
  /** Whether a computer that enrols with the registration key is accepted at once. */
  readonly autoRegisterNewComputers: boolean;
  /** Null while no key is set: then computers are enrolled by people only. */
  readonly registrationKeyHash: string | null;
}

/** Where the caller sees what may be in an access group. */
export interface GroupScope {
  readonly accountId: number;
  readonly computers: Groups;
  readonly scripts: Groups;
  readonly scriptProfiles: Groups;
}

export interface GroupContents {
  /** Accepted ones. */
  readonly computers: number;
  /** Active ones. */
  readonly scripts: number;
  /** Those that are not archived. */
  readonly scriptProfiles: number;
}

export interface AccessGroupRepository {
  /** The account's tree, as far as it is seen, by name. */
  all(scope: Scope): Promise<AccessGroup[]>;
  byName(scope: Scope, name: string): Promise<AccessGroup | undefined>;
  insert(accountId: number, group: Omit<AccessGroup, 'id'>): Promise<AccessGroup>;
  save(accountId: number, group: AccessGroup): Promise<void>;
  /** What is in the group, and the groups in it, go to its parent. */
  removeIntoParent(accountId: number, group: AccessGroup): Promise<void>;
  /** How many of what the caller sees are in each group itself, and not below it. */
  contents(scope: GroupScope, ids: readonly number[]): Promise<GroupContents[]>;
}

export interface LimitsRepository {
  of(accountId: number): Promise<VersionedLimits>;
  /** Locks the account's limits until the transaction ends: places and titles are given out under this lock. */
  forUpdate(accountId: number): Promise<VersionedLimits>;
  /** As the next version. */
  save(accountId: number, limits: Limits): Promise<void>;
}

/** Whose key, and what for. */
export interface KeyUse {
  readonly holder: string;
  readonly mutation: string;
  readonly keyHash: string;
}

export interface IdempotencyKeyRepository {
  /**
   * Takes a key, after the transaction that is just taking it, if any. When it was taken before, and not expired,
   * answers with what for.
   */
  take(
    accountId: number,
    use: KeyUse & { readonly inputHash: string; readonly seed: string; readonly at: Instant },
    expired: Instant,
  ): Promise<{ readonly inputHash: string; readonly seed: string; readonly resultId: number } | undefined>;
  /** The seed of each key, in the order of their hashes; undefined where none was taken since then. */
  seedsOf(
    accountId: number,
    use: Omit<KeyUse, 'keyHash'> & { readonly keyHashes: readonly string[] },
    since: Instant,
  ): Promise<(string | undefined)[]>;
  /** Keeps what was made under a key that this transaction took. */
  settle(accountId: number, use: KeyUse, resultId: number): Promise<void>;
  /** Forgets keys that were taken before then, the oldest first; answers with how many. */
  forget(accountId: number, before: Instant, most: number): Promise<number>;
}
