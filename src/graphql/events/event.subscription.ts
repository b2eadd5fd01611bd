import { Arg, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { EventFeedEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import type { GraphContext } from '../context.ts';
import { eventOf, type Subscribing } from '../subscriptions.ts';
import { EventFilterInput, eventFilter } from './event.input.ts';
import { EventType } from './event.type.ts';

@ObjectType('EventFeedEvent', { description: 'News of the event log.', simpleResolvers: true })
class EventFeedEventType {
  @Field(() => [EventType], {
    description:
      'Events that were entered since the last one, the oldest first; the newest 50 events, the newest first, when `isSnapshot`.',
  })
  events!: readonly object[];

  @Field(() => Boolean, {
    description:
      'Whether these are the newest events, and not news: at the beginning, and after news may have been missed. They replace what is shown.',
  })
  isSnapshot!: boolean;
}

@Resolver()
export class EventSubscriptions {
  @Subscription(() => EventFeedEventType, {
    description:
      'The account’s event log as it grows. The first event has the newest of it, so whoever connects again has missed nothing; then at most four come a second. `events` looks the same up. Requires ViewEventLog.',
    subscribe: ({ args, context }: Subscribing<{ filter?: EventFilterInput | null }>) =>
      context.services.live.events(context.caller, eventFilter(args.filter), context.giveUp),
  })
  eventAdded(
    @Root() told: Delivery<EventFeedEvent>,
    @Arg('filter', () => EventFilterInput, {
      nullable: true,
      description: 'Only events that match it. Defaults to all.',
    })
    _filter: EventFilterInput | null,
    @Ctx() { pageLoader }: GraphContext,
  ): EventFeedEvent {
    const event = eventOf(told);
    pageLoader.register(event.events);
    return event;
  }
}
