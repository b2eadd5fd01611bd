import { Arg, Args, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { notFound } from '../../domain/errors.ts';
import type { Script, ScriptHead } from '../../domain/scripts/script.ts';
import { groupRef } from '../accounts/access-group.input.ts';
import { Connection, endingEarly, listingOf } from '../common/connection.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { currentDescription, editPayload, Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import {
  ArchiveScriptInput,
  CreateScriptInput,
  RedactScriptInput,
  ScriptsArgs,
  scriptFilter,
  UpdateScriptInput,
} from './script.input.ts';
import { ScriptConnection, ScriptType } from './script.type.ts';

@ObjectType({ simpleResolvers: true })
export abstract class ScriptPayload extends Payload {
  @Field(() => ScriptType, { nullable: true, description: 'The script after the mutation. Null if refused.' })
  script?: Script;
}

@ObjectType('CreateScriptPayload', { description: 'Result of `createScript`.', simpleResolvers: true })
class CreateScriptPayload extends ScriptPayload {}

@ObjectType('UpdateScriptPayload', { description: 'Result of `updateScript`.', simpleResolvers: true })
class UpdateScriptPayload extends ScriptPayload {
  @Field(() => ScriptType, { nullable: true, description: currentDescription('script') })
  current?: Script;
}

@ObjectType('ArchiveScriptPayload', { description: 'Result of `archiveScript`.', simpleResolvers: true })
class ArchiveScriptPayload extends ScriptPayload {}

@ObjectType('RedactScriptPayload', { description: 'Result of `redactScript`.', simpleResolvers: true })
class RedactScriptPayload extends ScriptPayload {}

@Resolver(() => ScriptType)
export class ScriptResolver extends nodeResolver(ScriptType, 'Script') {
  @Query(() => ScriptConnection, {
    nullable: true,
    description: 'Scripts of the account. Defaults to active scripts, newest first.',
  })
  async scripts(@Args(() => ScriptsArgs) args: ScriptsArgs, @Ctx() context: GraphContext) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('Script', args, context);
    const filter = scriptFilter(args.filter);
    const whole = await services.scripts.page(caller, { filter, ...listing });
    const slice = endingEarly(whole, ({ codeLength }) => codeLength, context);
    pageLoader.register(slice.rows);
    return new Connection('Script', slice, listing.order, () => services.scripts.count(caller, filter));
  }

  @Query(() => ScriptType, {
    nullable: true,
    description: 'One script in any status. NOT_FOUND if it does not exist or the caller may not see it.',
  })
  async script(
    @Arg('id', () => ID, { description: 'Global id or number of the script.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ScriptHead> {
    const [script] = await services.scripts.byIds(caller, [databaseIdOf('Script', id)]);
    if (!script) throw notFound('script', id);
    return script;
  }

  @Mutation(() => CreateScriptPayload, {
    description: 'Creates a script. Refused with INVALID_INPUT, TITLE_TAKEN or IDEMPOTENCY_KEY_REUSED.',
  })
  createScript(
    @Arg('input', () => CreateScriptInput, { description: 'Script to create.' }) {
      idempotencyKey,
      accessGroup,
      accessGroupId,
      ...draft
    }: CreateScriptInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CreateScriptPayload> {
    return payload(async () => {
      const group = groupRef('accessGroup', accessGroup, accessGroupId);
      return {
        script: await services.scripts.create(caller, { ...draft, accessGroup: group }, idempotencyKey),
      };
    });
  }

  @Mutation(() => UpdateScriptPayload, {
    description:
      'Changes a script. Its profiles run the new version from then on. Refused with NOT_FOUND, SCRIPT_NOT_ACTIVE, INVALID_INPUT, TITLE_TAKEN or VERSION_CLASH.',
  })
  updateScript(
    @Arg('input', () => UpdateScriptInput, { description: 'Changes to make.' }) {
      id,
      expectedVersion,
      ...edit
    }: UpdateScriptInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateScriptPayload> {
    return editPayload(async () => ({
      script: await services.scripts.edit(caller, existingId('Script', 'script', id), edit, expectedVersion),
    }));
  }

  @Mutation(() => ArchiveScriptPayload, {
    description:
      'Archives a script and its profiles permanently. Archiving an archived script changes nothing. Refused with NOT_FOUND, or with SCRIPT_NOT_ACTIVE if the script is redacted.',
  })
  archiveScript(
    @Arg('input', () => ArchiveScriptInput, { description: 'Script to archive.' }) { id }: ArchiveScriptInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ArchiveScriptPayload> {
    return payload(async () => ({
      script: await services.scripts.archive(caller, existingId('Script', 'script', id)),
    }));
  }

  @Mutation(() => RedactScriptPayload, {
    description:
      'Deletes the code of a script in every version, and archives its profiles permanently. Redacting a redacted script changes nothing. Refused with NOT_FOUND.',
  })
  redactScript(
    @Arg('input', () => RedactScriptInput, { description: 'Script to redact.' }) { id }: RedactScriptInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RedactScriptPayload> {
    return payload(async () => ({
      script: await services.scripts.redact(caller, existingId('Script', 'script', id)),
    }));
  }
}
