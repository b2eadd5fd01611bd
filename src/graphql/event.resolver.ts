import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Changes, EventHead } from '../domain/event.ts';
import { Connection, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import { EventsArgs, eventFilter } from './event.input.ts';
import { EventChangeType, EventConnection, EventType } from './event.type.ts';
import { longTexts, weightOf } from './long-texts.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { nodeResolver } from './node.resolver.ts';
import { SafeInt } from './scalars.ts';

/** Bytes: those of a profile with a thousand tags, before and after an edit. Most events have a few hundred. */
const CHANGES_WEIGHED = 512 * 1024;

@Resolver(() => EventType)
export class EventResolver extends nodeResolver(EventType, 'Event') {
  @Query(() => EventConnection, {
    nullable: true,
    description:
      'The account’s event log: who did what, or was refused, the newest first. Takes ViewEventLog.',
  })
  async events(@Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    const { services, caller, siblings } = context;
    const filter = eventFilter(args.filter);
    const listing = listingOf('Event', args, context);
    const slice = await services.events.page(caller, { filter, ...listing });
    siblings.adopt(slice.rows);
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
    const { services, caller, siblings } = context;
    return siblings.complete(event, 'changes', async (events: readonly EventHead[]) => {
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
