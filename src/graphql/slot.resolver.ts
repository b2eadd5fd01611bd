import { Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { ScriptProfile } from '../domain/script-profile.ts';
import type { LedgerEntry } from '../services/run-ports.ts';
import { ActivityNodeType } from './activity.type.ts';
import { Connection, listingOf } from './connection.ts';
import type { GraphContext } from './context.ts';
import { FromRow } from './from-row.ts';
import { cacheId } from './global-id.ts';
import { ScriptProfileType } from './script-profile.type.ts';
import { SlotEntryConnection, SlotEntryType, SlotsArgs } from './slot.type.ts';

@Resolver(() => ScriptProfileType)
export class SlotsResolver {
  @FieldResolver(() => SlotEntryConnection, {
    description:
      'The slot ledger: what became of every time at which the trigger fell due, the latest first.',
  })
  slots(
    @Root() profile: ScriptProfile,
    @Args(() => SlotsArgs) args: SlotsArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, siblings } = context;
    const listing = listingOf('SlotEntry', args, context);
    return siblings.complete(
      profile,
      `slots ${JSON.stringify(args)}`,
      async (profiles: readonly ScriptProfile[]) => {
        const ids = profiles.map(({ id }) => id);
        const slices = await services.runs.slotsOf(caller, ids, listing);
        siblings.adopt(slices.flatMap(({ rows }) => rows));
        const count = (of: ScriptProfile) =>
          siblings.complete(of, 'slots count', () => services.runs.slotCountsOf(caller, ids));
        return slices.map(
          (slice, index) => new Connection('SlotEntry', slice, listing.order, () => count(profiles[index]!)),
        );
      },
    );
  }
}

const idOf = ({ id }: LedgerEntry): string => cacheId('SlotEntry', id);

@Resolver(() => SlotEntryType)
export class SlotEntryResolver {
  @FromRow<LedgerEntry>(['id'], idOf)
  @FieldResolver(() => ID)
  id(@Root() entry: LedgerEntry): string {
    return idOf(entry);
  }

  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description: 'The run that stands for them; null when there was none, or it is no longer kept.',
  })
  activity(@Root() entry: LedgerEntry, @Ctx() { services, caller, siblings }: GraphContext) {
    return siblings.follow(
      entry,
      'activity',
      ({ activityId }) => activityId,
      (ids) => services.activities.byIds(caller, ids),
    );
  }
}
