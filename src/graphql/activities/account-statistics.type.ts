import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { RunCounts } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import type { SlotReason } from '../../domain/schedule/slot-ledger.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { DateTime } from '../common/scalars.ts';
import { ComputerType } from '../computers/computer.type.ts';
import { SlotReasonEnum } from '../schedule/slot.type.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { RunCountsType } from './activity.type.ts';
import { SUCCESS_RATE, Totals } from './run-history.type.ts';

@ObjectType('AccountStatistics', {
  description: 'Statistics of the account’s stored runs. Counts only runs that the caller may view.',
  simpleResolvers: true,
})
export class AccountStatisticsType {
  @Field(() => DateTime, { description: 'Start of the period. Includes runs that started at this time.' })
  from!: string;

  @Field(() => DateTime, { description: 'End of the period. Excludes runs that started at this time.' })
  to!: string;
}

@ObjectType('ScriptProfileTotals', {
  description: 'Totals of the runs of one script profile.',
  simpleResolvers: true,
})
export class ScriptProfileTotalsType extends Totals {
  @Field(() => ScriptProfileType, { description: 'Script profile of the runs.' })
  scriptProfile!: ScriptProfile;
}

@ObjectType('MissedSlots', {
  description: 'Slots at which a script profile did not run, although it was active.',
  simpleResolvers: true,
})
export class MissedSlotsType {
  @Field(() => ScriptProfileType, { description: 'Script profile of the slots.' })
  scriptProfile!: ScriptProfile;

  @Field(() => Int, { description: 'Number of slots.' })
  number!: number;

  @Field(() => DateTime, { description: 'Time of the last of these slots.' })
  lastSlot!: string;

  @Field(() => SlotReasonEnum, { description: 'Reason for the last of these slots.' })
  reason!: SlotReason;
}

@ObjectType('ComputerTotals', {
  description: 'Totals of the executions on one computer.',
  simpleResolvers: true,
})
export class ComputerTotalsType {
  @Field(() => ComputerType, { description: 'Computer of the executions.' })
  computer!: Computer;

  @Field(() => RunCountsType, { description: 'Numbers of its executions by status.' })
  executions!: RunCounts;

  @Field(() => Float, { nullable: true, description: SUCCESS_RATE })
  successRate!: number | null;
}
