import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, SafeInt } from '../common/scalars.ts';
import { ScriptAttachmentType } from '../scripts/script-attachment.type.ts';

@ObjectType('ExecutionEnvironment', {
  description: 'Environment variables for the script. Their names begin with `LANDSCAPE_`.',
  simpleResolvers: true,
})
export class ExecutionEnvironmentType {
  @Field(() => String, { description: 'Value of `LANDSCAPE_ACCOUNT`.' })
  accountName!: string;

  @Field(() => SafeInt, { description: 'Value of `LANDSCAPE_COMPUTER_ID`.' })
  computerId!: number;

  @Field(() => [String], {
    description:
      'Value of `LANDSCAPE_COMPUTER_TAGS`, as a list. In the variable, the tags are separated by commas.',
  })
  computerTags!: readonly string[];

  @Field(() => SafeInt, { description: 'Value of `LANDSCAPE_ACTIVITY_ID`.' })
  activityId!: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Value of `LANDSCAPE_ACTIVITY_CREATOR_ID`. Null if no person caused the activity.',
  })
  activityCreatorId!: number | null;

  @Field(() => DateTime, { description: 'Value of `LANDSCAPE_ACTIVITY_CREATION_TIME`.' })
  activityCreationTime!: string;
}

@ObjectType('Execution', { description: 'A script that a computer has to run.', simpleResolvers: true })
export class ExecutionType {
  @Field(() => ID, {
    description:
      'Global id. It stays the same for repeated deliveries, so the computer can avoid running the script twice.',
  })
  id!: string;

  @Field(() => String, { description: 'Absolute path of the program that runs the code.' })
  interpreter!: string;

  @Field(() => String, { description: 'Code of the script.' })
  code!: string;

  @Field(() => String, { description: 'User who runs the script.' })
  username!: string;

  @Field(() => Int, {
    description:
      'Time limit in seconds, from the start of the process. After it, the computer must kill the process and report code 102.',
  })
  timeLimit!: number;

  @Field(() => Boolean, {
    description:
      'Whether the execution was canceled after it was taken. If so, the computer must stop it and report the result.',
  })
  cancelRequested!: boolean;

  @Field(() => [ScriptAttachmentType], {
    description: 'Files that the script needs. If they cannot be fetched, the computer must report code 104.',
  })
  attachments!: readonly object[];

  @Field(() => ExecutionEnvironmentType, { description: 'Environment variables for the script.' })
  environment!: object;
}
