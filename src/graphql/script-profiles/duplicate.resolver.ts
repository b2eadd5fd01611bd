import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import type { GraphContext } from '../context.ts';
import { TriggerInput, triggerDraft } from '../schedule/trigger.input.ts';
import { ScriptProfilePayload } from './script-profile.payload.ts';

@InputType('DuplicateScriptProfileInput', { description: 'Script profile to duplicate.' })
class DuplicateScriptProfileInput {
  @Field(() => ID, { description: 'Global id or number of the script profile to copy. It may be archived.' })
  id!: string;

  @Field(() => String, {
    description:
      'Title of the new script profile: 1 to 255 characters. Surrounding spaces are removed. Refused with TITLE_TAKEN if another script profile of the account has it, even an archived one.',
  })
  title!: string;

  @Field(() => TriggerInput, {
    nullable: true,
    description:
      'Trigger of the new script profile, of any kind. Defaults to the trigger of the copied profile. Required if that is a time in the past.',
  })
  trigger?: TriggerInput | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('DuplicateScriptProfilePayload', {
  description: 'Result of `duplicateScriptProfile`.',
  simpleResolvers: true,
})
class DuplicateScriptProfilePayload extends ScriptProfilePayload {}

@Resolver()
export class DuplicateResolver {
  @Mutation(() => DuplicateScriptProfilePayload, {
    description:
      'Creates a copy of a script profile, with the same script, computers, user, time limit, overlap policy and delivery limit. The copy is not paused and has no runs. Refused with NOT_FOUND, INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT or IDEMPOTENCY_KEY_REUSED.',
  })
  duplicateScriptProfile(
    @Arg('input', () => DuplicateScriptProfileInput, { description: 'Script profile to duplicate.' })
    { id, title, trigger, idempotencyKey }: DuplicateScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DuplicateScriptProfilePayload> {
    return payload(async () => ({
      scriptProfile: await services.scriptProfiles.duplicate(
        caller,
        existingId('ScriptProfile', 'script profile', id),
        { title, trigger: trigger && triggerDraft(trigger) },
        idempotencyKey,
      ),
    }));
  }
}
