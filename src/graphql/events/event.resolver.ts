import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Changes, EventHead } from '../../domain/event.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { longTexts, weightOf } from '../execution/long-texts.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { EventsArgs, eventFilter } from './event.input.ts';
import { EventChangeType, EventConnection, EventType } from './event.type.ts';

/**
 * Bytes of the changes to a profile with a thousand tags, both values included. Most events have a few hundred bytes.
 */
const CHANGES_WEIGHED = 512 * 1024;

@Resolver(() => EventType)
export class EventResolver extends nodeResolver(EventType, 'Event') {
  @Query(() => EventConnection, {
    nullable: true,
    description: 'Event log of the account. Defaults to newest first. Requires ViewEventLog.',
  })
  async events(@Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    const { services, caller, pageLoader } = context;
    const filter = eventFilter(args.filter);
    const listing = listingOf('Event', args, context);
    const slice = await services.events.page(caller, { filter, ...listing });
    pageLoader.register(slice.rows);
    return new Connection('Event', slice, listing.order, () => services.events.count(caller, filter));
  }

  @FieldResolver(() => String, { nullable: true })
  entityType(@Root() { entity }: EventHead): string | null {
    return entity?.type ?? null;
  }

  @FieldResolver(() => SafeInt, { nullable: true })
  entityId(@Root() { entity }: EventHead): number | null {
    return entity?.id ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  entityTitle(@Root() { entity }: EventHead): string | null {
    return entity?.title ?? null;
  }

  @FieldResolver(() => [EventChangeType], { complexity: 1 + weightOf(CHANGES_WEIGHED) })
  changes(@Root() event: EventHead, @Ctx() context: GraphContext): MaybePromise<EventChangeType[]> {
    const { services, caller, pageLoader } = context;
    return pageLoader.load(event, 'changes', async (events: readonly EventHead[]) => {
      const changes = await longTexts(context, events, {
        bytesOf: ({ changesLength }) => changesLength,
        fetch: (rows) =>
          services.events.changesOf(
            caller,
            rows.map(({ id }) => id),
          ),
      });
      return changes.map((each) => shown(each ?? {}));
    });
  }
}

const shown = (changes: Changes): EventChangeType[] =>
  Object.entries(changes).map(([field, { from, to }]) => ({
    field,
    from: JSON.stringify(from),
    to: JSON.stringify(to),
  }));
