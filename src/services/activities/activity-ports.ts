import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { Activity, ActivityStatus, ActivityType } from '../../domain/activities/activity.ts';
import type {
  ComputerTotals,
  CountedRuns,
  ProfileTotals,
  StatisticsPeriod,
} from '../../domain/activities/run-statistics.ts';
import type { Slice } from '../../domain/page.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ActivityCondition } from '../../domain/search/search-terms.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Listing, Sorted } from '../listing.ts';

// The repository of activities. See ports.ts.

export type ActivityOrderField = 'CREATION_TIME';

export interface ActivityFilter {
  readonly ids?: readonly number[] | null;
  readonly query?: SearchQuery<ActivityCondition> | null;
  readonly types?: readonly ActivityType[] | null;
  readonly statuses?: readonly ActivityStatus[] | null;
  /** Runs of this profile. */
  readonly scriptProfileId?: number | null;
  readonly parentId?: number | null;
  readonly computerId?: number | null;
  readonly creationTime?: TimeRange | null;
  readonly completionTime?: TimeRange | null;
}

/**
 * The relation that defines the owner: runs of a profile, executions of a run, or executions on a computer.
 */
export type ActivityOwner = 'scriptProfileId' | 'parentId' | 'computerId';

export interface ActivityRepository {
  page(
    scope: SearchScope,
    listing: Listing<ActivityFilter, ActivityOrderField>,
  ): Promise<Slice<Sorted<Activity>>>;
  count(scope: SearchScope, filter: ActivityFilter): Promise<number>;
  /** A page of each owner's activities. */
  pagesOf(
    scope: SearchScope,
    owner: ActivityOwner,
    ids: readonly number[],
    listing: Omit<Listing<never, ActivityOrderField>, 'filter'> & { readonly filter?: ActivityFilter },
  ): Promise<Slice<Sorted<Activity>>[]>;
  countsOf(
    scope: SearchScope,
    owner: ActivityOwner,
    ids: readonly number[],
    filter?: ActivityFilter,
  ): Promise<number[]>;
  /** The first failed executions of each run, in the order of their ids. */
  failuresOf(accountId: number, runIds: readonly number[], most: number): Promise<Activity[][]>;
  /** Totals of each profile's runs that were created within the period, overall and by day. */
  runTotalsOf(
    accountId: number,
    scriptProfileIds: readonly number[],
    period: StatisticsPeriod,
  ): Promise<CountedRuns[]>;
  /** Totals of all these runs together. */
  runTotals(scope: Scope, period: StatisticsPeriod): Promise<CountedRuns>;
  /** The profiles with the most failed executions. Profiles without failures are left out. */
  worstProfiles(scope: Scope, period: StatisticsPeriod, most: number): Promise<ProfileTotals[]>;
  /**
   * The visible computers with the most failed executions. Only the newest MAX_FAILURES_COUNTED failures are
   * considered. Computers without failures are left out.
   */
  worstComputers(scope: SearchScope, period: StatisticsPeriod, most: number): Promise<ComputerTotals[]>;
  /** The newest run of each profile. Null if there is none. */
  lastOf(scope: SearchScope, scriptProfileIds: readonly number[]): Promise<(Activity | null)[]>;
  byIds(scope: SearchScope, ids: readonly number[]): Promise<(Activity | undefined)[]>;
  /**
   * The output of each execution, or its first characters. Null if there is none, or if the execution is not
   * visible.
   */
  resultTexts(scope: Scope, ids: readonly number[], firstCharacters?: number): Promise<(string | null)[]>;
}
