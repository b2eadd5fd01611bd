import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { WarningCode } from '../../domain/script-profiles/preview.ts';
import { CreateScriptProfileInput, UpdateScriptProfileInput } from './script-profile.input.ts';

@InputType('ScriptProfilePreviewInput', {
  description: 'A change to look at before it is made: exactly one, as the mutation takes it.',
})
export class ScriptProfilePreviewInput {
  @Field(() => CreateScriptProfileInput, { nullable: true, description: 'For `createScriptProfile`.' })
  create?: CreateScriptProfileInput;

  @Field(() => UpdateScriptProfileInput, { nullable: true, description: 'For `updateScriptProfile`.' })
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
  description: 'What is not refused, and may still not be what was meant. More codes may come.',
  valuesConfig: {
    MATCHES_NOBODY: { description: 'It matches no computer, as things stand.' },
    OVER_COMPUTER_LIMIT: {
      description: 'It matches more computers than a run covers. Only a change of tags is refused for that.',
    },
    TAGS_IGNORED: { description: 'It has tags beside `allComputers`: they do not filter.' },
    RUNS_AT_ONCE: { description: 'A run is due as soon as it is saved: its time has passed.' },
    NEVER_RUNS: { description: 'No run is to come: it is finished, or its schedule has no date left.' },
    SPACED: { description: 'Its schedule asks for more than the account’s `minInterval` allows.' },
    MAY_OVERLAP: { description: 'Its time limit is longer than the time between two of its runs.' },
    PAUSED: { description: 'It is paused.' },
    SLOTS_SKIPPED: { description: 'A slot is due and not run yet; the new trigger gives it up.' },
  },
});

@ObjectType('PreviewWarning', { description: 'Something to look at before saving.', simpleResolvers: true })
export class PreviewWarningType {
  @Field(() => WarningCodeEnum, { description: 'What it is about.' })
  code!: WarningCode;

  @Field(() => String, { description: 'A sentence for a person.' })
  message!: string;
}

@ObjectType('LimitRoom', { description: 'What is left under a limit.', simpleResolvers: true })
export class LimitRoomType {
  @Field(() => Int, { description: 'How many there would be.' })
  used!: number;

  @Field(() => Int, { description: 'How many there may be.' })
  max!: number;
}

@ObjectType('ScriptProfilePreview', {
  description: 'What a change would do, before it is made. Nothing is written, and nothing is locked.',
})
export class ScriptProfilePreviewType {}
