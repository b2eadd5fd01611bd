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

// What reading activities asks of the world. See ports.ts.

export type ActivityOrderField = 'CREATION_TIME';

export interface ActivityFilter {
  readonly ids?: readonly number[] | null;
  readonly query?: SearchQuery<ActivityCondition> | null;
  readonly types?: readonly ActivityType[] | null;
  readonly statuses?: readonly ActivityStatus[] | null;
  /** The parents of this profile's runs. */
  readonly scriptProfileId?: number | null;
  readonly parentId?: number | null;
  readonly computerId?: number | null;
  readonly creationTime?: TimeRange | null;
  readonly completionTime?: TimeRange | null;
}

/** Whose activities: a profile's parents, a parent's children, or what a computer was asked. */
export type ActivityOwner = 'scriptProfileId' | 'parentId' | 'computerId';

export interface ActivityRepository {
  page(
    scope: SearchScope,
    listing: Listing<ActivityFilter, ActivityOrderField>,
  ): Promise<Slice<Sorted<Activity>>>;
  count(scope: SearchScope, filter: ActivityFilter): Promise<number>;
  /** A page for each owner. */
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
  /** The first executions of each run that failed, by id. */
  failuresOf(accountId: number, runIds: readonly number[], most: number): Promise<Activity[][]>;
  /** How each profile's runs went that were made in some time: all together, and by day. */
  runTotalsOf(
    accountId: number,
    scriptProfileIds: readonly number[],
    period: StatisticsPeriod,
  ): Promise<CountedRuns[]>;
  /** The same of all runs together. */
  runTotals(scope: Scope, period: StatisticsPeriod): Promise<CountedRuns>;
  /** The profiles with the most failed executions; none without any. */
  worstProfiles(scope: Scope, period: StatisticsPeriod, most: number): Promise<ProfileTotals[]>;
  /** The computers that are seen, with the most failed executions among the newest MAX_FAILURES_COUNTED; none without any. */
  worstComputers(scope: SearchScope, period: StatisticsPeriod, most: number): Promise<ComputerTotals[]>;
  /** The newest parent of each profile; null before the first. */
  lastOf(scope: SearchScope, scriptProfileIds: readonly number[]): Promise<(Activity | null)[]>;
  byIds(scope: SearchScope, ids: readonly number[]): Promise<(Activity | undefined)[]>;
  /** What they say, or the beginning of it; null where nothing is said, or nothing is seen. */
  resultTexts(scope: Scope, ids: readonly number[], firstCharacters?: number): Promise<(string | null)[]>;
}
