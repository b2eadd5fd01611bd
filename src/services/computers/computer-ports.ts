import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Cohort } from '../../domain/computers/cohort.ts';
import type { Computer, ComputerStatus } from '../../domain/computers/computer.ts';
import type { Slice } from '../../domain/page.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ComputerCondition } from '../../domain/search/search-terms.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Listing, Sorted } from '../listing.ts';

export type ComputerOrderField = 'CREATED_AT' | 'TITLE' | 'ID';

export interface ComputerFilter {
  readonly query?: SearchQuery<ComputerCondition> | null;
  readonly statuses?: readonly ComputerStatus[] | null;
  readonly search?: string | null;
  readonly tags?: readonly string[] | null;
  /** Names of groups. Their descendants are included. */
  readonly accessGroups?: readonly string[] | null;
  /** Ids of groups. Their descendants are included. */
  readonly accessGroupIds?: readonly number[] | null;
  readonly createdAt?: TimeRange | null;
  readonly acceptedAt?: TimeRange | null;
  /** Whether the client was seen after this time. */
  readonly online?: { readonly is: boolean; readonly since: Instant } | null;
}

/** Number of computers that a target matches. */
export interface Reached {
  readonly all: number;
  /** Number of matching computers that are visible. */
  readonly seen: number;
}

/** A change of a target. Null matches no computer. */
export interface Joining {
  readonly from: Target | null;
  readonly to: Target | null;
}

export interface ComputerRepository {
  page(
    scope: SearchScope,
    listing: Listing<ComputerFilter, ComputerOrderField>,
  ): Promise<Slice<Sorted<Computer>>>;
  count(scope: SearchScope, filter: ComputerFilter): Promise<number>;
  byIds(scope: Scope, ids: readonly number[]): Promise<(Computer | undefined)[]>;
  /** Number of computers that each target matches. */
  countReached(scope: Scope, targets: readonly (Target | null)[]): Promise<Reached[]>;
  /** A page of the visible computers that each target matches. */
  pagesReached(
    scope: Scope,
    targets: readonly (Target | null)[],
    listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Computer>>[]>;
  /** A page of the computers that `to` matches and `from` does not. */
  pageJoining(
    scope: Scope,
    change: Joining,
    listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Computer>>>;
  countJoining(scope: Scope, change: Joining): Promise<number>;
  /** The accepted computers, grouped into cohorts. */
  cohorts(accountId: number): Promise<Cohort[]>;
  /** The tags of accepted computers, sorted. */
  tags(scope: Scope): Promise<string[]>;
  /** The tags of accepted computers, sorted, with the number of computers that have each. */
  tagCounts(scope: Scope): Promise<{ readonly tag: string; readonly numComputers: number }[]>;
  insert(accountId: number, computer: Omit<Computer, 'id'>, tokenHash: string | null): Promise<number>;
  /** The computer whose token has this hash. */
  byToken(
    accountId: number,
    tokenHash: string,
  ): Promise<{ readonly accountId: number; readonly computerId: number } | undefined>;
  /** Locks the visible computers in the order of their ids until the transaction ends. */
  forUpdate(scope: Scope, ids: readonly number[]): Promise<Computer[]>;
  save(accountId: number, computers: readonly Computer[]): Promise<void>;
  /**
   * Prevents removals until the transaction ends. Otherwise a run that is being created could keep an
   * execution of a removed computer.
   */
  lockAgainstRemoval(accountId: number): Promise<void>;
  /**
   * Waits for the holders of `lockAgainstRemoval`, and makes new ones wait until the transaction ends. The
   * lock order is: computers, this lock, runs.
   */
  lockForRemoval(accountId: number): Promise<void>;
  remove(accountId: number, ids: readonly number[]): Promise<void>;
}
