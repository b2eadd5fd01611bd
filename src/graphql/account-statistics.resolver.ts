import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { invalid } from '../domain/errors.ts';
import { LONGEST_STATISTICS_DAYS, MOST_FAILURES_COUNTED } from '../domain/run-statistics.ts';
import type { AccountPeriod } from '../services/account-statistics.ts';
import type { ActivityOrderField } from '../services/activity-ports.ts';
import type { ComputerOrderField } from '../services/ports.ts';
import {
  AccountStatisticsType,
  ComputerTotalsType,
  ScriptProfileTotalsType,
} from './account-statistics.type.ts';
import { ActivityConnection } from './activity.type.ts';
import { DEFAULT_FIRST, firstOf } from './complexity.ts';
import { ComputerConnection } from './computer.type.ts';
import { Connection, ConnectionArgs, endingEarly, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import {
  BY_DAY,
  DailyRunTotalsType,
  RunStatisticsArgs,
  RunTotalsType,
  withRate,
} from './run-history.type.ts';

const MOST_WORST = 50;
const DEFAULT_UNSEEN_DAYS = 7;
/** A statement over all runs of some months. */
const STATEMENT_WEIGHT = 20;

const firstWorst = {
  nullable: true,
  defaultValue: DEFAULT_FIRST,
  description: `Number of items. Defaults to ${DEFAULT_FIRST}. Maximum ${MOST_WORST}.`,
} as const;

/** @throws Refusal INVALID_INPUT */
function atMostWorst(asked: number | null): number {
  const first = asked ?? DEFAULT_FIRST;
  if (first < 0 || first > MOST_WORST)
    throw invalid('first', first, `a whole number from 0 to ${MOST_WORST}`);
  return first;
}

@Resolver(() => AccountStatisticsType)
export class AccountStatisticsResolver {
  @Query(() => AccountStatisticsType, {
    nullable: true,
    description:
      'How the account’s runs go: by day, where they fail most, what is in progress, and which computers are not seen. Requires ViewScriptProfile.',
  })
  accountStatistics(
    @Args(() => RunStatisticsArgs) args: RunStatisticsArgs,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<AccountPeriod> {
    return services.accountStatistics.period(caller, args);
  }

  @FieldResolver(() => RunTotalsType, {
    complexity: ({ childComplexity }) => STATEMENT_WEIGHT + childComplexity,
    description: 'All runs together.',
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
    description: 'Script profiles with failed executions, the most first.',
  })
  async worstScriptProfiles(
    @Root() period: AccountPeriod,
    @Arg('first', () => Int, firstWorst) asked: number | null,
    @Ctx() { services, caller, siblings }: GraphContext,
  ): Promise<ScriptProfileTotalsType[]> {
    const worst = await services.accountStatistics.worstProfiles(caller, period, atMostWorst(asked));
    const profiles = await services.scriptProfiles.byIds(
      caller,
      worst.map(({ scriptProfileId }) => scriptProfileId),
    );
    siblings.adopt(profiles.filter((profile) => profile !== undefined));
    return worst.flatMap((totals, index) => {
      const scriptProfile = profiles[index];
      return scriptProfile ? { ...withRate(totals), scriptProfile } : [];
    });
  }

  @FieldResolver(() => [ComputerTotalsType], {
    complexity: (asked) => STATEMENT_WEIGHT + firstOf(asked),
    description: `Computers with failed executions, the most first, among the newest ${MOST_FAILURES_COUNTED.toLocaleString('en-US')} failed executions of the time, as far as the caller may see them (ViewComputer). Computers that were removed are none of them.`,
  })
  async worstComputers(
    @Root() period: AccountPeriod,
    @Arg('first', () => Int, firstWorst) asked: number | null,
    @Ctx() { services, caller, siblings }: GraphContext,
  ): Promise<ComputerTotalsType[]> {
    const worst = await services.accountStatistics.worstComputers(caller, period, atMostWorst(asked));
    const computers = await services.computers.byIds(
      caller,
      worst.map(({ computerId }) => computerId),
    );
    siblings.adopt(computers.filter((computer) => computer !== undefined));
    return worst.flatMap((totals, index) => {
      const computer = computers[index];
      return computer ? { ...withRate(totals), computer } : [];
    });
  }

  @FieldResolver(() => ActivityConnection, {
    description: 'Runs that are not over just now, whenever they were made, the newest first.',
  })
  async runsInProgress(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() context: GraphContext) {
    const { services, caller, siblings } = context;
    const listing = listingOf<ActivityOrderField>('Activity', args, context);
    const whole = await services.accountStatistics.runsInProgress(caller, listing);
    const slice = endingEarly(whole, ({ resultTextLength }) => resultTextLength, context);
    siblings.adopt(slice.rows);
    return new Connection('Activity', slice, listing.order, () =>
      services.accountStatistics.countInProgress(caller),
    );
  }

  @FieldResolver(() => ComputerConnection, {
    description:
      'Accepted computers whose `landscape-client` was not seen for some days, or never, by number, as far as the caller may see them (ViewComputer). Computers that were accepted in that time are none of them.',
  })
  async unseenComputers(
    @Root() period: AccountPeriod,
    @Arg('forDays', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_UNSEEN_DAYS,
      description: `Number of days until now. Defaults to ${DEFAULT_UNSEEN_DAYS}. Maximum ${LONGEST_STATISTICS_DAYS}.`,
    })
    asked: number | null,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, siblings } = context;
    const days = asked ?? DEFAULT_UNSEEN_DAYS;
    const listing = listingOf<ComputerOrderField>('Computer', args, context);
    const slice = await services.accountStatistics.unseenComputers(caller, period, days, listing);
    siblings.adopt(slice.rows);
    return new Connection('Computer', slice, listing.order, () =>
      services.accountStatistics.countUnseen(caller, period, days),
    );
  }
}

/** All together and by day come in one statement. */
const runsOf = (period: AccountPeriod, { services, caller, siblings }: GraphContext) =>
  siblings.complete(period, 'runs', async (periods: readonly AccountPeriod[]) => [
    await services.accountStatistics.runs(caller, periods[0]!),
  ]);
