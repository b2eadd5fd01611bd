import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { MAX_FAILURES_COUNTED, MAX_STATISTICS_DAYS } from '../../domain/activities/run-statistics.ts';
import { invalid } from '../../domain/errors.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { AccountPeriod } from '../../services/activities/account-statistics.ts';
import { Connection, endingEarly, listingOf } from '../common/connection.ts';
import { ComputersOfArgs } from '../computers/computer.input.ts';
import { ComputerConnection } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { DEFAULT_FIRST, firstOf } from '../limits/complexity.ts';
import {
  AccountStatisticsType,
  ComputerTotalsType,
  MissedSlotsType,
  ScriptProfileTotalsType,
} from './account-statistics.type.ts';
import { ActivitiesOrderArgs } from './activity.input.ts';
import { ActivityConnection } from './activity.type.ts';
import {
  BY_DAY,
  DailyRunTotalsType,
  RunStatisticsArgs,
  RunTotalsType,
  withRate,
} from './run-history.type.ts';

const MAX_WORST = 50;
const DEFAULT_UNSEEN_DAYS = 7;
/** Cost of a statement that reads all runs of some months. */
const STATEMENT_WEIGHT = 20;

const firstWorst = {
  nullable: true,
  defaultValue: DEFAULT_FIRST,
  description: `Number of items. Defaults to ${DEFAULT_FIRST}. Maximum ${MAX_WORST}.`,
} as const;

/** @throws Refusal INVALID_INPUT */
function atMostWorst(asked: number | null): number {
  const first = asked ?? DEFAULT_FIRST;
  if (first < 0 || first > MAX_WORST) throw invalid('first', first, `a whole number from 0 to ${MAX_WORST}`);
  return first;
}

@Resolver(() => AccountStatisticsType)
export class AccountStatisticsResolver {
  @Query(() => AccountStatisticsType, {
    nullable: true,
    description:
      'Statistics of the account’s runs: totals by day, most failures, runs in progress and unseen computers. Requires ViewScriptProfile.',
  })
  accountStatistics(
    @Args(() => RunStatisticsArgs) args: RunStatisticsArgs,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<AccountPeriod> {
    return services.accountStatistics.period(caller, args);
  }

  @FieldResolver(() => RunTotalsType, {
    complexity: ({ childComplexity }) => STATEMENT_WEIGHT + childComplexity,
    description: 'Totals of all runs.',
  })
  async total(@Root() period: AccountPeriod, @Ctx() context: GraphContext): Promise<RunTotalsType> {
    return withRate((await runsOf(period, context)).total);
  }

  @FieldResolver(() => [DailyRunTotalsType], {
    complexity: ({ childComplexity }) => STATEMENT_WEIGHT + DEFAULT_FIRST * childComplexity,
    description: BY_DAY,
  })
  async days(@Root() period: AccountPeriod, @Ctx() context: GraphContext): Promise<DailyRunTotalsType[]> {
    return (await runsOf(period, context)).days.map(withRate);
  }

  @FieldResolver(() => [ScriptProfileTotalsType], {
    complexity: (asked) => STATEMENT_WEIGHT + firstOf(asked),
    description: 'Script profiles with failed executions, most failures first.',
  })
  async worstScriptProfiles(
    @Root() period: AccountPeriod,
    @Arg('first', () => Int, firstWorst) asked: number | null,
    @Ctx() context: GraphContext,
  ): Promise<ScriptProfileTotalsType[]> {
    const { services, caller } = context;
    const worst = await services.accountStatistics.worstProfiles(caller, period, atMostWorst(asked));
    return withProfiles(worst.map(withRate), context);
  }

  @FieldResolver(() => [MissedSlotsType], {
    complexity: (asked) => STATEMENT_WEIGHT + firstOf(asked),
    description:
      'Script profiles that did not run at slots of the period, although they were active, most slots first. Counts the reasons OUTAGE, OVERLAP and SPACING. Excludes archived profiles.',
  })
  async missedSlots(
    @Root() period: AccountPeriod,
    @Arg('first', () => Int, firstWorst) asked: number | null,
    @Ctx() context: GraphContext,
  ): Promise<MissedSlotsType[]> {
    const { services, caller } = context;
    return withProfiles(
      await services.accountStatistics.missedSlots(caller, period, atMostWorst(asked)),
      context,
    );
  }

  @FieldResolver(() => [ComputerTotalsType], {
    complexity: (asked) => STATEMENT_WEIGHT + firstOf(asked),
    description: `Computers with failed executions, most failures first, among the newest ${MAX_FAILURES_COUNTED.toLocaleString('en-US')} failed executions of the period. Excludes removed computers, and computers that the caller may not view (ViewComputer).`,
  })
  async worstComputers(
    @Root() period: AccountPeriod,
    @Arg('first', () => Int, firstWorst) asked: number | null,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<ComputerTotalsType[]> {
    const worst = await services.accountStatistics.worstComputers(caller, period, atMostWorst(asked));
    const computers = await services.computers.byIds(
      caller,
      worst.map(({ computerId }) => computerId),
    );
    pageLoader.register(computers.filter((computer) => computer !== undefined));
    return worst.flatMap((totals, index) => {
      const computer = computers[index];
      return computer ? { ...withRate(totals), computer } : [];
    });
  }

  @FieldResolver(() => ActivityConnection, {
    description: 'Runs that are in progress now.',
  })
  async runsInProgress(
    @Args(() => ActivitiesOrderArgs) args: ActivitiesOrderArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('Activity', args, context);
    const whole = await services.accountStatistics.runsInProgress(caller, listing);
    const slice = endingEarly(whole, ({ resultTextLength }) => resultTextLength, context);
    pageLoader.register(slice.rows);
    return new Connection('Activity', slice, listing.order, () =>
      services.accountStatistics.countInProgress(caller),
    );
  }

  @FieldResolver(() => ComputerConnection, {
    description:
      'Accepted computers whose `landscape-client` was not seen for a number of days, or never. Excludes computers that were accepted within those days, and computers that the caller may not view (ViewComputer).',
  })
  async unseenComputers(
    @Root() period: AccountPeriod,
    @Arg('forDays', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_UNSEEN_DAYS,
      description: `Number of days before now. Defaults to ${DEFAULT_UNSEEN_DAYS}. Maximum ${MAX_STATISTICS_DAYS}.`,
    })
    asked: number | null,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const days = asked ?? DEFAULT_UNSEEN_DAYS;
    const listing = listingOf('Computer', args, context);
    const slice = await services.accountStatistics.unseenComputers(caller, period, days, listing);
    pageLoader.register(slice.rows);
    return new Connection('Computer', slice, listing.order, () =>
      services.accountStatistics.countUnseen(caller, period, days),
    );
  }
}

/** Adds the profile to each row. Leaves out rows whose profile was deleted meanwhile. */
async function withProfiles<Row extends { readonly scriptProfileId: number }>(
  rows: readonly Row[],
  { services, caller, pageLoader }: GraphContext,
): Promise<(Row & { readonly scriptProfile: ScriptProfile })[]> {
  const profiles = await services.scriptProfiles.byIds(
    caller,
    rows.map(({ scriptProfileId }) => scriptProfileId),
  );
  pageLoader.register(profiles.filter((profile) => profile !== undefined));
  return rows.flatMap((row, index) => {
    const scriptProfile = profiles[index];
    return scriptProfile ? { ...row, scriptProfile } : [];
  });
}

/** Loads the totals and the daily figures with one statement. */
const runsOf = (period: AccountPeriod, { services, caller, pageLoader }: GraphContext) =>
  pageLoader.load(period, 'runs', async (periods: readonly AccountPeriod[]) => [
    await services.accountStatistics.runs(caller, periods[0]!),
  ]);
