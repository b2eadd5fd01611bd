import { authorise, type Caller, scopeOf } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import {
  type ComputerTotals,
  MAX_STATISTICS_DAYS,
  type ProfileTotals,
  type RunStatistics,
  type StatisticsPeriod,
  type StatisticsRange,
  statisticsOf,
  statisticsPeriod,
} from '../../domain/activities/run-statistics.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { invalid } from '../../domain/errors.ts';
import type { Slice } from '../../domain/page.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import type { ComputerFilter, ComputerOrderField } from '../computers/computer-ports.ts';
import type { Listing, Sorted } from '../listing.ts';
import type { Store } from '../ports.ts';
import type { ActivityFilter, ActivityOrderField } from './activity-ports.ts';
import type { MissedSlots } from './run-ports.ts';

/** A period of statistics, and the current time. */
export interface AccountPeriod extends StatisticsPeriod {
  readonly now: Instant;
}

type Unfiltered<Field extends string> = Omit<Listing<never, Field>, 'filter'>;

const inProgress: ActivityFilter = { types: ['ActivityGroup'], statuses: ['undelivered', 'delivered'] };

/** Statistics of the account's runs. Only runs that the caller can see are counted. */
export function accountStatisticsService(store: Store) {
  const { activities, computers, runs } = store.read;
  return {
    /** @throws Refusal FORBIDDEN, then INVALID_INPUT */
    async period(caller: Caller, asked: StatisticsRange): Promise<AccountPeriod> {
      authorise(caller, 'ViewScriptProfile');
      return store.transaction(async (_tx, now) => ({ ...statisticsPeriod(asked, now), now }));
    },

    async runs(caller: Caller, period: StatisticsPeriod): Promise<RunStatistics> {
      return statisticsOf(period, await activities.runTotals(scopeOf(caller, 'ViewScriptProfile'), period));
    },

    worstProfiles(caller: Caller, period: StatisticsPeriod, most: number): Promise<ProfileTotals[]> {
      return activities.worstProfiles(scopeOf(caller, 'ViewScriptProfile'), period, most);
    },

    worstComputers(caller: Caller, period: StatisticsPeriod, most: number): Promise<ComputerTotals[]> {
      return activities.worstComputers(scopeOf(caller, 'ViewScriptProfile'), period, most);
    },

    missedSlots(caller: Caller, period: StatisticsPeriod, most: number): Promise<MissedSlots[]> {
      return runs.missedSlots(scopeOf(caller, 'ViewScriptProfile'), period, most);
    },

    runsInProgress(
      caller: Caller,
      listing: Unfiltered<ActivityOrderField>,
    ): Promise<Slice<Sorted<Activity>>> {
      return activities.page(scopeOf(caller, 'ViewScriptProfile'), { ...listing, filter: inProgress });
    },

    countInProgress(caller: Caller): Promise<number> {
      return activities.count(scopeOf(caller, 'ViewScriptProfile'), inProgress);
    },

    /** @throws Refusal INVALID_INPUT */
    async unseenComputers(
      caller: Caller,
      { now }: AccountPeriod,
      days: number,
      listing: Unfiltered<ComputerOrderField>,
    ): Promise<Slice<Sorted<Computer>>> {
      const filter = unseenFor(days, now);
      return computers.page(scopeOf(caller, 'ViewComputer'), { ...listing, filter });
    },

    countUnseen(caller: Caller, { now }: AccountPeriod, days: number): Promise<number> {
      return computers.count(scopeOf(caller, 'ViewComputer'), unseenFor(days, now));
    },
  };
}

/** Computers accepted within the period are left out, because they may not have been switched on yet. */
function unseenFor(days: number, now: Instant): ComputerFilter {
  if (days < 1 || days > MAX_STATISTICS_DAYS)
    throw invalid('forDays', days, `a whole number from 1 to ${MAX_STATISTICS_DAYS}`);
  const since = addMinutes(now, -days * 1440);
  return { statuses: ['accepted'], acceptedAt: { until: since }, online: { is: false, since } };
}
