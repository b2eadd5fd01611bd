import { Field, Float, ObjectType } from 'type-graphql';
import type { RunCounts } from '../../domain/activities/activity.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { DateTime } from '../common/scalars.ts';
import { ComputerType } from '../computers/computer.type.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { RunCountsType } from './activity.type.ts';
import { SUCCESS_RATE, Totals } from './run-history.type.ts';

@ObjectType('AccountStatistics', {
  description:
    'How the account’s runs go, as long as they are kept and as far as the caller may see them. What the caller may not see is not counted.',
  simpleResolvers: true,
})
export class AccountStatisticsType {
  @Field(() => DateTime, { description: 'Of runs that were made from this time on.' })
  from!: string;

  @Field(() => DateTime, { description: 'Of runs that were made before this time.' })
  to!: string;
}

@ObjectType('ScriptProfileTotals', {
  description: 'How the runs of one script profile went.',
  simpleResolvers: true,
})
export class ScriptProfileTotalsType extends Totals {
  @Field(() => ScriptProfileType, { description: 'Whose runs they are.' })
  scriptProfile!: ScriptProfile;
}

@ObjectType('ComputerTotals', {
  description: 'How the executions on one computer went.',
  simpleResolvers: true,
})
export class ComputerTotalsType {
  @Field(() => ComputerType, { description: 'Where they were executed.' })
  computer!: Computer;

  @Field(() => RunCountsType, { description: 'The executions on it.' })
  executions!: RunCounts;

  @Field(() => Float, { nullable: true, description: SUCCESS_RATE })
  successRate!: number | null;
}
