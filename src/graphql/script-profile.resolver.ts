import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Info,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Activity, ActivityStatus } from '../domain/activity.ts';
import { type ScriptProfile, type ScriptProfileState, stateOf } from '../domain/script-profile.ts';
import type { ScriptProfileWithExtras } from '../services/script-profile-ports.ts';
import { ActivitiesArgs, activitiesOf } from './activity.input.ts';
import { ActivityConnection, ActivityNodeType, ActivityStatusEnum } from './activity.type.ts';
import { ComputersOfArgs } from './computer.input.ts';
import { ComputerConnection } from './computer.type.ts';
import { Connection, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import { payload } from './errors.ts';
import { FromRow } from './from-row.ts';
import { existingId } from './global-id.ts';
import { fieldsOn } from './look-ahead.ts';
import { after, type MaybePromise } from './maybe-promise.ts';
import { nodeResolver } from './node.resolver.ts';
import { SafeInt } from './scalars.ts';
import { ScriptType } from './script.type.ts';
import {
  askedOn,
  associated,
  fetchingExtras,
  lastActivityOf,
  statusOfLast,
} from './script-profile.extras.ts';
import {
  ArchiveScriptProfileInput,
  CreateScriptProfileInput,
  draftOf,
  editOf,
  ScriptProfilesArgs,
  scriptProfileFilter,
  UpdateScriptProfileInput,
} from './script-profile.input.ts';
import { ScriptProfilePayload, VersionedPayload, versionedPayload } from './script-profile.payload.ts';
import { ScriptProfileConnection, ScriptProfileStateEnum, ScriptProfileType } from './script-profile.type.ts';
import { TriggerUnion, triggerOf } from './trigger.type.ts';

@ObjectType('CreateScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class CreateScriptProfilePayload extends ScriptProfilePayload {}

@ObjectType('UpdateScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class UpdateScriptProfilePayload extends VersionedPayload {}

@ObjectType('ArchiveScriptProfilePayload', { description: 'What became of it.', simpleResolvers: true })
class ArchiveScriptProfilePayload extends VersionedPayload {}

@Resolver(() => ScriptProfileType)
export class ScriptProfileResolver extends nodeResolver(ScriptProfileType, 'ScriptProfile') {
  @Query(() => ScriptProfileConnection, {
    nullable: true,
    description: 'Script profiles of the account. Defaults to those that are not archived, the newest first.',
  })
  async scriptProfiles(
    @Args(() => ScriptProfilesArgs) args: ScriptProfilesArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { services, caller, siblings } = context;
    const filter = scriptProfileFilter(args.filter);
    const listing = listingOf('ScriptProfile', args, context);
    const { columns, ...along } = askedOn(info, [['nodes'], ['edges', 'node']]);
    const fields = fieldsOn(info, [[]]);
    const isKeyed = fields.has('edges') || fields.has('pageInfo');
    const slice = await services.scriptProfiles.page(
      caller,
      { filter, ...listing },
      {
        ...along,
        columns: columns && isKeyed ? { ...columns, sortKey: true } : columns,
        ...(fields.has('totalCount') && { total: true }),
      },
    );
    siblings.adopt(slice.rows);
    siblings.adopt(slice.rows.flatMap(({ lastActivity }) => lastActivity ?? []));
    return new Connection('ScriptProfile', slice, listing.order, () => slice.total!);
  }

  @Query(() => ScriptProfileType, {
    nullable: true,
    description:
      'One script profile, archived or not. NOT_FOUND when there is none, or the caller may not see it.',
  })
  async scriptProfile(
    @Arg('id', () => ID, { description: 'Its global id or its number.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ScriptProfile> {
    const number = existingId('ScriptProfile', 'script profile', id);
    return services.scriptProfiles.one(caller, number, askedOn(info, [[]]));
  }

  @FromRow<ScriptProfile>(['trigger', 'nextRun', 'lastRun'], triggerOf)
  @FieldResolver(() => TriggerUnion, { description: 'When it runs.' })
  trigger(@Root() profile: ScriptProfile) {
    return triggerOf(profile);
  }

  @FromRow<ScriptProfile>(['archived', 'pausedAt', 'trigger'], stateOf)
  @FieldResolver(() => ScriptProfileStateEnum)
  state(@Root() profile: ScriptProfile): ScriptProfileState {
    return stateOf(profile);
  }

  @FromRow<ScriptProfileWithExtras>([], statusOfLast)
  @FieldResolver(() => ActivityStatusEnum, { nullable: true })
  lastRunStatus(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<ActivityStatus | null> {
    return after(lastActivityOf(profile, context), (last) => last?.status ?? null);
  }

  @FromRow<ScriptProfile>(['scriptId'])
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

  @FromRow<ScriptProfileWithExtras>([], ({ reached }) => reached?.all)
  @FieldResolver(() => SafeInt, {
    description:
      'How many computers its next run would reach, as things stand: all of them, also those that the caller may not see. 0 for event triggers, which wait for computers one by one, and when archived.',
  })
  numAssociatedComputers(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<number> {
    return after(associated(profile, context), ({ all }) => all);
  }

  @FieldResolver(() => ComputerConnection, {
    description:
      'The computers that its next run would reach, as things stand, as far as the caller may see them (ViewComputer); `totalCount` counts those.',
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
              after(associated(profiles[index]!, context), ({ seen }) => seen),
            ),
        );
      },
    );
  }

  @FromRow<ScriptProfileWithExtras>([], ({ lastActivity }) => lastActivity)
  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description: 'Its last run; null before the first.',
  })
  lastActivity(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<Activity | null> {
    return lastActivityOf(profile, context);
  }

  @FromRow<ScriptProfile>(['id'])
  @FieldResolver(() => ActivityConnection, { description: 'Its runs, the newest first.' })
  activities(
    @Root() profile: ScriptProfile,
    @Args(() => ActivitiesArgs) args: ActivitiesArgs,
    @Ctx() context: GraphContext,
  ) {
    return activitiesOf(profile, 'scriptProfileId', args, context);
  }

  @Mutation(() => CreateScriptProfilePayload, {
    description:
      'Makes a script profile. Refused with INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT or IDEMPOTENCY_KEY_REUSED.',
  })
  createScriptProfile(
    @Arg('input', () => CreateScriptProfileInput, { description: 'The new profile.' })
    input: CreateScriptProfileInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateScriptProfilePayload> {
    const { services, caller } = context;
    const { idempotencyKey, ...draft } = input;
    const done = payload(async () => ({
      scriptProfile: await services.scriptProfiles.create(caller, draftOf(draft), idempotencyKey),
    }));
    return fetchingExtras(done, context, info);
  }

  @Mutation(() => UpdateScriptProfilePayload, {
    description:
      'Changes a script profile. Refused with NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, INVALID_CRON, TRIGGER_KIND_FIXED, TITLE_TAKEN, COMPUTER_LIMIT or VERSION_CLASH.',
  })
  updateScriptProfile(
    @Arg('input', () => UpdateScriptProfileInput, { description: 'What to change.' })
    input: UpdateScriptProfileInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UpdateScriptProfilePayload> {
    const { services, caller } = context;
    const done = versionedPayload(async () => {
      const { id, edit, expectedVersion } = editOf(input);
      return services.scriptProfiles.update(caller, id, edit, expectedVersion);
    });
    return fetchingExtras(done, context, info);
  }

  @Mutation(() => ArchiveScriptProfilePayload, {
    description:
      'Puts a script profile out of use, for good: it runs no more, and what its runs have not delivered is canceled. Its title stays taken. Archiving again changes nothing. Refused with NOT_FOUND or VERSION_CLASH.',
  })
  archiveScriptProfile(
    @Arg('input', () => ArchiveScriptProfileInput, { description: 'Which one.' })
    input: ArchiveScriptProfileInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ArchiveScriptProfilePayload> {
    return versionedPayload(() =>
      services.scriptProfiles.archive(
        caller,
        existingId('ScriptProfile', 'script profile', input.id),
        input.expectedVersion,
      ),
    );
  }
}
