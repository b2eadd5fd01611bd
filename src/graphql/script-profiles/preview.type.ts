import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { WarningCode } from '../../domain/script-profiles/preview.ts';
import { CreateScriptProfileInput, UpdateScriptProfileInput } from './script-profile.input.ts';

@InputType('ScriptProfilePreviewInput', {
  description: 'Change to preview, in the form of the mutation’s input. Exactly one field is required.',
})
export class ScriptProfilePreviewInput {
  @Field(() => CreateScriptProfileInput, { nullable: true, description: 'Input of `createScriptProfile`.' })
  create?: CreateScriptProfileInput;

  @Field(() => UpdateScriptProfileInput, { nullable: true, description: 'Input of `updateScriptProfile`.' })
  update?: UpdateScriptProfileInput;
}

const WarningCodeEnum = {
  MATCHES_NOBODY: 'MATCHES_NOBODY',
  OVER_COMPUTER_LIMIT: 'OVER_COMPUTER_LIMIT',
  TAGS_IGNORED: 'TAGS_IGNORED',
  RUNS_AT_ONCE: 'RUNS_AT_ONCE',
  NEVER_RUNS: 'NEVER_RUNS',
  SPACED: 'SPACED',
  MAY_OVERLAP: 'MAY_OVERLAP',
  PAUSED: 'PAUSED',
  SLOTS_SKIPPED: 'SLOTS_SKIPPED',
} as const satisfies { [Code in WarningCode]: Code };

registerEnumType(WarningCodeEnum, {
  name: 'PreviewWarningCode',
  description: 'Kind of warning. Later releases may add codes.',
  valuesConfig: {
    MATCHES_NOBODY: { description: 'The script profile currently matches no computer.' },
    OVER_COMPUTER_LIMIT: {
      description:
        'The script profile matches more computers than the limit allows for one run. Only a change of its targets is refused for that reason.',
    },
    TAGS_IGNORED: {
      description: 'The script profile has both tags and `allComputers`, so the tags have no effect.',
    },
    RUNS_AT_ONCE: {
      description: 'A run is due as soon as the change is saved, because its time has passed.',
    },
    NEVER_RUNS: {
      description:
        'The script profile has no future run, because it is finished or its schedule never matches again.',
    },
    SPACED: {
      description:
        'The schedule has more slots than the `minInterval` of the account allows, so some slots have no run.',
    },
    MAY_OVERLAP: { description: 'The time limit is longer than the time between two runs.' },
    PAUSED: { description: 'The script profile is paused.' },
    SLOTS_SKIPPED: { description: 'A slot is due but not run yet, and the new trigger skips it.' },
  },
});

@ObjectType('PreviewWarning', { description: 'A warning to consider before saving.', simpleResolvers: true })
export class PreviewWarningType {
  @Field(() => WarningCodeEnum, { description: 'Kind of warning.' })
  code!: WarningCode;

  @Field(() => String, { description: 'The message in one sentence, for display to a person.' })
  message!: string;
}

@ObjectType('LimitRoom', { description: 'Usage of a limit after a change.', simpleResolvers: true })
export class LimitRoomType {
  @Field(() => Int, { description: 'Number in use after the change.' })
  used!: number;

  @Field(() => Int, { description: 'Maximum number allowed.' })
  max!: number;
}

@ObjectType('ScriptProfilePreview', {
  description: 'Effects of a change of a script profile. A preview changes nothing.',
})
export class ScriptProfilePreviewType {}
