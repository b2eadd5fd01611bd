import { ArgsType, Field, ID, InputType } from 'type-graphql';
import type { Activity, ActivityStatus, ActivityType } from '../../domain/activities/activity.ts';
import type { ActivitySearch } from '../../services/activities/activities.ts';
import type { ActivityOwner } from '../../services/activities/activity-ports.ts';
import { Connection, ConnectionArgs, defaultOrder, endingEarly, listingOf } from '../common/connection.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import type { GraphContext } from '../context.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { ActivityStatusEnum, ActivityTypeEnum } from './activity.type.ts';

@InputType('ActivityFilter', { description: 'Which activities to list: those that match all of it.' })
export class ActivityFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A search query: terms side by side all hold, `OR` binds tighter, `NOT` and parentheses work, values with spaces are quoted. Terms: `id:`, `parent-id:`, `status:`, `type:`, `creator:` (an e-mail address), `created-after:` (from then on), `created-before:` (a time, or a day or month, which stands for its beginning), `computer:` (a query for computers); a word without a name is a part of the summary. Maximum 16,384 characters, 1,000 terms (25 words or terms of `computer:`), 4,000 terms, parentheses and operators. Refused with INVALID_INPUT, which says where it breaks.',
  })
  query?: string | null;

  @Field(() => [ActivityTypeEnum], { nullable: true, description: 'Runs, or their parts.' })
  types?: ActivityType[] | null;

  @Field(() => [ActivityStatusEnum], { nullable: true, description: 'In any of these statuses.' })
  statuses?: ActivityStatus[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The runs of this profile, by its global id or its number.',
  })
  scriptProfileId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The parts of this run, by its global id or its number.' })
  parentId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What was asked of this computer, by its global id or its number.',
  })
  computerId?: string | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Made in this time.' })
  creationTime?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Ended in this time.' })
  completionTime?: DateTimeRangeInput | null;
}

const ActivityOrder = orderInput('Activity', { CREATION_TIME: 'When it was made.' });

/** For all activities, and for those of something. */
@ArgsType()
export class ActivitiesArgs extends ConnectionArgs {
  @Field(() => ActivityOrder, {
    nullable: true,
    defaultValue: defaultOrder.Activity,
    description: 'Order of the list. Defaults to the newest first.',
  })
  orderBy?: InstanceType<typeof ActivityOrder> | null;

  @Field(() => ActivityFilterInput, { nullable: true, description: 'Which ones to list. Defaults to all.' })
  filter?: ActivityFilterInput | null;
}

/** @throws Refusal INVALID_INPUT */
export const activityFilter = ({ query, ...input }: ActivityFilterInput): ActivitySearch => ({
  ...checkFilter(input),
  query,
  scriptProfileId:
    input.scriptProfileId == null ? null : databaseIdOf('ScriptProfile', input.scriptProfileId),
  parentId: input.parentId == null ? null : databaseIdOf('Activity', input.parentId),
  computerId: input.computerId == null ? null : databaseIdOf('Computer', input.computerId),
});

/** A profile's parents, or a parent's children: for the whole page of profiles or parents at once. */
export function activitiesOf(
  row: { id: number },
  owner: ActivityOwner,
  args: ActivitiesArgs,
  context: GraphContext,
): MaybePromise<Connection<Activity>> {
  const { services, caller, pageLoader } = context;
  const filter = activityFilter(args.filter ?? {});
  const listing = listingOf('Activity', args, context);
  return pageLoader.load(row, `${owner} ${JSON.stringify(args)}`, async (rows: readonly { id: number }[]) => {
    const ids = rows.map(({ id }) => id);
    const whole = await services.activities.pagesOf(caller, owner, ids, { filter, ...listing });
    const slices = whole.map((slice) =>
      endingEarly(slice, ({ resultTextLength }) => resultTextLength, context),
    );
    pageLoader.register(slices.flatMap((slice) => slice.rows));
    const count = (of: { id: number }) =>
      pageLoader.load(of, `${owner} count ${JSON.stringify(args.filter ?? {})}`, () =>
        services.activities.countsOf(caller, owner, ids, filter),
      );
    return slices.map(
      (slice, index) => new Connection('Activity', slice, listing.order, () => count(rows[index]!)),
    );
  });
}
