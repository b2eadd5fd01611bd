import { Field, Int, ObjectType } from 'type-graphql';
import { MAX_OCCURRENCES } from '../../domain/schedule/agenda.ts';
import { MAX_CONFLICTS } from '../../domain/schedule/conflicts.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { FORECAST_RUN, ForecastRunBase } from './forecast-run.type.ts';

@ObjectType('UpcomingRun', { description: FORECAST_RUN, simpleResolvers: true })
export class UpcomingRunType extends ForecastRunBase {
  @Field(() => ScriptProfileType, { description: 'Script profile that runs.' })
  scriptProfile!: ScriptProfile;

  @Field(() => Boolean, {
    description: 'Whether the run may overlap with another run on the same computer or of the same script.',
  })
  conflicting!: boolean;
}

@ObjectType('RunConflict', {
  description:
    'Two script profiles whose runs may overlap, or one script profile whose own runs may overlap.',
  simpleResolvers: true,
})
export class RunConflictType {
  @Field(() => ScriptProfileType, { description: 'Script profile with the smaller number.' })
  scriptProfile!: ScriptProfile;

  @Field(() => ScriptProfileType, {
    description: 'The other script profile. Equals `scriptProfile` if its own runs may overlap.',
  })
  otherScriptProfile!: ScriptProfile;

  @Field(() => Int, { description: 'Number of computers that both reach.' })
  sharedComputers!: number;

  @Field(() => Boolean, { description: 'Whether both run the same script.' })
  sameScript!: boolean;

  @Field(() => DateTime, {
    description: 'First time when one run starts while the other may be in progress.',
  })
  firstAt!: string;

  @Field(() => Int, { description: 'Number of overlaps in the period.' })
  number!: number;
}

@ObjectType('HourlyLoad', { description: 'Runs that start within one hour.', simpleResolvers: true })
export class HourlyLoadType {
  @Field(() => DateTime, { description: 'Start of the hour in UTC.' })
  startsAt!: string;

  @Field(() => Int, { description: 'Number of runs.' })
  runs!: number;

  @Field(() => SafeInt, { description: 'Number of executions of all these runs.' })
  executions!: number;
}

@ObjectType('UpcomingRuns', {
  description: `Upcoming runs of the account in a period. The forecast covers at most ${MAX_OCCURRENCES} runs from now on, and fewer if hundreds of runs overlap.`,
  simpleResolvers: true,
})
export class UpcomingRunsType {
  @Field(() => DateTime, { description: 'Start of the period, inclusive. Never before now.' })
  from!: string;

  @Field(() => DateTime, { description: 'End of the period, exclusive.' })
  to!: string;

  @Field(() => Boolean, { description: 'Whether the period has more runs than the forecast covers.' })
  truncated!: boolean;

  @Field(() => DateTime, {
    description: 'Time until which the forecast is complete. Equals `to` unless `truncated`.',
  })
  completeUntil!: string;

  @Field(() => [UpcomingRunType], { description: 'Runs in the period, sorted by time.' })
  runs!: UpcomingRunType[];

  @Field(() => [RunConflictType], {
    description: `Conflicts between runs, earliest first. Maximum ${MAX_CONFLICTS.toLocaleString('en')}.`,
  })
  conflicts!: RunConflictType[];

  @Field(() => [HourlyLoadType], {
    description: 'Load by hour in UTC. Hours without a run are omitted.',
  })
  load!: HourlyLoadType[];
}

@ObjectType('Targeting', {
  description: 'A script profile that reaches a computer, with the reason.',
  simpleResolvers: true,
})
export class TargetingType {
  @Field(() => ScriptProfileType, {
    description: 'Script profile. Its access group contains the computer directly or through descendants.',
  })
  scriptProfile!: ScriptProfile;

  @Field(() => Boolean, { description: 'Whether the profile reaches all computers of its access group.' })
  allComputers!: boolean;

  @Field(() => [String], {
    description:
      'Tags that the profile and the computer share, in the profile’s order. Empty if `allComputers`.',
  })
  tags!: readonly string[];
}
