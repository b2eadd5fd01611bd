import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, SafeInt } from '../common/scalars.ts';
import { ScriptAttachmentType } from '../scripts/script-attachment.type.ts';

@ObjectType('ExecutionEnvironment', {
  description: 'What the script finds in its environment, as variables whose names begin with `LANDSCAPE_`.',
  simpleResolvers: true,
})
export class ExecutionEnvironmentType {
  @Field(() => String, { description: 'LANDSCAPE_ACCOUNT.' })
  accountName!: string;

  @Field(() => SafeInt, { description: 'LANDSCAPE_COMPUTER_ID.' })
  computerId!: number;

  @Field(() => [String], { description: 'LANDSCAPE_COMPUTER_TAGS, separated by commas there.' })
  computerTags!: readonly string[];

  @Field(() => SafeInt, { description: 'LANDSCAPE_ACTIVITY_ID.' })
  activityId!: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'LANDSCAPE_ACTIVITY_CREATOR_ID; null when nobody is behind it.',
  })
  activityCreatorId!: number | null;

  @Field(() => DateTime, { description: 'LANDSCAPE_ACTIVITY_CREATION_TIME.' })
  activityCreationTime!: string;
}

@ObjectType('Execution', { description: 'What a computer is asked to run.', simpleResolvers: true })
export class ExecutionType {
  @Field(() => ID, {
    description:
      'Its global id, the same whenever it is taken: the computer’s own key against running it twice.',
  })
  id!: string;

  @Field(() => String, { description: 'The absolute path of the program that runs the code.' })
  interpreter!: string;

  @Field(() => String, { description: 'The script’s text.' })
  code!: string;

  @Field(() => String, { description: 'The user to run it as.' })
  username!: string;

  @Field(() => Int, {
    description: 'In seconds, from the start of the process: kill it then, and report code 102.',
  })
  timeLimit!: number;

  @Field(() => Boolean, {
    description: 'Somebody canceled it after it was taken: stop it, and report what came of it.',
  })
  cancelRequested!: boolean;

  @Field(() => [ScriptAttachmentType], {
    description: 'Files that the script expects beside it. If they cannot be fetched, report code 104.',
  })
  attachments!: readonly object[];

  @Field(() => ExecutionEnvironmentType, { description: 'What the script finds in its environment.' })
  environment!: object;
}
