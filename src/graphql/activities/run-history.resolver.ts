import { Arg, Args, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { type Activity, durationOf } from '../../domain/activities/activity.ts';
import { MAX_RESULT_BYTES } from '../../domain/activities/execution.ts';
import { invalid } from '../../domain/errors.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { longTexts, weightOf } from '../execution/long-texts.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { DEFAULT_FIRST, firstOf } from '../limits/complexity.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { ActivityNodeType } from './activity.type.ts';
import { RunStatisticsArgs, RunStatisticsType, withRate } from './run-history.type.ts';

const MAX_FAILURES = 50;

const idsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

@Resolver(() => ActivityNodeType)
export class RunHistoryResolver {
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Duration in seconds. For a run, from its creation. For an execution, from its delivery. Null until it ends, and for an execution that was never delivered.',
  })
  duration(@Root() activity: Activity): number | null {
    return durationOf(activity);
  }

  @ReadsColumns<Activity>(['resultTextLength'], ({ resultTextLength }) =>
    resultTextLength === null ? null : undefined,
  )
  @FieldResolver(() => String, {
    nullable: true,
    complexity: ({ args }) =>
      weightOf(Math.min(Math.max(Number(args.first ?? MAX_RESULT_BYTES), 0), MAX_RESULT_BYTES)),
    description:
      'Output of the script, or the reason why it was not run. Null if there is no text. A long text adds up to 16 objects to the cost of the query, unless `first` limits it.',
  })
  resultText(
    @Root() activity: Activity,
    @Arg('first', () => Int, {
      nullable: true,
      description:
        'Maximum length to return from the start, in bytes of UTF-8. The text is cut between characters. Defaults to the complete text.',
    })
    first: number | null,
    @Ctx() context: GraphContext,
  ): MaybePromise<string | null> {
    if (first !== null && first < 0) throw invalid('first', first, 'a whole number from 0');
    const { services, caller, pageLoader } = context;
    const most = first ?? MAX_RESULT_BYTES;
    return pageLoader.load(activity, `resultText ${first}`, (activities: readonly Activity[]) =>
      longTexts(context, activities, {
        bytesOf: ({ resultTextLength: length }) => length && Math.min(length, most),
        fetch: (rows) => services.activities.resultTexts(caller, idsOf(rows), first ?? undefined),
      }),
    );
  }

  @FieldResolver(() => [ActivityNodeType], {
    complexity: firstOf,
    description: 'First failed executions of the run, sorted by number. Empty for an execution.',
  })
  failures(
    @Root() activity: Activity,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_FIRST,
      description: `Number of executions. Defaults to ${DEFAULT_FIRST}. Maximum ${MAX_FAILURES}.`,
    })
    asked: number | null,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ) {
    const first = asked ?? DEFAULT_FIRST;
    if (first < 0 || first > MAX_FAILURES) {
      throw invalid('first', first, `a whole number from 0 to ${MAX_FAILURES}`);
    }
    return pageLoader.load(activity, `failures ${first}`, async (activities: readonly Activity[]) => {
      const ids = activities.map(({ id }) => id);
      const failures = await services.activities.failuresOf(caller, ids, first);
      pageLoader.register(failures.flat());
      return failures;
    });
  }
}

@Resolver(() => ScriptProfileType)
export class RunStatisticsResolver {
  @FieldResolver(() => RunStatisticsType, {
    complexity: ({ childComplexity }) => 5 + 10 * childComplexity,
    description: 'Statistics of the profile’s runs, in total and by day.',
  })
  runStatistics(
    @Root() profile: ScriptProfile,
    @Args(() => RunStatisticsArgs) args: RunStatisticsArgs,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): MaybePromise<RunStatisticsType> {
    return pageLoader.load(
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
