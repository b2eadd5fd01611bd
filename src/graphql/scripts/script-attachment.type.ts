import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { cacheIdDescription } from '../common/global-id.ts';
import { databaseIdDescription } from '../common/node.type.ts';
import { SafeInt } from '../common/scalars.ts';

@ObjectType('ScriptAttachment', {
  description: 'A file that a computer finds beside the script, whatever the script’s version.',
  simpleResolvers: true,
})
export class ScriptAttachmentType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => SafeInt, { description: databaseIdDescription })
  databaseId!: number;

  @Field(() => String, { description: 'Unique among the script’s attachments.' })
  filename!: string;

  @Field(() => Int, { description: 'In bytes.' })
  size!: number;

  @Field(() => String, { description: 'What is in it, in base64. Fetched only when asked for.' })
  content!: string;
}

@InputType('AddScriptAttachmentInput', { description: 'A file to keep beside a script.' })
export class AddScriptAttachmentInput {
  @Field(() => ID, { description: 'The script, by its global id or its number.' })
  scriptId!: string;

  @Field(() => String, {
    description:
      '1 to 255 characters, no control or invisible characters or `/`; unique among the script’s attachments, of which there are at most 5.',
  })
  filename!: string;

  @Field(() => String, {
    description: 'In base64. Decoded, all of a script’s attachments together take at most 1 MiB.',
  })
  content!: string;
}

@InputType('RemoveScriptAttachmentInput', { description: 'A file to take away from a script.' })
export class RemoveScriptAttachmentInput {
  @Field(() => ID, { description: 'The script, by its global id or its number.' })
  scriptId!: string;

  @Field(() => String, { description: 'The attachment’s filename.' })
  filename!: string;
}
