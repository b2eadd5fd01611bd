import { Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { LedgerEntry } from '../../services/activities/run-ports.ts';
import { ActivityNodeType } from '../activities/activity.type.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { cacheId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { SlotEntryConnection, SlotEntryType, SlotsArgs } from './slot.type.ts';

@Resolver(() => ScriptProfileType)
export class SlotsResolver {
  @FieldResolver(() => SlotEntryConnection, {
    description:
      'Slot ledger: the outcome of every slot at which the trigger fell due. Defaults to latest first.',
  })
  slots(
    @Root() profile: ScriptProfile,
    @Args(() => SlotsArgs) args: SlotsArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('SlotEntry', args, context);
    return pageLoader.load(
      profile,
      `slots ${JSON.stringify(args)}`,
      async (profiles: readonly ScriptProfile[]) => {
        const ids = profiles.map(({ id }) => id);
        const slices = await services.runs.slotsOf(caller, ids, listing);
        pageLoader.register(slices.flatMap(({ rows }) => rows));
        const count = (of: ScriptProfile) =>
          pageLoader.load(of, 'slots count', () => services.runs.slotCountsOf(caller, ids));
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
  @ReadsColumns<LedgerEntry>(['id'], idOf)
  @FieldResolver(() => ID)
  id(@Root() entry: LedgerEntry): string {
    return idOf(entry);
  }

  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description:
      'Run that covers the slots. Null if there was none, or if it was deleted after its retention time.',
  })
  activity(@Root() entry: LedgerEntry, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.loadRelated(
      entry,
      'activity',
      ({ activityId }) => activityId,
      (ids) => services.activities.byIds(caller, ids),
    );
  }
}
