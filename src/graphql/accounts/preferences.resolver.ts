import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Caller } from '../../domain/accounts/access.ts';
import type { Preferences } from '../../services/ports.ts';
import { payload } from '../common/errors.ts';
import { cacheId, cacheIdDescription } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';

@ObjectType('Preferences', {
  description: 'Title of the account, and settings for the enrolment of computers.',
  simpleResolvers: true,
})
class PreferencesType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => String, { description: 'Title of the account, for display.' })
  title!: string;

  @Field(() => Boolean, {
    description: 'Whether computers that enrol with the registration key are accepted immediately.',
  })
  autoRegisterNewComputers!: boolean;

  @Field(() => Boolean, { description: 'Whether a registration key is set. The key itself is never shown.' })
  hasRegistrationKey!: boolean;
}

@InputType('UpdatePreferencesInput', {
  description: 'New preferences. Fields that are omitted or null keep their value.',
})
class UpdatePreferencesInput {
  @Field(() => String, {
    nullable: true,
    description: 'Title of the account: 1 to 255 characters. Surrounding spaces are removed.',
  })
  title?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to accept computers that enrol with the registration key immediately.',
  })
  autoRegisterNewComputers?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Registration key for the enrolment of computers: 8 to 255 characters. An empty string removes the key.',
  })
  registrationKey?: string | null;
}

@ObjectType('UpdatePreferencesPayload', {
  description: 'Result of `updatePreferences`.',
  simpleResolvers: true,
})
class UpdatePreferencesPayload extends Payload {
  @Field(() => PreferencesType, {
    nullable: true,
    description: 'The updated preferences. Null if refused.',
  })
  preferences?: PreferencesType;
}

@Resolver()
export class PreferencesResolver {
  @Query(() => PreferencesType, {
    nullable: true,
    description: 'Title of the account, and settings for the enrolment of computers.',
  })
  async preferences(@Ctx() { services, caller }: GraphContext): Promise<PreferencesType> {
    return shown(caller, await services.preferences.get(caller));
  }

  @Mutation(() => UpdatePreferencesPayload, {
    description:
      'Sets the title of the account, and the settings for the enrolment of computers. Requires ManageAccount. Refused with INVALID_INPUT.',
  })
  updatePreferences(
    @Arg('input', () => UpdatePreferencesInput, { description: 'New preferences.' })
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
