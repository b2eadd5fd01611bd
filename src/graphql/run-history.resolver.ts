import { Arg, Args, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { type Activity, durationOf } from '../domain/activity.ts';
import { invalid } from '../domain/errors.ts';
import { LONGEST_RESULT } from '../domain/execution.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import { ActivityNodeType } from './activity.type.ts';
import { DEFAULT_FIRST, firstOf } from './complexity.ts';
import type { GraphContext } from './context.ts';
import { FromRow } from './from-row.ts';
import { longTexts, weightOf } from './long-texts.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { RunStatisticsArgs, RunStatisticsType, withRate } from './run-history.type.ts';
import { ScriptProfileType } from './script-profile.type.ts';

const MOST_FAILURES = 50;

const idsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

@Resolver(() => ActivityNodeType)
export class RunHistoryResolver {
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'In seconds, how long it took: a run from being made, a part of it from being taken by its computer. Null until it is over, and for what was never taken.',
  })
  duration(@Root() activity: Activity): number | null {
    return durationOf(activity);
  }

  @FromRow<Activity>(['resultTextLength'], ({ resultTextLength }) =>
    resultTextLength === null ? null : undefined,
  )
  @FieldResolver(() => String, {
    nullable: true,
    complexity: ({ args }) =>
      weightOf(Math.min(Math.max(Number(args.first ?? LONGEST_RESULT), 0), LONGEST_RESULT)),
    description:
      'What the script printed, or why it was not run. A long text costs as much as up to 16 objects, unless `first` asks for less of it.',
  })
  resultText(
    @Root() activity: Activity,
    @Arg('first', () => Int, {
      nullable: true,
      description:
        'Length of the beginning to return, in bytes of UTF-8; cut at a character. Defaults to the whole text.',
    })
    first: number | null,
    @Ctx() context: GraphContext,
  ): MaybePromise<string | null> {
    if (first !== null && first < 0) throw invalid('first', first, 'a whole number from 0');
    const { services, caller, siblings } = context;
    const most = first ?? LONGEST_RESULT;
    return siblings.complete(activity, `resultText ${first}`, (activities: readonly Activity[]) =>
      longTexts(context, activities, {
        bytesOf: ({ resultTextLength: length }) => length && Math.min(length, most),
        fetch: (rows) => services.activities.resultTexts(caller, idsOf(rows), first ?? undefined),
      }),
    );
  }

  @FieldResolver(() => [ActivityNodeType], {
    complexity: firstOf,
    description:
      'Of a run: the first parts that failed, by number, with what they say in `resultText`. None for a part.',
  })
  failures(
    @Root() activity: Activity,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_FIRST,
      description: `Number of parts. Defaults to ${DEFAULT_FIRST}. Maximum ${MOST_FAILURES}.`,
    })
    asked: number | null,
    @Ctx() { services, caller, siblings }: GraphContext,
  ) {
    const first = asked ?? DEFAULT_FIRST;
    if (first < 0 || first > MOST_FAILURES) {
      throw invalid('first', first, `a whole number from 0 to ${MOST_FAILURES}`);
    }
    return siblings.complete(activity, `failures ${first}`, async (activities: readonly Activity[]) => {
      const ids = activities.map(({ id }) => id);
      const failures = await services.activities.failuresOf(caller, ids, first);
      siblings.adopt(failures.flat());
      return failures;
    });
  }
}

@Resolver(() => ScriptProfileType)
export class RunStatisticsResolver {
  @FieldResolver(() => RunStatisticsType, {
    complexity: ({ childComplexity }) => 5 + 10 * childComplexity,
    description: 'How its runs went: success rate and durations, all together and by day.',
  })
  runStatistics(
    @Root() profile: ScriptProfile,
    @Args(() => RunStatisticsArgs) args: RunStatisticsArgs,
    @Ctx() { services, caller, siblings }: GraphContext,
  ): MaybePromise<RunStatisticsType> {
    return siblings.complete(
      profile,
      `runStatistics ${JSON.stringify(args)}`,
      async (profiles: readonly ScriptProfile[]) => {
        const ids = profiles.map(({ id }) => id);
        const statistics = await services.activities.statisticsOf(caller, ids, args);
        return statistics.map(({ total, days, ...range }) => ({
          ...range,
          total: withRate(total),
          days: days.map(withRate),
        }));
      },
    );
  }
}
