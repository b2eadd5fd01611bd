import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { NumberedType } from '../../domain/event.ts';
import { RoleType } from '../accounts/role.type.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { ComputerType } from '../computers/computer.type.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { ScriptType } from '../scripts/script.type.ts';
import { EventsArgs, eventFilter } from './event.input.ts';
import { EventConnection } from './event.type.ts';

interface Row {
  readonly id: number;
}

const HISTORY = {
  nullable: true,
  description: 'Event log entries about this object. Null if the caller lacks ViewEventLog.',
} as const;

/** Loads the events of all rows of a page at once. */
function eventsOf(row: Row, type: NumberedType, args: EventsArgs, context: GraphContext) {
  const { services, caller, pageLoader } = context;
  const filter = eventFilter(args.filter);
  const listing = { filter, ...listingOf('Event', args, context) };
  const what = `events ${JSON.stringify(args)}`;
  return pageLoader.load(row, what, async (rows: readonly Row[]) => {
    const entities = { type, ids: rows.map(({ id }) => id) };
    const slices = await services.events.pagesOf(caller, entities, listing);
    pageLoader.register(slices.flatMap((slice) => slice?.rows ?? []));
    const count = (of: Row) =>
      pageLoader.load(of, `${what} count`, () => services.events.countsOf(caller, entities, filter));
    return slices.map(
      (slice, index) => slice && new Connection('Event', slice, listing.order, () => count(rows[index]!)),
    );
  });
}

@Resolver(() => ScriptProfileType)
export class ScriptProfileEventsResolver {
  @ReadsColumns<Row>(['id'])
  @FieldResolver(() => EventConnection, HISTORY)
  events(@Root() row: Row, @Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    return eventsOf(row, 'ScriptProfile', args, context);
  }
}

@Resolver(() => ScriptType)
export class ScriptEventsResolver {
  @FieldResolver(() => EventConnection, HISTORY)
  events(@Root() row: Row, @Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    return eventsOf(row, 'Script', args, context);
  }
}

@Resolver(() => ComputerType)
export class ComputerEventsResolver {
  @FieldResolver(() => EventConnection, HISTORY)
  events(@Root() row: Row, @Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    return eventsOf(row, 'Computer', args, context);
  }
}

@Resolver(() => RoleType)
export class RoleEventsResolver {
  @FieldResolver(() => EventConnection, HISTORY)
  events(@Root() row: Row, @Args(() => EventsArgs) args: EventsArgs, @Ctx() context: GraphContext) {
    return eventsOf(row, 'Role', args, context);
  }
}
