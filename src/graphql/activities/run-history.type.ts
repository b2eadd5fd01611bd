import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql';
import type { RunCounts } from '../../domain/activities/activity.ts';
import { LONGEST_STATISTICS_DAYS, type RunDurations } from '../../domain/activities/run-statistics.ts';
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

@ObjectType({ simpleResolvers: true })
abstract class Totals {
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

  @Field(() => Float, {
    nullable: true,
    description:
      'Rate of succeeded executions among those that succeeded or failed, from 0 to 1. Null if there are none.',
  })
  successRate!: number | null;

  @Field(() => RunDurationsType, {
    nullable: true,
    description: 'Durations of the runs that have ended. Null if there are none.',
  })
  durations!: RunDurations | null;
}

@ObjectType('RunTotals', { description: 'Totals of several runs.', simpleResolvers: true })
class RunTotalsType extends Totals {}

@ObjectType('DailyRunTotals', { description: 'Totals of the runs of one day.', simpleResolvers: true })
class DailyRunTotalsType extends Totals {
  @Field(() => DateTime, { description: 'Start of the day in UTC.' })
  startsAt!: string;
}

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

  @Field(() => [DailyRunTotalsType], {
    description: 'Totals by day in UTC, earliest first. Includes days without runs.',
  })
  days!: readonly DailyRunTotalsType[];
}

@ArgsType()
export class RunStatisticsArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Number of days until today, in UTC. Includes today. Defaults to 30. Maximum ${LONGEST_STATISTICS_DAYS}. Cannot be combined with \`from\` or \`to\`.`,
  })
  lastDays?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: `Start of the period in which the runs were created, inclusive. Defaults to 30 days before \`to\`. At most ${LONGEST_STATISTICS_DAYS} days before \`to\`.`,
  })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'End of the period in which the runs were created, exclusive. Defaults to the end of today in UTC.',
  })
  to?: string | null;
}
