import { Field, Int, ObjectType } from 'type-graphql';
import { MAX_OCCURRENCES } from '../../domain/schedule/agenda.ts';
import type { Occurrence } from '../../domain/schedule/conflicts.ts';
import { MAX_CONFLICTS } from '../../domain/schedule/conflicts.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { DateTime, SafeInt } from '../common/scalars.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { FORESEEN, RunToCome } from './foreseen-run.type.ts';

@ObjectType('UpcomingRun', { description: FORESEEN, simpleResolvers: true })
export class UpcomingRunType extends RunToCome {
  @Field(() => ScriptProfileType, { description: 'What runs.' })
  scriptProfile!: ScriptProfile;

  @Field(() => Boolean, {
    description:
      'Whether it may be at work together with another one: on a computer that both reach, or running the same script.',
  })
  conflicting!: boolean;
}

export const upcomingRun = ({ profile, ...run }: Occurrence): UpcomingRunType => ({
  ...run,
  scriptProfile: profile,
});

@ObjectType('RunConflict', {
  description: 'Two profiles, or one with itself, whose runs may be at work at the same time.',
  simpleResolvers: true,
})
export class RunConflictType {
  @Field(() => ScriptProfileType, { description: 'The one with the smaller number.' })
  scriptProfile!: ScriptProfile;

  @Field(() => ScriptProfileType, {
    description: 'The other one; the same when its own runs may overlap each other.',
  })
  otherScriptProfile!: ScriptProfile;

  @Field(() => Int, { description: 'How many computers both reach.' })
  sharedComputers!: number;

  @Field(() => Boolean, { description: 'Whether both run the same script.' })
  sameScript!: boolean;

  @Field(() => DateTime, { description: 'When one starts first while the other may be at work.' })
  firstAt!: string;

  @Field(() => Int, { description: 'How often that happens.' })
  number!: number;
}

@ObjectType('HourlyLoad', { description: 'What starts within one hour.', simpleResolvers: true })
export class HourlyLoadType {
  @Field(() => DateTime, { description: 'The start of the hour.' })
  startsAt!: string;

  @Field(() => Int, { description: 'How many runs.' })
  runs!: number;

  @Field(() => SafeInt, { description: 'How many executions: the computers of all those runs together.' })
  executions!: number;
}

@ObjectType('UpcomingRuns', {
  description: `What runs in the account between two times. Counted from now on, at most ${MAX_OCCURRENCES} runs are worked out; fewer where hundreds are at work at the same time.`,
  simpleResolvers: true,
})
export class UpcomingRunsType {
  @Field(() => DateTime, { description: 'From when on: never before now.' })
  from!: string;

  @Field(() => DateTime, { description: 'Until when, exclusive.' })
  to!: string;

  @Field(() => Boolean, { description: 'Whether there are more runs than are worked out.' })
  truncated!: boolean;

  @Field(() => DateTime, { description: 'Before this time nothing is missing: `to`, unless truncated.' })
  completeUntil!: string;

  @Field(() => [UpcomingRunType], { description: 'The runs, by time.' })
  runs!: UpcomingRunType[];

  @Field(() => [RunConflictType], {
    description: `What gets into each other’s way, the earliest first; at most ${MAX_CONFLICTS} pairs.`,
  })
  conflicts!: RunConflictType[];

  @Field(() => [HourlyLoadType], {
    description: 'How much starts by hour, in UTC; hours without a run are left out.',
  })
  load!: HourlyLoadType[];
}

@ObjectType('Targeting', {
  description: 'That a script profile reaches a computer, and why.',
  simpleResolvers: true,
})
export class TargetingType {
  @Field(() => ScriptProfileType, {
    description: 'The profile. The computer is in its access group, or below it.',
  })
  scriptProfile!: ScriptProfile;

  @Field(() => Boolean, { description: 'Whether it is for all computers there.' })
  allComputers!: boolean;

  @Field(() => [String], {
    description: 'Otherwise: the tags of the profile that the computer has, in the profile’s order.',
  })
  tags!: readonly string[];
}
