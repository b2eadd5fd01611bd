import { Arg, Ctx, FieldResolver, ID, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import type { Script } from '../../domain/scripts/script.ts';
import { MAX_BYTES, type ScriptAttachment } from '../../domain/scripts/script-attachment.ts';
import { payload } from '../common/errors.ts';
import { cacheId, existingId } from '../common/global-id.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { longTexts, weightOf } from '../execution/long-texts.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { ScriptPayload } from './script.resolver.ts';
import { ScriptType } from './script.type.ts';
import {
  AddScriptAttachmentInput,
  RemoveScriptAttachmentInput,
  ScriptAttachmentType,
} from './script-attachment.type.ts';

@ObjectType('AddScriptAttachmentPayload', {
  description: 'Result of `addScriptAttachment`.',
  simpleResolvers: true,
})
class AddScriptAttachmentPayload extends ScriptPayload {}

@ObjectType('RemoveScriptAttachmentPayload', {
  description: 'Result of `removeScriptAttachment`.',
  simpleResolvers: true,
})
class RemoveScriptAttachmentPayload extends ScriptPayload {}

@Resolver(() => ScriptType)
export class ScriptAttachmentsResolver {
  @FieldResolver(() => [ScriptAttachmentType], {
    description: 'Files that computers receive with the script, oldest first. Maximum 5.',
  })
  attachments(@Root() script: Script, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(script, 'attachments', async (scripts: readonly Script[]) => {
      const attachments = await services.scriptAttachments.of(caller, scripts);
      pageLoader.register(attachments.flat());
      return attachments;
    });
  }

  @Mutation(() => AddScriptAttachmentPayload, {
    description:
      'Adds a file to a script, without a new version. Computers that take the script from then on receive the file. Refused with NOT_FOUND, SCRIPT_NOT_ACTIVE or INVALID_INPUT.',
  })
  addScriptAttachment(
    @Arg('input', () => AddScriptAttachmentInput, { description: 'File to add.' }) {
      scriptId,
      ...draft
    }: AddScriptAttachmentInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<AddScriptAttachmentPayload> {
    return payload(async () => ({
      script: await services.scriptAttachments.add(
        caller,
        existingId('Script', 'script', scriptId, 'scriptId'),
        draft,
      ),
    }));
  }

  @Mutation(() => RemoveScriptAttachmentPayload, {
    description:
      'Removes a file from a script. Refused with SCRIPT_NOT_ACTIVE, or with NOT_FOUND if the script or the file does not exist.',
  })
  removeScriptAttachment(
    @Arg('input', () => RemoveScriptAttachmentInput, { description: 'Attachment to remove.' }) {
      scriptId,
      filename,
    }: RemoveScriptAttachmentInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RemoveScriptAttachmentPayload> {
    return payload(async () => ({
      script: await services.scriptAttachments.remove(
        caller,
        existingId('Script', 'script', scriptId, 'scriptId'),
        filename,
      ),
    }));
  }
}

@Resolver(() => ScriptAttachmentType)
export class ScriptAttachmentResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: ScriptAttachment): string {
    return cacheId('ScriptAttachment', id);
  }

  @FieldResolver(() => SafeInt)
  databaseId(@Root() { id }: ScriptAttachment): number {
    return id;
  }

  @FieldResolver(() => String, { complexity: weightOf(MAX_BYTES) })
  content(@Root() attachment: ScriptAttachment, @Ctx() context: GraphContext): MaybePromise<string> {
    const { services, principal, pageLoader } = context;
    // A computer may read the attachments of executions that it took. A person may read those of visible scripts.
    const reader = principal.kind === 'computer' ? principal : context.caller;
    return pageLoader.load(attachment, 'content', async (attachments: readonly ScriptAttachment[]) => {
      const contents = await longTexts(context, attachments, {
        bytesOf: ({ size }) => Math.ceil(size / 3) * 4,
        fetch: (some) => services.scriptAttachments.contents(reader, some),
      });
      return contents.map((content) => content ?? '');
    });
  }
}
