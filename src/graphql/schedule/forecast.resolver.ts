import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Computer } from '../../domain/computers/computer.ts';
import { MAX_AGENDA_DAYS } from '../../domain/schedule/agenda.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { DateTime } from '../common/scalars.ts';
import { ComputerType } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { firstOf } from '../limits/complexity.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { TargetingType, UpcomingRunsType, UpcomingRunType } from './forecast.type.ts';
import { checkFirstRuns, ForecastRunType, firstRuns, forecastRunOf } from './forecast-run.type.ts';

@Resolver()
export class ForecastResolver {
  @Query(() => UpcomingRunsType, {
    nullable: true,
    // Thousands of runs may be forecast with a few statements.
    complexity: ({ childComplexity }) => 100 + 10 * childComplexity,
    description:
      'Calendar of the account for a period: the upcoming runs, conflicts between them, and the load by hour.',
  })
  async upcomingRuns(
    @Arg('from', () => DateTime, {
      nullable: true,
      description: 'Start of the period. Defaults to now. An earlier time is replaced by now.',
    })
    from: string | null,
    @Arg('to', () => DateTime, {
      nullable: true,
      description: `End of the period, exclusive. Defaults to seven days after \`from\`. Refused with INVALID_INPUT if more than ${MAX_AGENDA_DAYS} days from now, or not after \`from\`.`,
    })
    to: string | null,
    @Ctx() { services, caller, pageLoader, answer }: GraphContext,
  ): Promise<UpcomingRunsType> {
    // The forecast takes as much memory as a large answer, even if the client selects little of it.
    const { occurrences, conflicts, ...agenda } = await answer.runLarge(() =>
      services.forecasts.agenda(caller, { from, to }),
    );
    pageLoader.register(occurrences.map(({ scriptProfile }) => scriptProfile));
    return {
      ...agenda,
      load: [...agenda.load],
      truncated: agenda.completeUntil < agenda.to,
      runs: [...occurrences],
      conflicts: conflicts.map(({ profiles: [scriptProfile, otherScriptProfile], ...conflict }) => ({
        ...conflict,
        scriptProfile,
        otherScriptProfile,
      })),
    };
  }
}

@Resolver(() => ScriptProfileType)
export class ScriptProfileForecastResolver {
  @FieldResolver(() => [ForecastRunType], {
    complexity: firstOf,
    description:
      'Forecast of its next runs, with the `minInterval` of the account applied. Empty for an event trigger, and while it is paused or archived.',
  })
  upcomingRuns(
    @Root() profile: ScriptProfile,
    @Arg('first', () => Int, firstRuns) asked: number | null,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ) {
    const first = checkFirstRuns(asked);
    return pageLoader.load(profile, `upcomingRuns ${first}`, async (profiles: readonly ScriptProfile[]) => {
      const runs = await services.forecasts.runsOf(caller, profiles, first);
      return runs.map((each) => each.map(forecastRunOf));
    });
  }
}

@Resolver(() => ComputerType)
export class ComputerForecastResolver {
  @FieldResolver(() => [TargetingType], {
    complexity: ({ childComplexity }) => 5 + 10 * childComplexity,
    description:
      'Script profiles whose next run would reach this computer, with the reason, sorted by number. Includes paused profiles. Excludes profiles with an event trigger, because they run only when a computer is accepted. Empty while the computer is pending.',
  })
  targetedBy(@Root() computer: Computer, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(computer, 'targetedBy', async (computers: readonly Computer[]) => {
      const targetingOf = await pageLoader.loadOnce('targeting', () => services.forecasts.targeting(caller));
      const targeting = await targetingOf(computers);
      pageLoader.register(targeting.flatMap((each) => each.map(({ scriptProfile }) => scriptProfile)));
      return targeting;
    });
  }

  @FieldResolver(() => [UpcomingRunType], {
    complexity: firstOf,
    description: 'Forecast of the next runs on this computer, sorted by time. Empty while it is pending.',
  })
  upcomingRuns(
    @Root() computer: Computer,
    @Arg('first', () => Int, firstRuns) asked: number | null,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ) {
    const first = checkFirstRuns(asked);
    return pageLoader.load(computer, `upcomingRuns ${first}`, async (computers: readonly Computer[]) => {
      const runs = await services.forecasts.runsAt(caller, computers, first);
      pageLoader.register(runs.flatMap((each) => each.map(({ scriptProfile }) => scriptProfile)));
      return runs;
    });
  }
}
