import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import type { GraphContext } from '../context.ts';
import { TriggerInput, triggerDraft } from '../schedule/trigger.input.ts';
import { ScriptProfilePayload } from './script-profile.payload.ts';

@InputType('DuplicateScriptProfileInput', { description: 'A script profile to make once more.' })
class DuplicateScriptProfileInput {
  @Field(() => ID, { description: 'The profile to copy, archived or not, by its global id or its number.' })
  id!: string;

  @Field(() => String, {
    description:
      'Of the new one. Trimmed; 1 to 255 characters, unique among the account’s script profiles, archived ones included (TITLE_TAKEN).',
  })
  title!: string;

  @Field(() => TriggerInput, {
    nullable: true,
    description:
      'When the new one runs, of any kind; as the copied one, unless told. Needed where that is a time that has passed.',
  })
  trigger?: TriggerInput | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('DuplicateScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class DuplicateScriptProfilePayload extends ScriptProfilePayload {}

@Resolver()
export class DuplicateResolver {
  @Mutation(() => DuplicateScriptProfilePayload, {
    description:
      'Makes a script profile like another one, which may be archived: the same script, computers, user, time limit, overlap policy and time to be delivered. The new one is not paused, and has no runs. Refused with NOT_FOUND, INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT or IDEMPOTENCY_KEY_REUSED.',
  })
  duplicateScriptProfile(
    @Arg('input', () => DuplicateScriptProfileInput, { description: 'Which one, and what is new.' })
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
