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
import type { Activity, ActivityStatus } from '../../domain/activities/activity.ts';
import {
  type ScriptProfile,
  type ScriptProfileState,
  stateOf,
} from '../../domain/script-profiles/script-profile.ts';
import type { ScriptProfileWithExtras } from '../../services/script-profiles/script-profile-ports.ts';
import { ActivitiesArgs, activitiesOf } from '../activities/activity.input.ts';
import { ActivityConnection, ActivityNodeType, ActivityStatusEnum } from '../activities/activity.type.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { SafeInt } from '../common/scalars.ts';
import { ComputersOfArgs } from '../computers/computer.input.ts';
import { ComputerConnection } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { fieldsOn } from '../execution/look-ahead.ts';
import { type MaybePromise, thenMaybe } from '../execution/maybe-promise.ts';
import { TriggerUnion, triggerOf } from '../schedule/trigger.type.ts';
import { ScriptType } from '../scripts/script.type.ts';
import {
  associated,
  lastActivityOf,
  projection,
  statusOfLast,
  withRequestedExtras,
} from './script-profile.extras.ts';
import {
  ArchiveScriptProfileInput,
  CreateScriptProfileInput,
  draftOf,
  editOf,
  UpdateScriptProfileInput,
} from './script-profile.input.ts';
import { ScriptProfilePayload, VersionedPayload, versionedPayload } from './script-profile.payload.ts';
import { ScriptProfileConnection, ScriptProfileStateEnum, ScriptProfileType } from './script-profile.type.ts';
import { ScriptProfilesArgs, scriptProfileFilter } from './script-profile-filter.input.ts';

@ObjectType('CreateScriptProfilePayload', {
  description: 'Result of `createScriptProfile`.',
  simpleResolvers: true,
})
class CreateScriptProfilePayload extends ScriptProfilePayload {}

@ObjectType('UpdateScriptProfilePayload', {
  description: 'Result of `updateScriptProfile`.',
  simpleResolvers: true,
})
class UpdateScriptProfilePayload extends VersionedPayload {}

@ObjectType('ArchiveScriptProfilePayload', {
  description: 'Result of `archiveScriptProfile`.',
  simpleResolvers: true,
})
class ArchiveScriptProfilePayload extends VersionedPayload {}

@Resolver(() => ScriptProfileType)
export class ScriptProfileResolver extends nodeResolver(ScriptProfileType, 'ScriptProfile') {
  @Query(() => ScriptProfileConnection, {
    nullable: true,
    description: 'Script profiles of the account. Defaults to profiles that are not archived, newest first.',
  })
  async scriptProfiles(
    @Args(() => ScriptProfilesArgs) args: ScriptProfilesArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { services, caller, pageLoader } = context;
    const filter = scriptProfileFilter(args.filter);
    const listing = listingOf('ScriptProfile', args, context);
    const { columns, ...along } = projection(info, [['nodes'], ['edges', 'node']]);
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
    pageLoader.register(slice.rows);
    pageLoader.register(slice.rows.flatMap(({ lastActivity }) => lastActivity ?? []));
    return new Connection('ScriptProfile', slice, listing.order, () => slice.total!);
  }

  @Query(() => ScriptProfileType, {
    nullable: true,
    description:
      'One script profile, archived or not. NOT_FOUND if it does not exist or the caller may not see it.',
  })
  async scriptProfile(
    @Arg('id', () => ID, { description: 'Global id or number of the script profile.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ScriptProfile> {
    const number = existingId('ScriptProfile', 'script profile', id);
    return services.scriptProfiles.one(caller, number, projection(info, [[]]));
  }

  @ReadsColumns<ScriptProfile>(['trigger', 'nextRun', 'lastRun'], triggerOf)
  @FieldResolver(() => TriggerUnion, { description: 'Trigger, which determines when it runs.' })
  trigger(@Root() profile: ScriptProfile) {
    return triggerOf(profile);
  }

  @ReadsColumns<ScriptProfile>(['archived', 'pausedAt', 'trigger'], stateOf)
  @FieldResolver(() => ScriptProfileStateEnum)
  state(@Root() profile: ScriptProfile): ScriptProfileState {
    return stateOf(profile);
  }

  @ReadsColumns<ScriptProfileWithExtras>([], statusOfLast)
  @FieldResolver(() => ActivityStatusEnum, { nullable: true })
  lastRunStatus(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<ActivityStatus | null> {
    return thenMaybe(lastActivityOf(profile, context), (last) => last?.status ?? null);
  }

  @ReadsColumns<ScriptProfile>(['scriptId'])
  @FieldResolver(() => ScriptType, {
    nullable: true,
    description:
      'Script that it runs, always in its newest version. Null if the caller may not see the script (ViewScript).',
  })
  script(@Root() profile: ScriptProfile, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      profile,
      'script',
      ({ scriptId }) => scriptId,
      (ids) => services.scripts.byIds(caller, ids),
    );
  }

  @ReadsColumns<ScriptProfileWithExtras>([], ({ reached }) => reached?.all)
  @FieldResolver(() => SafeInt, {
    description:
      'Number of computers that its next run would reach, including computers that the caller may not see. 0 for an event trigger, and if the profile is archived.',
  })
  numAssociatedComputers(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<number> {
    return thenMaybe(associated(profile, context), ({ all }) => all);
  }

  @FieldResolver(() => ComputerConnection, {
    description: 'Computers that its next run would reach and that the caller may see (ViewComputer).',
  })
  computers(
    @Root() profile: ScriptProfile,
    @Args(() => ComputersOfArgs) args: ComputersOfArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('Computer', args, context);
    return pageLoader.load(
      profile,
      `computers ${JSON.stringify(args)}`,
      async (profiles: readonly ScriptProfile[]) => {
        const slices = await services.computers.pagesAssociated(caller, profiles, listing);
        pageLoader.register(slices.flatMap(({ rows }) => rows));
        return slices.map(
          (slice, index) =>
            new Connection('Computer', slice, listing.order, () =>
              thenMaybe(associated(profiles[index]!, context), ({ seen }) => seen),
            ),
        );
      },
    );
  }

  @ReadsColumns<ScriptProfileWithExtras>([], ({ lastActivity }) => lastActivity)
  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description: 'Last run. Null before the first run, and if the run was deleted after its retention time.',
  })
  lastActivity(
    @Root() profile: ScriptProfileWithExtras,
    @Ctx() context: GraphContext,
  ): MaybePromise<Activity | null> {
    return lastActivityOf(profile, context);
  }

  @ReadsColumns<ScriptProfile>(['id'])
  @FieldResolver(() => ActivityConnection, { description: 'Runs. Defaults to newest first.' })
  activities(
    @Root() profile: ScriptProfile,
    @Args(() => ActivitiesArgs) args: ActivitiesArgs,
    @Ctx() context: GraphContext,
  ) {
    return activitiesOf(profile, 'scriptProfileId', args, context);
  }

  @Mutation(() => CreateScriptProfilePayload, {
    description:
      'Creates a script profile. Refused with INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE, TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT or IDEMPOTENCY_KEY_REUSED.',
  })
  createScriptProfile(
    @Arg('input', () => CreateScriptProfileInput, { description: 'Script profile to create.' })
    input: CreateScriptProfileInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateScriptProfilePayload> {
    const { services, caller } = context;
    const { idempotencyKey, ...draft } = input;
    const done = payload(async () => ({
      scriptProfile: await services.scriptProfiles.create(caller, draftOf(draft), idempotencyKey),
    }));
    return withRequestedExtras(done, context, info);
  }

  @Mutation(() => UpdateScriptProfilePayload, {
    description:
      'Changes a script profile. Refused with NOT_FOUND, PROFILE_ARCHIVED, INVALID_INPUT, INVALID_CRON, TRIGGER_KIND_FIXED, TITLE_TAKEN, COMPUTER_LIMIT or VERSION_CLASH.',
  })
  updateScriptProfile(
    @Arg('input', () => UpdateScriptProfileInput, { description: 'Changes to make.' })
    input: UpdateScriptProfileInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UpdateScriptProfilePayload> {
    const { services, caller } = context;
    const done = versionedPayload(async () => {
      const { id, edit, expectedVersion } = editOf(input);
      return services.scriptProfiles.update(caller, id, edit, expectedVersion);
    });
    return withRequestedExtras(done, context, info);
  }

  @Mutation(() => ArchiveScriptProfilePayload, {
    description:
      'Archives a script profile permanently. It no longer runs, and its undelivered executions are canceled. Its title stays reserved. Archiving an archived profile changes nothing. Refused with NOT_FOUND or VERSION_CLASH.',
  })
  archiveScriptProfile(
    @Arg('input', () => ArchiveScriptProfileInput, { description: 'Script profile to archive.' })
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
