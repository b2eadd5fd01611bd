import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { ActivityStatus, RunCounts, Transition } from '../../domain/activities/activity.ts';
import type { Execution, TakenExecution } from '../../domain/activities/execution.ts';
import type { StatisticsPeriod } from '../../domain/activities/run-statistics.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Slice } from '../../domain/page.ts';
import type { MissedReason, SlotEntry } from '../../domain/schedule/slot-ledger.ts';
import type { ScriptStatus } from '../../domain/scripts/script.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ComputerCondition } from '../../domain/search/search-terms.ts';
import type { Instant } from '../../domain/time.ts';
import type { Listing, Sorted } from '../listing.ts';

// The repositories of runs, their executions and the slot ledger. See ports.ts.

/** Selects executions by their profiles, scripts, runs or computers, or by id. */
export type ExecutionChoice = { readonly in: readonly ActivityStatus[] } & (
  | { readonly scriptProfileIds: readonly number[] }
  /** Selects only runs without a profile. */
  | { readonly scriptIds: readonly number[] }
  | { readonly runIds: readonly number[] }
  | { readonly computerIds: readonly number[] }
  | { readonly ids: readonly number[] }
);

/** The part of a run that depends on its executions. */
export interface RunState {
  readonly id: number;
  readonly status: ActivityStatus;
  readonly completionTime: Instant | null;
  /** When the undelivered executions are canceled. Null if never, or if none are undelivered. */
  readonly deliverBy: Instant | null;
  readonly counts: RunCounts;
}

/** New values of executions. Omitted fields do not change. */
export interface ExecutionChange {
  readonly status: ActivityStatus;
  readonly completionTime: Instant | null;
  readonly resultText?: string | null;
  readonly resultCode?: number | null;
  readonly reportedAt?: Instant;
}

export interface ExecutionRepository {
  byId(accountId: number, id: number): Promise<Execution | undefined>;
  /**
   * Locks the runs of these executions until the transaction ends, in the order of their ids, which is the
   * common lock order. For profiles, it locks all runs that have not ended, including those without
   * executions.
   */
  lockRuns(accountId: number, which: ExecutionChoice): Promise<RunState[]>;
  /** Changes executions of locked runs. Returns the number of transitions by run and status. */
  change(
    accountId: number,
    runs: readonly RunState[],
    which: ExecutionChoice,
    change: ExecutionChange,
  ): Promise<(Transition & { readonly parentId: number })[]>;
  /**
   * Marks waiting executions of the computer as delivered. They are overdue after their time limit and the
   * grace period.
   */
  deliver(
    accountId: number,
    runs: readonly RunState[],
    delivery: {
      readonly computerId: number;
      /** Delivers only these executions. Defaults to all that wait. */
      readonly ids?: readonly number[];
      readonly most: number;
      readonly at: Instant;
      readonly graceMinutes: number;
    },
  ): Promise<(Transition & { readonly parentId: number })[]>;
  /**
   * The computer's executions that are delivered and not reported, oldest first. Restricted to `ids` if
   * given.
   */
  taken(accountId: number, computerId: number, ids?: readonly number[]): Promise<TakenExecution[]>;
  /** The given executions that belong to the computer. */
  ofComputer(accountId: number, computerId: number, ids: readonly number[]): Promise<Execution[]>;
  saveRuns(accountId: number, runs: readonly RunState[]): Promise<void>;
  /** Overdue executions in all accounts, longest overdue first. */
  overdue(now: Instant, most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]>;
  /** When the next report is overdue, in any account. Undefined if no report is pending. */
  nextOverdue(except: readonly Due[], bounds?: DueBounds): Promise<Instant | undefined>;
  /** Runs with executions that missed their delivery deadline, in all accounts, longest overdue first. */
  lateDeliveries(now: Instant, most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]>;
  /** The next delivery deadline of a run, in any account. Undefined if there is none. */
  nextLateDelivery(except: readonly Due[], bounds?: DueBounds): Promise<Instant | undefined>;
}

/** Bounds of a question about due work. Defaults to all accounts, and to the time limit of every statement. */
export interface DueBounds {
  readonly accountId?: number;
  readonly timeoutMs?: number;
}

/** Work that is due in an account: a profile, the report of an execution, or the deliveries of a run. */
export interface Due {
  readonly accountId: number;
  readonly id: number;
}

export interface NewRun {
  /** Null for a run without a profile. */
  readonly scriptProfileId: number | null;
  readonly occasion: string;
  readonly slot: Instant | null;
  readonly createdAt: Instant;
}

/** The script of a run without a profile. */
export interface ScriptRun {
  readonly scriptId: number;
  readonly title: string;
  readonly username: string;
  /** Seconds. */
  readonly timeLimit: number;
  /** Earliest delivery. Null for immediate delivery. */
  readonly deliverAfter: Instant | null;
}

/** The script profile of a run, or the script of a run without a profile. */
export interface RunSource {
  readonly id: number;
  readonly scriptProfile: { readonly id: number; readonly archived: boolean } | null;
  readonly script: { readonly id: number; readonly status: ScriptStatus } | null;
}

/** Selects a run's computers: those that the target matches and that meet the other conditions. */
export interface RunReach {
  readonly target: Target;
  readonly computerIds?: readonly number[] | null;
  /** Only computers that the query matches, among those that are visible in the scope. */
  readonly search?: { readonly scope: SearchScope; readonly query: SearchQuery<ComputerCondition> } | null;
  readonly most: number;
}

export interface RunRepository {
  /** Due profiles in all accounts, one of each account in turn, longest due first. */
  due(now: Instant, most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]>;
  /** When the next profile falls due, in any account. Undefined if none will. */
  nextDue(except: readonly Due[], bounds?: DueBounds): Promise<Instant | undefined>;
  /** Undefined if a run for this occasion already exists. */
  insert(accountId: number, run: NewRun): Promise<number | undefined>;
  /**
   * Creates the run's parent activity and one execution for each computer, up to the maximum, in the order of
   * the computers' ids. Returns the parent's id.
   */
  open(
    accountId: number,
    run: NewRun & {
      readonly id: number;
      readonly creatorId: number | null;
      readonly deliverBy: Instant | null;
      readonly script?: ScriptRun;
    },
    reach: RunReach,
  ): Promise<number>;
  /** The profile or script of each run. Ids of other activities are left out. */
  ran(
    accountId: number,
    activityIds: readonly number[],
  ): Promise<
    { readonly id: number; readonly scriptProfileId: number | null; readonly script: ScriptRun | null }[]
  >;
  /** The profile or script of each run, with the state that decides whether it can run again. */
  sources(accountId: number, activityIds: readonly number[]): Promise<RunSource[]>;
  /** The computers of a run, in the order of the execution ids, up to the maximum. */
  computersOf(accountId: number, activityId: number, most: number): Promise<number[]>;
  /** Runs whose scheduled executions may now be delivered, in all accounts, longest due first. */
  toRelease(now: Instant, most: number, except: readonly Due[], bounds?: DueBounds): Promise<Due[]>;
  /** When the next run is released, in any account. Undefined if none will be. */
  nextRelease(except: readonly Due[], bounds?: DueBounds): Promise<Instant | undefined>;
  /** Releases the run's scheduled executions for delivery. False if another replica has released them. */
  release(accountId: number, id: number, now: Instant): Promise<boolean>;
  /** Whether the profile's last run has executions that are delivered and not reported. */
  lastInProgress(accountId: number, scriptProfileId: number): Promise<boolean>;
  enterSlots(
    accountId: number,
    scriptProfileId: number,
    entries: readonly SlotEntry[],
    runId: number | null,
  ): Promise<void>;
  /**
   * Deletes runs that ended before this time, with their activities, oldest first. Returns the number of
   * runs.
   */
  forgetRuns(accountId: number, before: Instant, most: number): Promise<number>;
  /** Deletes ledger entries of slots before this time. Returns their number. */
  forgetSlots(accountId: number, before: Instant, most: number): Promise<number>;
  /** A page of each profile's ledger. */
  slotsOf(
    scope: Scope,
    scriptProfileIds: readonly number[],
    listing: Omit<Listing<never, SlotOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<LedgerEntry>>[]>;
  /** The profiles that missed the most slots of the period. Archived profiles are left out. */
  missedSlots(scope: Scope, period: StatisticsPeriod, most: number): Promise<MissedSlots[]>;
  slotCountsOf(scope: Scope, scriptProfileIds: readonly number[]): Promise<number[]>;
}

/** Slots at which an active profile did not run. */
export interface MissedSlots {
  readonly scriptProfileId: number;
  readonly number: number;
  readonly lastSlot: Instant;
  /** Reason for the last of them. */
  readonly reason: MissedReason;
}

export type SlotOrderField = 'FIRST_SLOT';

export interface LedgerEntry extends SlotEntry {
  readonly id: number;
  /** The run that was created for the slots. Null if there is none, or if it was deleted. */
  readonly activityId: number | null;
}
