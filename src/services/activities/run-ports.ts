import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { ActivityStatus, RunCounts, Transition } from '../../domain/activities/activity.ts';
import type { Execution, TakenExecution } from '../../domain/activities/execution.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Slice } from '../../domain/page.ts';
import type { SlotEntry } from '../../domain/schedule/slot-ledger.ts';
import type { ScriptStatus } from '../../domain/scripts/script.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ComputerCondition } from '../../domain/search/search-terms.ts';
import type { Instant } from '../../domain/time.ts';
import type { Listing, Sorted } from '../listing.ts';

// What firing asks of the world: runs, their executions, and the ledger. See ports.ts.

/** Which executions: of the runs of profiles, of computers, or named one by one. */
export type ExecutionChoice = { readonly in: readonly ActivityStatus[] } & (
  | { readonly scriptProfileIds: readonly number[] }
  /** Runs of these scripts by themselves. */
  | { readonly scriptIds: readonly number[] }
  | { readonly runIds: readonly number[] }
  | { readonly computerIds: readonly number[] }
  | { readonly ids: readonly number[] }
);

/** A run's parent activity, as far as its executions decide about it. */
export interface RunState {
  readonly id: number;
  readonly status: ActivityStatus;
  readonly completionTime: Instant | null;
  /** When what waits for its computer is canceled; null: never, or nothing waits. */
  readonly deliverBy: Instant | null;
  readonly counts: RunCounts;
}

/** What executions become; what is left out stays. */
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
   * Locks the runs of these executions until the transaction ends, in the order of their ids, as everybody
   * does. A profile's runs are all locked that are not over, also without executions.
   */
  lockRuns(accountId: number, which: ExecutionChoice): Promise<RunState[]>;
  /** Changes executions of locked runs; answers with how many left which status, by run. */
  change(
    accountId: number,
    runs: readonly RunState[],
    which: ExecutionChoice,
    change: ExecutionChange,
  ): Promise<(Transition & { readonly parentId: number })[]>;
  /** Marks what waits for the computer as delivered, overdue once its time limit and the grace have passed. */
  deliver(
    accountId: number,
    runs: readonly RunState[],
    delivery: {
      readonly computerId: number;
      /** Only these; all that wait when left out. */
      readonly ids?: readonly number[];
      readonly most: number;
      readonly at: Instant;
      readonly graceMinutes: number;
    },
  ): Promise<(Transition & { readonly parentId: number })[]>;
  /** What the computer has taken and not reported, the oldest first; of these ids where they are given. */
  taken(accountId: number, computerId: number, ids?: readonly number[]): Promise<TakenExecution[]>;
  /** Those of the ids that are the computer's. */
  ofComputer(accountId: number, computerId: number, ids: readonly number[]): Promise<Execution[]>;
  saveRuns(accountId: number, runs: readonly RunState[]): Promise<void>;
  /** Delivered executions, of all accounts, whose reports are overdue, the longest first. */
  overdue(now: Instant, most: number, except: readonly Due[]): Promise<Due[]>;
  /** When the next report of any account is overdue; undefined while none will be. */
  nextOverdue(except: readonly Due[]): Promise<Instant | undefined>;
  /** Runs, of all accounts, with executions that were not delivered in time, the longest first. */
  lateDeliveries(now: Instant, most: number, except: readonly Due[]): Promise<Due[]>;
  /** When the time of the next run of any account is over; undefined while none has any. */
  nextLateDelivery(except: readonly Due[]): Promise<Instant | undefined>;
}

/** What falls due in some account: a profile, the report of an execution, or the deliveries of a run. */
export interface Due {
  readonly accountId: number;
  readonly id: number;
}

export interface NewRun {
  /** Null for a run of a script by itself. */
  readonly scriptProfileId: number | null;
  readonly occasion: string;
  readonly slot: Instant | null;
  readonly createdAt: Instant;
}

/** What a run of a script by itself runs. */
export interface ScriptRun {
  readonly scriptId: number;
  readonly title: string;
  readonly username: string;
  /** Seconds. */
  readonly timeLimit: number;
  /** Earliest delivery; null for delivery at once. */
  readonly deliverAfter: Instant | null;
}

/** The profile of a run, or the script of a run without one. */
export interface RunSource {
  readonly id: number;
  readonly scriptProfile: { readonly id: number; readonly archived: boolean } | null;
  readonly script: { readonly id: number; readonly status: ScriptStatus } | null;
}

/** On which computers: those that the target reaches, as far as the other conditions hold. */
export interface RunReach {
  readonly target: Target;
  readonly computerIds?: readonly number[] | null;
  /** Those that a search finds within what is seen. */
  readonly search?: { readonly scope: SearchScope; readonly query: SearchQuery<ComputerCondition> } | null;
  readonly most: number;
}

export interface RunRepository {
  /** Profiles of all accounts whose time has come: of each account one in turn, the longest due first. */
  due(now: Instant, most: number, except: readonly Due[]): Promise<Due[]>;
  /** When the next profile of any account falls due; undefined while none will. */
  nextDue(except: readonly Due[]): Promise<Instant | undefined>;
  /** Undefined when there is a run for that occasion already. */
  insert(accountId: number, run: NewRun): Promise<number | undefined>;
  /** Makes the run's parent activity and one execution for each computer, the first ones by id; answers with the parent's id. */
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
  /** What runs ran; those that are not runs are left out. */
  ran(
    accountId: number,
    activityIds: readonly number[],
  ): Promise<
    { readonly id: number; readonly scriptProfileId: number | null; readonly script: ScriptRun | null }[]
  >;
  /** What each run ran, and whether that can run again. */
  sources(accountId: number, activityIds: readonly number[]): Promise<RunSource[]>;
  /** The computers of a run's executions, the first ones by execution. */
  computersOf(accountId: number, activityId: number, most: number): Promise<number[]>;
  /** Runs of all accounts whose scheduled executions may be delivered by now, the longest first. */
  toRelease(now: Instant, most: number, except: readonly Due[]): Promise<Due[]>;
  /** When the next run of any account is to be released; undefined while none will be. */
  nextRelease(except: readonly Due[]): Promise<Instant | undefined>;
  /** Lets the run's scheduled executions be delivered; false when another replica has done so. */
  release(accountId: number, id: number, now: Instant): Promise<boolean>;
  /** Whether executions of the profile's last run are delivered and not reported. */
  lastInProgress(accountId: number, scriptProfileId: number): Promise<boolean>;
  enterSlots(
    accountId: number,
    scriptProfileId: number,
    entries: readonly SlotEntry[],
    runId: number | null,
  ): Promise<void>;
  /** Forgets runs that were over before then, with their activities, the oldest first; answers with how many. */
  forgetRuns(accountId: number, before: Instant, most: number): Promise<number>;
  /** Forgets what the ledger has of slots before then; answers with how many entries. */
  forgetSlots(accountId: number, before: Instant, most: number): Promise<number>;
  /** A page of each profile's ledger. */
  slotsOf(
    scope: Scope,
    scriptProfileIds: readonly number[],
    listing: Omit<Listing<never, SlotOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<LedgerEntry>>[]>;
  slotCountsOf(scope: Scope, scriptProfileIds: readonly number[]): Promise<number[]>;
}

export type SlotOrderField = 'FIRST_SLOT';

export interface LedgerEntry extends SlotEntry {
  readonly id: number;
  /** The run that it led to, as long as it is kept. */
  readonly activityId: number | null;
}
