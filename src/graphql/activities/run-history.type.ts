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
  description: 'In seconds, from making a run until its last execution was over.',
  simpleResolvers: true,
})
class RunDurationsType implements RunDurations {
  @Field(() => Float, { description: 'Of the run that was over first.' })
  shortest!: number;

  @Field(() => Float, { description: 'Half of the runs took longer.' })
  median!: number;

  @Field(() => Float, { description: 'Of the run that took longest.' })
  longest!: number;
}

export const SUCCESS_RATE =
  'From 0 to 1: of the executions that ended well or badly, how many ended well. Null when none did either.';

@ObjectType({ simpleResolvers: true })
export abstract class Totals {
  @Field(() => Int, { description: 'How many runs were made.' })
  runs!: number;

  @Field(() => Int, { description: 'Of these: all executions ended well, or there were none.' })
  succeeded!: number;

  @Field(() => Int, { description: 'Of these: an execution ended badly.' })
  failed!: number;

  @Field(() => Int, { description: 'Of these: an execution was canceled, and none ended badly.' })
  canceled!: number;

  @Field(() => Int, { description: 'Of these: not all executions are over.' })
  inProgress!: number;

  @Field(() => RunCountsType, { description: 'The executions of all these runs.' })
  executions!: RunCounts;

  @Field(() => Float, { nullable: true, description: SUCCESS_RATE })
  successRate!: number | null;

  @Field(() => RunDurationsType, {
    nullable: true,
    description: 'How long the runs took that are over; null when there are none.',
  })
  durations!: RunDurations | null;
}

@ObjectType('RunTotals', { description: 'How some runs went.', simpleResolvers: true })
export class RunTotalsType extends Totals {}

export const withRate = <Some extends Pick<RunTotals, 'executions'>>(totals: Some) => ({
  ...totals,
  successRate: successRate(totals),
});

@ObjectType('DailyRunTotals', { description: 'How the runs of one day went.', simpleResolvers: true })
export class DailyRunTotalsType extends Totals {
  @Field(() => DateTime, { description: 'Start of the day in the `timeZone` that was asked for.' })
  startsAt!: string;
}

export const BY_DAY =
  'By day of the `timeZone` that was asked for, the earliest first: every day, also those without a run.';

@ObjectType('RunStatistics', {
  description: 'How the runs of a script profile went, as long as they are kept.',
  simpleResolvers: true,
})
export class RunStatisticsType {
  @Field(() => DateTime, { description: 'Of runs that were made from this time on.' })
  from!: string;

  @Field(() => DateTime, { description: 'Of runs that were made before this time.' })
  to!: string;

  @Field(() => RunTotalsType, { description: 'All of them together.' })
  total!: RunTotalsType;

  @Field(() => [DailyRunTotalsType], { description: BY_DAY })
  days!: readonly DailyRunTotalsType[];
}

@ArgsType()
export class RunStatisticsArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Number of days, today being the last. Defaults to 30. Maximum ${MAX_STATISTICS_DAYS}. Not together with \`from\` or \`to\`.`,
  })
  lastDays?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: `Runs that were made from this time on: at most ${MAX_STATISTICS_DAYS} days before \`to\`; 30 days before it unless told.`,
  })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Runs that were made before this time; the end of today unless told.',
  })
  to?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Time zone by whose days the runs are counted: a name of the IANA database, such as `Europe/Berlin`. A day on which the clocks change has 23 or 25 hours. Defaults to `UTC`. Refused with INVALID_INPUT if unknown.',
  })
  timeZone?: string | null;
}
