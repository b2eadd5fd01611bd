import type { Scope } from '../../domain/accounts/access.ts';
import type { AgentFacts, AgentSession, AgentState, Distribution } from '../../domain/computers/agent.ts';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import type { Instant } from '../../domain/time.ts';

// What the agents' use cases ask of the world. See ports.ts.

/** A computer's session as it is locked for an exchange, with what is open at the computer. */
export interface LockedAgent extends AgentSession {
  readonly computerId: number;
  readonly title: string;
  readonly status: ComputerStatus;
  readonly runsScripts: boolean;
  readonly typesHash: string | null;
  readonly exchangeToken: string | null;
  /** Executions that wait for the computer and are in time, the oldest first; of an accepted one, the first MAX_OPEN. */
  readonly waiting: readonly number[];
  /** Executions that were delivered to it and are not reported. */
  readonly delivered: readonly number[];
}

export interface SavedAgent extends AgentSession {
  readonly toldStatus: ComputerStatus;
  readonly runsScripts: boolean;
  readonly typesHash: string | null;
  readonly exchangeToken: string;
  readonly lastSeenAt: Instant;
  /** Null leaves it as it was. */
  readonly version: string | null;
  readonly facts: AgentFacts;
}

/** An exchange in which the client says nothing, as it is kept. */
export interface IdleAgent {
  readonly expected: number;
  readonly unconfirmedFrom: number;
  readonly status: ComputerStatus;
  /** The exchange token that it shows; null for none. */
  readonly shownToken: string | null;
  readonly exchangeToken: string;
  /** Null leaves it as it was. */
  readonly version: string | null;
}

/** Another registration of the same machine. */
export interface AgentTwin {
  readonly computerId: number;
  readonly title: string;
  readonly status: ComputerStatus;
}

export interface AgentRepository {
  /** Locks the computer with this token, and its session, until the transaction ends. */
  forUpdate(accountId: number, tokenHash: string, now: Instant): Promise<LockedAgent | undefined>;
  /**
   * Stores an exchange in which neither side has anything to say, in one statement instead of a transaction. Undefined, and
   * nothing is stored, if the session differs, the status has changed, or messages or executions wait.
   */
  saveIdle(
    accountId: number,
    tokenHash: string,
    agent: IdleAgent,
  ): Promise<{ readonly computerId: number; readonly typesHash: string | null } | undefined>;
  /**
   * Executions that were not delivered to a computer but could have been, up to a number and at most so many, the oldest
   * first; null for no bound.
   */
  deliverable(
    accountId: number,
    computerId: number,
    bounds: { readonly until: number | null; readonly most: number | null; readonly now: Instant },
  ): Promise<number[]>;
  /** Adds the session of a computer; does nothing where it has one. */
  insert(accountId: number, computerId: number, machineId: string | null): Promise<void>;
  /** Adds what a computer says of itself before it has a session. */
  introduce(accountId: number, computerId: number, distribution: Distribution): Promise<void>;
  save(accountId: number, computerId: number, agent: SavedAgent): Promise<void>;
  /** Other registrations of this machine wait from here until the transaction ends. */
  lockMachine(accountId: number, machineId: string): Promise<void>;
  /** The registrations of this machine, the oldest first. */
  twins(accountId: number, machineId: string): Promise<AgentTwin[]>;
  /** The machine of each computer that has said it. */
  machineIds(accountId: number, computerIds: readonly number[]): Promise<Map<number, string>>;
  /** Gives a computer's executions to another one. */
  moveHistory(accountId: number, from: number, to: number): Promise<void>;
  /** What is known of each computer that is seen; undefined for one without a client. */
  statesOf(scope: Scope, ids: readonly number[], since: Instant): Promise<(AgentState | undefined)[]>;
  /** Those of the computers that are accepted, seen and offline; see `isOffline`. */
  offlineAmong(scope: Scope, ids: readonly number[], since: Instant): Promise<number[]>;
  /** Whether a computer should exchange messages: something waits for it, or its status has changed. Undefined for no computer. */
  hasNews(accountId: number, computerId: number): Promise<boolean | undefined>;
  /** Keeps the secure ids of computers that are about to be removed. */
  rememberRemoved(accountId: number, computerIds: readonly number[], at: Instant): Promise<void>;
  /** Whether the computer with this token was removed after then. */
  wasRemoved(accountId: number, tokenHash: string, since: Instant): Promise<boolean>;
  /** Whether the computer with this number was removed lately. */
  wasComputerRemoved(accountId: number, computerId: number): Promise<boolean>;
  /** Forgets computers removed before then; answers with how many. */
  forgetRemoved(accountId: number, before: Instant, most: number): Promise<number>;
  /**
   * The size of a script's file in bytes, and in base64 what it has from byte `from` on, at most `most` bytes of it.
   * Undefined unless an execution that the computer has not reported names the script.
   */
  attachment(
    accountId: number,
    tokenHash: string,
    id: number,
    part: { readonly from: number; readonly most: number },
  ): Promise<{ readonly size: number; readonly part: string } | undefined>;
  /** Notes that the clients of computers have pinged by then; leaves out computers that are locked. */
  savePings(accountId: number, computerIds: readonly number[], at: Instant): Promise<void>;
  /** Identifies the installation, the same on all replicas; undefined while it has no account. */
  installation(): Promise<string | undefined>;
}
