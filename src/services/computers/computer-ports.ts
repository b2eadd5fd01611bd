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
  /** Names; a group brings those below it. */
  readonly accessGroups?: readonly string[] | null;
  /** The same, by their ids. */
  readonly accessGroupIds?: readonly number[] | null;
  readonly createdAt?: TimeRange | null;
  readonly acceptedAt?: TimeRange | null;
  /** Whether its client was seen after a time. */
  readonly online?: { readonly is: boolean; readonly since: Instant } | null;
}

/** How many computers a target reaches. */
export interface Reached {
  readonly all: number;
  /** Those of them that are seen. */
  readonly seen: number;
}

/** From one target to another; null reaches nobody. */
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
  /** How many computers each target reaches. */
  countReached(scope: Scope, targets: readonly (Target | null)[]): Promise<Reached[]>;
  /** A page, for each target, of the computers that it reaches, as far as they are seen. */
  pagesReached(
    scope: Scope,
    targets: readonly (Target | null)[],
    listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Computer>>[]>;
  /** A page of the computers that `to` reaches and `from` does not. */
  pageJoining(
    scope: Scope,
    change: Joining,
    listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<Computer>>>;
  countJoining(scope: Scope, change: Joining): Promise<number>;
  /** The accepted computers, those that are alike to every target together. */
  cohorts(accountId: number): Promise<Cohort[]>;
  /** The tags in use on accepted computers, sorted. */
  tags(scope: Scope): Promise<string[]>;
  /** The same, with the number of computers that have each. */
  tagCounts(scope: Scope): Promise<{ readonly tag: string; readonly numComputers: number }[]>;
  insert(accountId: number, computer: Omit<Computer, 'id'>, tokenHash: string | null): Promise<number>;
  /** Whose token has this hash. */
  byToken(
    accountId: number,
    tokenHash: string,
  ): Promise<{ readonly accountId: number; readonly computerId: number } | undefined>;
  /** Locks those that are seen, in the order of their ids, until the transaction ends. */
  forUpdate(scope: Scope, ids: readonly number[]): Promise<Computer[]>;
  save(accountId: number, computers: readonly Computer[]): Promise<void>;
  /** Until the transaction ends no computer is removed: a run that is being made would be left with its execution. */
  lockAgainstRemoval(accountId: number): Promise<void>;
  /** Waits for those who hold off removals, and they for this one's end. Locked computers first, then this, then runs. */
  lockForRemoval(accountId: number): Promise<void>;
  remove(accountId: number, ids: readonly number[]): Promise<void>;
}
