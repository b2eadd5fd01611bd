import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Caller } from '../../domain/accounts/access.ts';
import type { Preferences } from '../../services/ports.ts';
import { payload } from '../common/errors.ts';
import { cacheId, cacheIdDescription } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';

@ObjectType('Preferences', {
  description: 'The account’s name, and how computers join it.',
  simpleResolvers: true,
})
class PreferencesType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => String, { description: 'The account’s name for people.' })
  title!: string;

  @Field(() => Boolean, {
    description: 'Whether a computer that enrols with the right registration key is accepted at once.',
  })
  autoRegisterNewComputers!: boolean;

  @Field(() => Boolean, { description: 'Whether there is a registration key; it is not shown to anybody.' })
  hasRegistrationKey!: boolean;
}

@InputType('UpdatePreferencesInput', { description: 'New preferences; what is left out, or null, stays.' })
class UpdatePreferencesInput {
  @Field(() => String, {
    nullable: true,
    description: 'The account’s name for people: trimmed; 1 to 255 characters.',
  })
  title?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to accept computers with the registration key at once.',
  })
  autoRegisterNewComputers?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key with which computers may enrol: 8 to 255 characters; empty takes it away.',
  })
  registrationKey?: string | null;
}

@ObjectType('UpdatePreferencesPayload', { description: 'What became of it.', simpleResolvers: true })
class UpdatePreferencesPayload extends Payload {
  @Field(() => PreferencesType, {
    nullable: true,
    description: 'The preferences from now on; null when refused.',
  })
  preferences?: PreferencesType;
}

@Resolver()
export class PreferencesResolver {
  @Query(() => PreferencesType, {
    nullable: true,
    description: 'The account’s name, and how computers join it.',
  })
  async preferences(@Ctx() { services, caller }: GraphContext): Promise<PreferencesType> {
    return shown(caller, await services.preferences.get(caller));
  }

  @Mutation(() => UpdatePreferencesPayload, {
    description: 'Sets the account’s name, and how computers join it. Refused with INVALID_INPUT.',
  })
  updatePreferences(
    @Arg('input', () => UpdatePreferencesInput, { description: 'The new preferences.' })
    input: UpdatePreferencesInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdatePreferencesPayload> {
    return payload(async () => ({
      preferences: shown(caller, await services.preferences.update(caller, input)),
    }));
  }
}

const shown = (
  { accountId }: Caller,
  { title, autoRegisterNewComputers, registrationKeyHash }: Preferences,
): PreferencesType => ({
  id: cacheId('Preferences', accountId),
  title,
  autoRegisterNewComputers,
  hasRegistrationKey: registrationKeyHash !== null,
});
