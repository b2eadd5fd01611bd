import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import { notFound } from '../../domain/errors.ts';
import { Connection, endingEarly, listingOf } from '../common/connection.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { Payload } from '../common/payload.ts';
import { ComputerType } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { ScriptVersionType } from '../scripts/script-version.type.ts';
import { ActivitiesArgs, activitiesOf, activityFilter } from './activity.input.ts';
import { ActivityConnection, ActivityNodeType } from './activity.type.ts';

@InputType('CancelActivitiesInput', { description: 'Query for the activities to cancel.' })
class CancelActivitiesInput {
  @Field(() => String, {
    description:
      'Search query as in `activities(filter: { query })`, with at least one term. It may match at most 1,000 activities, and none that has ended.',
  })
  query!: string;
}

@ObjectType('CancelActivitiesPayload', {
  description: 'Result of `cancelActivities`.',
  simpleResolvers: true,
})
class CancelActivitiesPayload extends Payload {
  @Field(() => [ActivityNodeType], {
    nullable: true,
    description: 'The activities after the cancellation, oldest first. Null if refused.',
  })
  activities?: readonly Activity[];
}

@Resolver(() => ActivityNodeType)
export class ActivityResolver extends nodeResolver(ActivityNodeType, 'Activity') {
  @Query(() => ActivityConnection, {
    nullable: true,
    description: 'Activities of the account: runs and their executions. Defaults to newest first.',
  })
  async activities(@Args(() => ActivitiesArgs) args: ActivitiesArgs, @Ctx() context: GraphContext) {
    const { services, caller, pageLoader } = context;
    const filter = activityFilter(args.filter ?? {});
    const listing = listingOf('Activity', args, context);
    const whole = await services.activities.page(caller, { filter, ...listing });
    const slice = endingEarly(whole, ({ resultTextLength }) => resultTextLength, context);
    pageLoader.register(slice.rows);
    return new Connection('Activity', slice, listing.order, () => services.activities.count(caller, filter));
  }

  @Query(() => ActivityNodeType, {
    nullable: true,
    description: 'One activity. NOT_FOUND if it does not exist or the caller may not see it.',
  })
  async activity(
    @Arg('id', () => ID, { description: 'Global id or number of the activity.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<Activity> {
    const [activity] = await services.activities.byIds(caller, [databaseIdOf('Activity', id)]);
    if (!activity) throw notFound('activity', id);
    return activity;
  }

  @ReadsColumns<Activity>(['parentId'], ({ parentId }) => (parentId === null ? null : undefined))
  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description: 'Run to which the execution belongs. Null for a run.',
  })
  parent(@Root() activity: Activity, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      activity,
      'parent',
      ({ parentId }) => parentId,
      (ids) => services.activities.byIds(caller, ids),
    );
  }

  @FieldResolver(() => ActivityConnection, {
    description: 'Executions of the run, one for each computer. Empty for an execution.',
  })
  children(
    @Root() activity: Activity,
    @Args(() => ActivitiesArgs) args: ActivitiesArgs,
    @Ctx() context: GraphContext,
  ) {
    return activitiesOf(activity, 'parentId', args, context);
  }

  @ReadsColumns<Activity>(['scriptProfileId'])
  @FieldResolver(() => ScriptProfileType, {
    nullable: true,
    description:
      'Script profile of the run. Null for an execution, and for a run of a script without a profile.',
  })
  scriptProfile(@Root() activity: Activity, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      activity,
      'scriptProfile',
      ({ scriptProfileId }) => scriptProfileId,
      (ids) => services.scriptProfiles.byIds(caller, ids),
    );
  }

  @ReadsColumns<Activity>(['id', 'parentId'])
  @FieldResolver(() => ScriptVersionType, {
    nullable: true,
    description:
      'Version of the script that was delivered to the computer. Null for a run, before delivery, and if the caller may not see the script (ViewScript).',
  })
  scriptVersion(@Root() activity: Activity, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(activity, 'scriptVersion', async (activities: readonly Activity[]) => {
      const versions = await services.scripts.versionsOfExecutions(
        caller,
        activities.map(({ id }) => id),
      );
      return versions.map((version) => version ?? null);
    });
  }

  @ReadsColumns<Activity>(['computerId'])
  @FieldResolver(() => ComputerType, {
    nullable: true,
    description: 'Computer of the execution. Null for a run, and if the computer was removed.',
  })
  computer(@Root() activity: Activity, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      activity,
      'computer',
      ({ computerId }) => computerId,
      (ids) => services.computers.byIds(caller, ids),
    );
  }

  @Mutation(() => CancelActivitiesPayload, {
    description:
      'Cancels runs and executions as `cancelActivity` does, either all or none. Refused with INVALID_INPUT, which names the activities that have ended.',
  })
  cancelActivities(
    @Arg('input', () => CancelActivitiesInput, { description: 'Query for the activities to cancel.' }) {
      query,
    }: CancelActivitiesInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<CancelActivitiesPayload> {
    return payload(async () => {
      const activities = await services.activities.cancelAll(caller, query);
      pageLoader.register(activities);
      return { activities };
    });
  }
}
