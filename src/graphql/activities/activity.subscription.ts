import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { ActivityFeedEvent, RunProgressEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import { existingId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { eventOf, type Subscribing } from '../subscriptions.ts';
import { ActivityFilterInput, activityFilter } from './activity.input.ts';
import { ActivityNodeType } from './activity.type.ts';

@ObjectType('RunProgressEvent', { description: 'How far a run is.', simpleResolvers: true })
class RunProgressEventType {
  @Field(() => ActivityNodeType, {
    description: 'The run as it is now: its status, its counts, and its completion time once it is over.',
  })
  activity!: object;
}

@ObjectType('ActivityFeedEvent', { description: 'News of the account’s runs.', simpleResolvers: true })
class ActivityFeedEventType {
  @Field(() => [ActivityNodeType], {
    description:
      'Runs that began or ended since the last event, as they are now; the account’s newest 50 runs, the newest first, when `isSnapshot`.',
  })
  activities!: readonly object[];

  @Field(() => Boolean, {
    description:
      'Whether these are the newest runs, and not news: at the beginning, and after news may have been missed. They replace what is shown.',
  })
  isSnapshot!: boolean;
}

@Resolver()
export class ActivitySubscriptions {
  @Subscription(() => RunProgressEventType, {
    description:
      'A run’s progress, until it is over. The first event says how it is; then at most four a second come, however many computers report, and always the last. A computer that was canceled may still report after it. `activity(id:)` looks the same up. NOT_FOUND when there is no such run.',
    subscribe: ({ args, context }: Subscribing<{ activityId: string }>) =>
      context.services.live.runProgress(
        context.caller,
        existingId('Activity', 'run', args.activityId, 'activityId'),
        context.giveUp,
      ),
  })
  runProgress(
    @Root() told: Delivery<RunProgressEvent>,
    @Arg('activityId', () => ID, { description: 'The run, by its parent activity’s global id or number.' })
    _activityId: string,
    @Ctx() { pageLoader }: GraphContext,
  ): RunProgressEvent {
    const event = eventOf(told);
    pageLoader.register([event.activity]);
    return event;
  }

  @Subscription(() => ActivityFeedEventType, {
    description:
      'The account’s runs as they begin and end. The first event has the newest runs, so whoever connects again has missed nothing; then at most four come a second. `activities(filter: {types: ACTIVITY_GROUP})` looks the same up.',
    subscribe: ({ args, context }: Subscribing<{ filter?: ActivityFilterInput | null }>) =>
      context.services.live.activityFeed(context.caller, activityFilter(args.filter ?? {}), context.giveUp),
  })
  activityFeed(
    @Root() told: Delivery<ActivityFeedEvent>,
    @Arg('filter', () => ActivityFilterInput, {
      nullable: true,
      description:
        'Only runs that match it when they begin or end. Parts of runs are not in the feed. Defaults to all runs.',
    })
    _filter: ActivityFilterInput | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ActivityFeedEvent {
    const event = eventOf(told);
    pageLoader.register(event.activities);
    return event;
  }
}
