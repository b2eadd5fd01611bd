import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Activity } from '../domain/activity.ts';
import { notFound } from '../domain/errors.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import { scriptNotFound } from '../services/script-profiles.ts';
import { ActivitiesOfArgs, activitiesOf } from './activity.input.ts';
import { ActivityConnection, ActivityNodeType } from './activity.type.ts';
import { ComputersOfArgs } from './computer.input.ts';
import { ComputerConnection } from './computer.type.ts';
import { Connection, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import { payload } from './errors.ts';
import { databaseIdOf, existingId } from './global-id.ts';
import { nodeResolver } from './node.resolver.ts';
import { Payload } from './payload.ts';
import { SafeInt } from './scalars.ts';
import { ScriptType } from './script.type.ts';
import {
  ArchiveScriptProfileInput,
  CreateScriptProfileInput,
  ScriptProfilesArgs,
  scriptProfileFilter,
  UpdateScriptProfileInput,
} from './script-profile.input.ts';
import { ScriptProfileConnection, ScriptProfileType } from './script-profile.type.ts';
import { triggerDraft, triggerEdit } from './trigger.input.ts';
import { TriggerUnion, triggerOf } from './trigger.type.ts';

/** @throws Refusal SCRIPT_NOT_FOUND */
function scriptIdOf(id: string): number {
  const databaseId = databaseIdOf('Script', id);
  if (databaseId === 0) throw scriptNotFound(id);
  return databaseId;
}

@ObjectType({ simpleResolvers: true })
abstract class ScriptProfilePayload extends Payload {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description: 'The script profile as it is now; null when refused.',
  })
  scriptProfile?: ScriptProfile;
}

@ObjectType('CreateScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class CreateScriptProfilePayload extends ScriptProfilePayload {}

@ObjectType('UpdateScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class UpdateScriptProfilePayload extends ScriptProfilePayload {}

@ObjectType('ArchiveScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class ArchiveScriptProfilePayload extends ScriptProfilePayload {}

@Resolver(() => ScriptProfileType)
export class ScriptProfileResolver extends nodeResolver(ScriptProfileType, 'ScriptProfile') {
  @Query(() => ScriptProfileConnection, {
    nullable: true,
    description: 'The account’s script profiles; those that are not archived, the newest first, unless told.',
  })
  async scriptProfiles(
    @Args(() => ScriptProfilesArgs) args: ScriptProfilesArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, siblings } = context;
    const filter = scriptProfileFilter(args.filter);
    const listing = listingOf('ScriptProfile', args, context);
    const slice = await services.scriptProfiles.page(caller, { filter, ...listing });
    siblings.adopt(slice.rows);
    return new Connection('ScriptProfile', slice, listing.order, () =>
      services.scriptProfiles.count(caller, filter),
    );
  }

  @Query(() => ScriptProfileType, {
    nullable: true,
    description:
      'One script profile, archived or not. NOT_FOUND when there is none, or the caller may not see it.',
  })
  async scriptProfile(
    @Arg('id', () => ID, { description: 'Its global id or its number.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ScriptProfile> {
    const [profile] = await services.scriptProfiles.byIds(caller, [
      existingId('ScriptProfile', 'script profile', id),
    ]);
    if (!profile) throw notFound('script profile', id);
    return profile;
  }

  @FieldResolver(() => TriggerUnion, { description: 'When it runs.' })
  trigger(@Root() profile: ScriptProfile) {
    return triggerOf(profile);
  }

  @FieldResolver(() => ScriptType, {
    nullable: true,
    description: 'What it runs: the newest version of this script.',
  })
  script(@Root() profile: ScriptProfile, @Ctx() { services, caller, siblings }: GraphContext) {
    return siblings.follow(
      profile,
      'script',
      ({ scriptId }) => scriptId,
      (ids) => services.scripts.byIds(caller, ids),
    );
  }

  @FieldResolver(() => SafeInt, {
    description:
      'How many computers its next run would reach, as things stand. 0 for event triggers, which wait for computers one by one, and when archived.',
  })
  numAssociatedComputers(@Root() profile: ScriptProfile, @Ctx() context: GraphContext): Promise<number> {
    const { services, caller, siblings } = context;
    return siblings.complete(profile, 'numAssociatedComputers', (profiles: readonly ScriptProfile[]) =>
      services.scriptProfiles.countAssociated(caller, profiles),
    );
  }

  @FieldResolver(() => ComputerConnection, {
    description: 'The computers that its next run would reach, as things stand.',
  })
  computers(
    @Root() profile: ScriptProfile,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, siblings } = context;
    const listing = listingOf('Computer', args, context);
    return siblings.complete(
      profile,
      `computers ${JSON.stringify(args)}`,
      async (profiles: readonly ScriptProfile[]) => {
        const slices = await services.computers.pagesAssociated(caller, profiles, listing);
        siblings.adopt(slices.flatMap(({ rows }) => rows));
        return slices.map(
          (slice, index) =>
            new Connection('Computer', slice, listing.order, () =>
              this.numAssociatedComputers(profiles[index]!, context),
            ),
        );
      },
    );
  }

  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description: 'Its last run; null before the first.',
  })
  lastActivity(@Root() profile: ScriptProfile, @Ctx() { services, caller, siblings }: GraphContext) {
    return siblings.complete(profile, 'lastActivity', async (profiles: readonly ScriptProfile[]) => {
      const last = await services.activities.lastOf(
        caller,
        profiles.map(({ id }) => id),
      );
      return last.map((activity): Activity | null => activity ?? null);
    });
  }

  @FieldResolver(() => ActivityConnection, { description: 'Its runs, the newest first.' })
  activities(
    @Root() profile: ScriptProfile,
    @Args(() => ActivitiesOfArgs) args: ActivitiesOfArgs,
    @Ctx() context: GraphContext,
  ) {
    return activitiesOf(profile, 'scriptProfileId', args, context);
  }

  @Mutation(() => CreateScriptProfilePayload, {
    description:
      'Makes a script profile. Refused with INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT or COMPUTER_LIMIT.',
  })
  createScriptProfile(
    @Arg('input', () => CreateScriptProfileInput, { description: 'The new profile.' })
    input: CreateScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CreateScriptProfilePayload> {
    return payload(async () => ({
      scriptProfile: await services.scriptProfiles.create(caller, {
        ...input,
        scriptId: scriptIdOf(input.scriptId),
        trigger: triggerDraft(input.trigger),
      }),
    }));
  }

  @Mutation(() => UpdateScriptProfilePayload, {
    description:
      'Changes a script profile. Refused with NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, INVALID_CRON, TRIGGER_KIND_FIXED, TITLE_TAKEN or COMPUTER_LIMIT.',
  })
  updateScriptProfile(
    @Arg('input', () => UpdateScriptProfileInput, { description: 'What to change.' })
    input: UpdateScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateScriptProfilePayload> {
    const { id, trigger, ...edit } = input;
    return payload(async () => ({
      scriptProfile: await services.scriptProfiles.update(
        caller,
        existingId('ScriptProfile', 'script profile', id),
        {
          ...edit,
          trigger: trigger && triggerEdit(trigger),
        },
      ),
    }));
  }

  @Mutation(() => ArchiveScriptProfilePayload, {
    description:
      'Puts a script profile out of use, for good: it runs no more, and what its runs have not delivered is canceled. Its title stays taken. Archiving again changes nothing. Refused with NOT_FOUND.',
  })
  archiveScriptProfile(
    @Arg('input', () => ArchiveScriptProfileInput, { description: 'Which one.' })
    input: ArchiveScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ArchiveScriptProfilePayload> {
    return payload(async () => ({
      scriptProfile: await services.scriptProfiles.archive(
        caller,
        existingId('ScriptProfile', 'script profile', input.id),
      ),
    }));
  }
}
