import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { LoggedEvent } from '../domain/event.ts';
import { Connection, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import { EventChangeType, EventConnection, EventsArgs, EventType } from './event.type.ts';
import { databaseIdOf } from './global-id.ts';
import { checkFilter } from './lists.ts';
import { nodeResolver } from './node.resolver.ts';
import { SafeInt } from './scalars.ts';

@Resolver(() => EventType)
export class EventResolver extends nodeResolver(EventType, 'Event') {
  @Query(() => EventConnection, {
    nullable: true,
    description:
      'The account’s event log: who did what, or was refused, the newest first. Takes ViewEventLog.',
  })
  async events(@Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    const { services, caller, siblings } = context;
    const { personId, ...others } = checkFilter(args.filter ?? {});
    const filter = { ...others, personId: personId == null ? null : databaseIdOf('Person', personId) };
    const listing = listingOf('Event', args, context);
    const slice = await services.events.page(caller, { filter, ...listing });
    siblings.adopt(slice.rows);
    return new Connection('Event', slice, listing.order, () => services.events.count(caller, filter));
  }

  @FieldResolver(() => String, { nullable: true })
  entityType(@Root() { entity }: LoggedEvent): string | null {
    return entity?.type ?? null;
  }

  @FieldResolver(() => SafeInt, { nullable: true })
  entityId(@Root() { entity }: LoggedEvent): number | null {
    return entity?.id ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  entityTitle(@Root() { entity }: LoggedEvent): string | null {
    return entity?.title ?? null;
  }

  @FieldResolver(() => [EventChangeType])
  changes(@Root() { changes }: LoggedEvent): EventChangeType[] {
    return Object.entries(changes).map(([field, { from, to }]) => ({
      field,
      from: JSON.stringify(from),
      to: JSON.stringify(to),
    }));
  }
}
