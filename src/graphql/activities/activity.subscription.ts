import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { ActivityFeedEvent, RunProgressEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import { existingId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { eventOf, type Subscribing } from '../subscriptions.ts';
import { ActivityFilterInput, activityFilter } from './activity.input.ts';
import { ActivityNodeType } from './activity.type.ts';

@ObjectType('RunProgressEvent', { description: 'Progress of a run.', simpleResolvers: true })
class RunProgressEventType {
  @Field(() => ActivityNodeType, {
    description: 'The run in its current state.',
  })
  activity!: object;
}

@ObjectType('ActivityFeedEvent', {
  description: 'Runs of the account that started or ended.',
  simpleResolvers: true,
})
class ActivityFeedEventType {
  @Field(() => [ActivityNodeType], {
    description:
      'Runs that started or ended since the last event, in their current state. If `isSnapshot`, the newest 50 runs of the account, newest first.',
  })
  activities!: readonly object[];

  @Field(() => Boolean, {
    description:
      'Whether the event is a snapshot of the newest runs, which replaces all runs received before. Sent at the start, and after events may have been lost.',
  })
  isSnapshot!: boolean;
}

@Resolver()
export class ActivitySubscriptions {
  @Subscription(() => RunProgressEventType, {
    description:
      'Progress of a run until it ends. The first event shows the current state. At most four events a second follow, and the final state is always sent. A computer whose execution was canceled may still report later. NOT_FOUND if the run does not exist or the caller may not see it. To poll instead, use `activity(id:)`.',
    subscribe: ({ args, context }: Subscribing<{ activityId: string }>) =>
      context.services.live.runProgress(
        context.caller,
        existingId('Activity', 'run', args.activityId, 'activityId'),
        context.giveUp,
      ),
  })
  runProgress(
    @Root() delivery: Delivery<RunProgressEvent>,
    @Arg('activityId', () => ID, { description: 'Global id or number of the run.' })
    _activityId: string,
    @Ctx() { pageLoader }: GraphContext,
  ): RunProgressEvent {
    const event = eventOf(delivery);
    pageLoader.register([event.activity]);
    return event;
  }

  @Subscription(() => ActivityFeedEventType, {
    description:
      'Runs of the account as they start and end. The first event contains the newest runs, so a subscriber that reconnects misses nothing. At most four events a second follow. To poll instead, use `activities(filter: {types: ACTIVITY_GROUP})`.',
    subscribe: ({ args, context }: Subscribing<{ filter?: ActivityFilterInput | null }>) =>
      context.services.live.activityFeed(context.caller, activityFilter(args.filter ?? {}), context.giveUp),
  })
  activityFeed(
    @Root() delivery: Delivery<ActivityFeedEvent>,
    @Arg('filter', () => ActivityFilterInput, {
      nullable: true,
      description:
        'Filter of the runs, applied when they start and end. The feed has no executions. Defaults to all runs.',
    })
    _filter: ActivityFilterInput | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ActivityFeedEvent {
    const event = eventOf(delivery);
    pageLoader.register(event.activities);
    return event;
  }
}
