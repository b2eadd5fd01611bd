import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { cacheIdDescription } from '../common/global-id.ts';
import { databaseIdDescription } from '../common/node.type.ts';
import { SafeInt } from '../common/scalars.ts';

@ObjectType('ScriptAttachment', {
  description: 'A file that computers receive with a script, regardless of the script’s version.',
  simpleResolvers: true,
})
export class ScriptAttachmentType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => SafeInt, { description: databaseIdDescription })
  databaseId!: number;

  @Field(() => String, { description: 'Filename, unique among the attachments of the script.' })
  filename!: string;

  @Field(() => Int, { description: 'Size in bytes.' })
  size!: number;

  @Field(() => String, { description: 'Content in base64. Fetched only if selected.' })
  content!: string;
}

@InputType('AddScriptAttachmentInput', { description: 'File to add to a script.' })
export class AddScriptAttachmentInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  scriptId!: string;

  @Field(() => String, {
    description:
      'Filename: 1 to 255 characters, without control or invisible characters or `/`. Must be unique among the attachments of the script. Maximum 5 attachments.',
  })
  filename!: string;

  @Field(() => String, {
    description: 'Content in base64. The decoded attachments of a script have a maximum total size of 1 MiB.',
  })
  content!: string;
}

@InputType('RemoveScriptAttachmentInput', { description: 'File to remove from a script.' })
export class RemoveScriptAttachmentInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  scriptId!: string;

  @Field(() => String, { description: 'Filename of the attachment.' })
  filename!: string;
}
