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

@InputType('ActivityFilter', {
  description: 'Filter of a list of activities. An activity must match all fields.',
})
export class ActivityFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Search query. Adjacent terms must all match. `OR` binds more tightly than adjacency. `NOT` and parentheses are supported. Values with spaces must be quoted. Terms are `id:`, `parent-id:`, `status:`, `type:`, `creator:` (an e-mail address), `created-after:` (inclusive), `created-before:` (exclusive) and `computer:` (a query for computers). Times may be a day or a month, which means its start. A word without a term name matches a part of the summary. Maximum 16,384 characters. Maximum 1,000 terms, of which 25 may be words or `computer:`. Maximum 4,000 terms, parentheses and operators together. Refused with INVALID_INPUT, which names the position of the error.',
  })
  query?: string | null;

  @Field(() => [ActivityTypeEnum], {
    nullable: true,
    description: 'Types of activities to include. Defaults to all.',
  })
  types?: ActivityType[] | null;

  @Field(() => [ActivityStatusEnum], { nullable: true, description: 'Statuses to include. Defaults to all.' })
  statuses?: ActivityStatus[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Global id or number of a script profile. Matches its runs.',
  })
  scriptProfileId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Global id or number of a run. Matches its executions.' })
  parentId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Global id or number of a computer. Matches its executions.',
  })
  computerId?: string | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the creation.' })
  creationTime?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the completion.' })
  completionTime?: DateTimeRangeInput | null;
}

const ActivityOrder = orderInput('Activity', { CREATION_TIME: 'Time of creation.' });

@ArgsType()
export class ActivitiesOrderArgs extends ConnectionArgs {
  @Field(() => ActivityOrder, {
    nullable: true,
    defaultValue: defaultOrder.Activity,
    description: 'Sort order. Defaults to newest first.',
  })
  orderBy?: InstanceType<typeof ActivityOrder> | null;
}

/** Arguments for all activities of the account, and for the activities of one object. */
@ArgsType()
export class ActivitiesArgs extends ActivitiesOrderArgs {
  @Field(() => ActivityFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to all items.',
  })
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

/** Activities of a profile, or children of an activity. Loads them for the whole page of rows at once. */
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
