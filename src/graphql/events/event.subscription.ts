import { Arg, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { EventFeedEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import type { GraphContext } from '../context.ts';
import { eventOf, type Subscribing } from '../subscriptions.ts';
import { EventFilterInput, eventFilter } from './event.input.ts';
import { EventType } from './event.type.ts';

@ObjectType('EventFeedEvent', { description: 'New events of the event log.', simpleResolvers: true })
class EventFeedEventType {
  @Field(() => [EventType], {
    description:
      'Events since the last message, oldest first. If `isSnapshot`, the newest 50 events, newest first.',
  })
  events!: readonly object[];

  @Field(() => Boolean, {
    description:
      'Whether the message is a snapshot of the newest events, which replaces all events received before. Sent at the start, and after events may have been lost.',
  })
  isSnapshot!: boolean;
}

@Resolver()
export class EventSubscriptions {
  @Subscription(() => EventFeedEventType, {
    description:
      'New events of the event log. The first message contains the newest events, so a subscriber that reconnects misses nothing. At most four messages a second follow. To poll instead, use `events`. Requires ViewEventLog.',
    subscribe: ({ args, context }: Subscribing<{ filter?: EventFilterInput | null }>) =>
      context.services.live.events(context.caller, eventFilter(args.filter), context.giveUp),
  })
  eventAdded(
    @Root() delivery: Delivery<EventFeedEvent>,
    @Arg('filter', () => EventFilterInput, {
      nullable: true,
      description: 'Filter of the events. Defaults to all events.',
    })
    _filter: EventFilterInput | null,
    @Ctx() { pageLoader }: GraphContext,
  ): EventFeedEvent {
    const event = eventOf(delivery);
    pageLoader.register(event.events);
    return event;
  }
}
