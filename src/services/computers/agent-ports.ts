import type { Scope } from '../../domain/accounts/access.ts';
import type { AgentFacts, AgentSession, AgentState, Distribution } from '../../domain/computers/agent.ts';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import type { Instant } from '../../domain/time.ts';

// The repository of agents. See ports.ts.

/** A computer's session, locked for an exchange, with its open executions. */
export interface LockedAgent extends AgentSession {
  readonly computerId: number;
  readonly title: string;
  readonly status: ComputerStatus;
  readonly runsScripts: boolean;
  readonly typesHash: string | null;
  readonly exchangeToken: string | null;
  /**
   * Executions that wait for the computer and are in time, oldest first. At most MAX_OPEN for an accepted
   * computer.
   */
  readonly waiting: readonly number[];
  /** Executions that were delivered to the computer and are not reported. */
  readonly delivered: readonly number[];
}

export interface SavedAgent extends AgentSession {
  readonly notifiedStatus: ComputerStatus;
  readonly runsScripts: boolean;
  readonly typesHash: string | null;
  readonly exchangeToken: string;
  readonly lastSeenAt: Instant;
  /** Null does not change it. */
  readonly version: string | null;
  readonly facts: AgentFacts;
}

/** An exchange without messages from the client. */
export interface IdleAgent {
  readonly expected: number;
  readonly unconfirmedFrom: number;
  readonly status: ComputerStatus;
  /** The exchange token that the client presented. Null if it presented none. */
  readonly shownToken: string | null;
  readonly exchangeToken: string;
  /** Null does not change it. */
  readonly version: string | null;
}

/** Another registration of the same machine. */
export interface AgentTwin {
  readonly computerId: number;
  readonly title: string;
  readonly status: ComputerStatus;
}

export interface AgentRepository {
  /** Locks the computer with this token and its session until the transaction ends. */
  forUpdate(accountId: number, tokenHash: string, now: Instant): Promise<LockedAgent | undefined>;
  /**
   * Stores an exchange without messages on either side, in one statement instead of a transaction. Stores
   * nothing and returns undefined if the session differs, the status has changed, or messages or executions
   * wait.
   */
  saveIdle(
    accountId: number,
    tokenHash: string,
    agent: IdleAgent,
  ): Promise<{ readonly computerId: number; readonly typesHash: string | null } | undefined>;
  /**
   * Undelivered executions that could be delivered to a computer, oldest first. `until` is the highest number of an
   * execution, and `most` the maximum count. Null means no bound.
   */
  deliverable(
    accountId: number,
    computerId: number,
    bounds: { readonly until: number | null; readonly most: number | null; readonly now: Instant },
  ): Promise<number[]>;
  /** Inserts the session of a computer, unless it exists. */
  insert(accountId: number, computerId: number, machineId: string | null): Promise<void>;
  /** Inserts the distribution of a computer that has no session yet. */
  introduce(accountId: number, computerId: number, distribution: Distribution): Promise<void>;
  save(accountId: number, computerId: number, agent: SavedAgent): Promise<void>;
  /** Other registrations of this machine wait for this lock until the transaction ends. */
  lockMachine(accountId: number, machineId: string): Promise<void>;
  /** The registrations of this machine, oldest first. */
  twins(accountId: number, machineId: string): Promise<AgentTwin[]>;
  /** The machine ids of those computers that have reported one. */
  machineIds(accountId: number, computerIds: readonly number[]): Promise<Map<number, string>>;
  /** Moves the executions of a computer to another computer. */
  moveHistory(accountId: number, from: number, to: number): Promise<void>;
  /** The state of each visible computer. Undefined for a computer without a client. */
  statesOf(scope: Scope, ids: readonly number[], since: Instant): Promise<(AgentState | undefined)[]>;
  /** The given computers that are accepted, visible and offline. See `isOffline`. */
  offlineAmong(scope: Scope, ids: readonly number[], since: Instant): Promise<number[]>;
  /**
   * Whether a computer should exchange messages, because something waits for it or its status has changed.
   * Undefined if the computer does not exist.
   */
  hasNews(accountId: number, computerId: number): Promise<boolean | undefined>;
  /** Stores the secure ids of computers that are about to be removed. */
  rememberRemoved(accountId: number, computerIds: readonly number[], at: Instant): Promise<void>;
  /** Whether the computer with this token was removed after this time. */
  wasRemoved(accountId: number, tokenHash: string, since: Instant): Promise<boolean>;
  /** Whether the computer with this id was removed recently. */
  wasComputerRemoved(accountId: number, computerId: number): Promise<boolean>;
  /** Deletes the secure ids of computers removed before this time. Returns their number. */
  forgetRemoved(accountId: number, before: Instant, most: number): Promise<number>;
  /**
   * The size of an attachment in bytes, and a part of its content in base64. The part starts at byte `from`
   * and has at most `most` bytes. Undefined unless the script belongs to a delivered execution that the
   * computer has not reported.
   */
  attachment(
    accountId: number,
    tokenHash: string,
    id: number,
    part: { readonly from: number; readonly most: number },
  ): Promise<{ readonly size: number; readonly part: string } | undefined>;
  /** Stores the time of the last ping for each computer. Skips locked computers. */
  savePings(accountId: number, computerIds: readonly number[], at: Instant): Promise<void>;
  /** Identifies the installation. The same on all replicas. Undefined if there is no account. */
  installation(): Promise<string | undefined>;
}
