import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql';
import type { RunCounts } from '../../domain/activities/activity.ts';
import {
  MAX_STATISTICS_DAYS,
  type RunDurations,
  type RunTotals,
  successRate,
} from '../../domain/activities/run-statistics.ts';
import { DateTime } from '../common/scalars.ts';
import { RunCountsType } from './activity.type.ts';

@ObjectType('RunDurations', {
  description: 'Durations of runs in seconds, from the creation of a run to the end of its last execution.',
  simpleResolvers: true,
})
class RunDurationsType implements RunDurations {
  @Field(() => Float, { description: 'Shortest duration.' })
  shortest!: number;

  @Field(() => Float, { description: 'Median duration.' })
  median!: number;

  @Field(() => Float, { description: 'Longest duration.' })
  longest!: number;
}

export const SUCCESS_RATE =
  'Proportion of succeeded executions among those that succeeded or failed, from 0 to 1. Null if there are none.';

@ObjectType({ simpleResolvers: true })
export abstract class Totals {
  @Field(() => Int, { description: 'Number of runs.' })
  runs!: number;

  @Field(() => Int, {
    description: 'Number of runs in which all executions succeeded, or that had no executions.',
  })
  succeeded!: number;

  @Field(() => Int, { description: 'Number of runs in which at least one execution failed.' })
  failed!: number;

  @Field(() => Int, {
    description: 'Number of runs in which at least one execution was canceled, and none failed.',
  })
  canceled!: number;

  @Field(() => Int, { description: 'Number of runs in which not all executions have ended.' })
  inProgress!: number;

  @Field(() => RunCountsType, { description: 'Number of executions of all these runs, by status.' })
  executions!: RunCounts;

  @Field(() => Float, { nullable: true, description: SUCCESS_RATE })
  successRate!: number | null;

  @Field(() => RunDurationsType, {
    nullable: true,
    description: 'Durations of the runs that have ended. Null if there are none.',
  })
  durations!: RunDurations | null;
}

@ObjectType('RunTotals', { description: 'Totals of several runs.', simpleResolvers: true })
export class RunTotalsType extends Totals {}

export const withRate = <Some extends Pick<RunTotals, 'executions'>>(totals: Some) => ({
  ...totals,
  successRate: successRate(totals),
});

@ObjectType('DailyRunTotals', { description: 'Totals of the runs of one day.', simpleResolvers: true })
export class DailyRunTotalsType extends Totals {
  @Field(() => DateTime, { description: 'Start of the day in the requested `timeZone`.' })
  startsAt!: string;
}

export const BY_DAY =
  'Totals by day in the requested `timeZone`, earliest first. Includes days without runs.';

@ObjectType('RunStatistics', {
  description:
    'Statistics of the runs of a script profile. Runs that were deleted after their retention time are not included.',
  simpleResolvers: true,
})
export class RunStatisticsType {
  @Field(() => DateTime, { description: 'Start of the period, inclusive.' })
  from!: string;

  @Field(() => DateTime, { description: 'End of the period, exclusive.' })
  to!: string;

  @Field(() => RunTotalsType, { description: 'Totals of the whole period.' })
  total!: RunTotalsType;

  @Field(() => [DailyRunTotalsType], { description: BY_DAY })
  days!: readonly DailyRunTotalsType[];
}

@ArgsType()
export class RunStatisticsArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Number of days up to and including today. Defaults to 30. Maximum ${MAX_STATISTICS_DAYS}. Cannot be combined with \`from\` or \`to\`.`,
  })
  lastDays?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: `Start of the period in which the runs were created, inclusive. Defaults to 30 days before \`to\`. At most ${MAX_STATISTICS_DAYS} days before \`to\`.`,
  })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'End of the period in which the runs were created, exclusive. Defaults to the end of today in UTC.',
  })
  to?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Time zone of the days: a name of the IANA database, such as `Europe/Berlin`. A day on which the clocks change has 23 or 25 hours. Defaults to `UTC`. Refused with INVALID_INPUT if unknown.',
  })
  timeZone?: string | null;
}
