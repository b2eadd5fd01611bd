import {
  and,
  bigints,
  type Connection,
  contains,
  inOrderOf,
  instant,
  raw,
  rows,
  type Shape,
  type Sql,
  shaped,
  sql,
  texts,
  timestamp,
  within,
} from '../../database/sql.ts';
import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ActivityCondition } from '../../domain/search/search-terms.ts';
import type {
  ActivityFilter,
  ActivityOrderField,
  ActivityOwner,
  ActivityRepository,
} from '../../services/activities/activity-ports.ts';
import type { Columns, Sorted } from '../../services/listing.ts';
import { personJson } from '../accounts/people.ts';
import { computersInQuery } from '../computers/computer-query.ts';
import { count, countsOf, type List, owners, page, pagesOf, type SortColumns } from '../listing.ts';
import { isAmong, seenActivity } from '../scope.ts';
import { matching } from '../search-query.ts';
import { countsJson } from './executions.ts';
import { countRuns, countRunsOfProfiles, worstComputers, worstProfiles } from './run-statistics.ts';

const shape: Shape<Activity> = {
  id: sql`a.id`,
  parentId: sql`a.parent_id`,
  type: sql`a.type`,
  summary: sql`a.summary`,
  status: sql`a.status`,
  creator: (wanted) => personJson('c', wanted),
  creationTime: instant('a.creation_time'),
  completionTime: instant('a.completion_time'),
  deliveryTime: instant('a.delivery_time'),
  deliverAfter: instant('a.deliver_after'),
  deliverDelayWindow: sql`a.deliver_delay_window`,
  // PostgreSQL returns the length of a long text without reading the text.
  resultTextLength: sql`octet_length(a.result_text)`,
  resultCode: sql`a.result_code`,
  scriptProfileId: sql`a.script_profile_id`,
  computerId: sql`a.computer_id`,
  username: sql`a.username`,
  timeLimit: sql`a.time_limit`,
  counts: countsJson('a'),
};
const columns = shaped(shape);

const from = sql`
  activity a
  left join person c on c.account_id = a.account_id and c.id = a.creator_id`;

const sortColumns: SortColumns<ActivityOrderField> = {
  CREATION_TIME: { name: 'creation_time', type: 'timestamptz' },
};

const ownerColumn: Record<ActivityOwner, Sql> = {
  scriptProfileId: raw('a.script_profile_id'),
  parentId: raw('a.parent_id'),
  computerId: raw('a.computer_id'),
};

export const activityRepository = (connection: Connection): ActivityRepository => ({
  page: (scope, { filter, ...listing }) =>
    page<Sorted<Activity>, ActivityOrderField>(connection, list(scope, filter), sortColumns, listing),

  count: (scope, filter) => count(connection, list(scope, filter)),

  pagesOf: (scope, owner, ids, { filter, ...listing }) =>
    pagesOf<Sorted<Activity>, ActivityOrderField>(
      connection,
      owners(ids),
      ids.length,
      ofOwner(scope, owner, filter),
      sortColumns,
      listing,
    ),

  countsOf: (scope, owner, ids, filter) => countsOf(connection, ids, ofOwner(scope, owner, filter)),

  async failuresOf(accountId, runIds, most) {
    // The status is a literal, because otherwise PostgreSQL does not see that the partial index of failures fits.
    const failed = await rows<{ n: number; activity: Activity }>(
      connection,
      sql`
        select owner.n, row_to_json(failure) as activity
        from (${owners(runIds)}) owner cross join lateral (
          select ${columns} from ${from}
          where a.account_id = ${accountId}::bigint and a.parent_id = owner.id and a.status = 'failed'
          order by a.id limit ${most}::int) failure
        order by owner.n, failure.id`,
    );
    const byRun = runIds.map((): Activity[] => []);
    for (const { n, activity } of failed) byRun[n - 1]!.push(activity);
    return byRun;
  },

  runTotalsOf: (accountId, scriptProfileIds, period) =>
    countRunsOfProfiles(connection, accountId, scriptProfileIds, period),

  runTotals: (scope, period) => countRuns(connection, scope, period),

  worstProfiles: (scope, period, most) => worstProfiles(connection, scope, period, most),

  worstComputers: (scope, period, most) => worstComputers(connection, scope, period, most),

  async lastOf(scope, scriptProfileIds) {
    const found = await rows<{ activity: Activity | null }>(
      connection,
      sql`select ${lastActivityJson(scope)} as activity from (${owners(scriptProfileIds)}) owner order by owner.n`,
    );
    return found.map(({ activity }) => activity);
  },

  async resultTexts(scope, ids, firstCharacters) {
    const text =
      firstCharacters === undefined ? sql`a.result_text` : sql`left(a.result_text, ${firstCharacters}::int)`;
    const found = await rows<{ id: number; text: string | null }>(
      connection,
      sql`select a.id, ${text} as text from activity a where ${and(seenActivity(scope))} and a.id = any(${bigints(ids)})`,
    );
    return inOrderOf(ids, found).map((activity) => activity?.text ?? null);
  },

  byIds: async (scope, ids) =>
    inOrderOf(
      ids,
      await rows<Activity>(
        connection,
        sql`select ${columns} from ${from} where ${and(seenActivity(scope))} and a.id = any(${bigints(ids)})`,
      ),
    ),
});

/**
 * Activities of a profile, run or computer. They are few and have their own index, so statuses need no separate lookup.
 */
const ofOwner = (scope: SearchScope, owner: ActivityOwner, filter: ActivityFilter = {}): List => ({
  columns,
  from,
  alias: 'a',
  where: [...list(scope, filter).where, sql`${ownerColumn[owner]} = owner.id`],
});

/** The newest run of the profile `owner`. Null if the profile never ran. */
export const lastActivityJson = (scope: Scope, wanted?: Columns<Activity>): Sql => sql`(
  select row_to_json(last) from (
    select ${shaped(shape, wanted)} from ${from} where ${and([...seenActivity(scope), sql`a.script_profile_id = owner.id`])}
    order by a.creation_time desc, a.id desc limit 1) last)`;

function list(scope: SearchScope, filter: ActivityFilter): List {
  const { query, types, scriptProfileId, parentId, computerId, creationTime, completionTime } = filter;
  const where = [
    ...seenActivity(scope),
    ...within(sql`a.creation_time`, creationTime),
    ...within(sql`a.completion_time`, completionTime),
  ];
  if (filter.ids) where.push(sql`a.id = any(${bigints(filter.ids)})`);
  if (query) where.push(inQuery(scope, query));
  // The list is sorted by creation time, so this bound lets the query skip activities that were created too late. The
  // extra day covers a clock that is set back, because an activity could then end before its creation.
  if (completionTime?.until != null)
    where.push(sql`a.creation_time < ${timestamp(completionTime.until)} + interval '1 day'`);
  // Test parent_id, because the index of runs depends on it. Only one of thousands of activities is a run.
  const kinds = types && new Set(types);
  if (kinds?.size === 0) where.push(sql`false`);
  if (kinds?.size === 1)
    where.push(kinds.has('ActivityGroup') ? sql`a.parent_id is null` : sql`a.parent_id is not null`);
  const statuses = filter.statuses && [...new Set(filter.statuses)];
  if (statuses)
    where.push(
      statuses.length === 1 ? sql`a.status = ${statuses[0]}` : sql`a.status = any(${texts(statuses)})`,
    );
  if (scriptProfileId != null) where.push(sql`a.script_profile_id = ${scriptProfileId}::bigint`);
  if (parentId != null) where.push(sql`a.parent_id = ${parentId}::bigint`);
  if (computerId != null) where.push(sql`a.computer_id = ${computerId}::bigint`, ...ofSeenComputer(scope));
  // A profile, run or computer has few activities, and its own index for them.
  const isOwned = scriptProfileId != null || parentId != null || computerId != null;
  return {
    columns,
    from,
    alias: 'a',
    where,
    ...(statuses && statuses.length > 1 && !isOwned && { anyOf: { column: 'status', values: statuses } }),
  };
}

/** Without this condition, the filter would reveal a computer and its runs to callers who may not see the computer. */
const ofSeenComputer = ({ accountId, computers }: SearchScope): Sql[] =>
  computers === 'all'
    ? []
    : [
        sql`exists (
          select from computer m where m.account_id = ${accountId}::bigint and m.id = a.computer_id
            and ${and(isAmong(sql`m.access_group_id`, computers))})`,
      ];

const inQuery = (scope: SearchScope, query: SearchQuery<ActivityCondition>): Sql =>
  matching(query, (asked) => {
    switch (asked.kind) {
      case 'keyword':
        return contains(sql`a.summary`, asked.part);
      case 'id':
        return sql`a.id = ${asked.id}::bigint`;
      case 'parentId':
        return sql`a.parent_id = ${asked.id}::bigint`;
      case 'status':
        return sql`a.status = ${asked.status}`;
      case 'createdFrom':
        return sql`a.creation_time >= ${timestamp(asked.at)}`;
      case 'createdBefore':
        return sql`a.creation_time < ${timestamp(asked.at)}`;
      case 'creator':
        return sql`lower(c.email) = lower(${asked.email}::text)`;
      case 'computer':
        return sql`a.computer_id in (${computersInQuery(scope, asked.computers)})`;
      case 'type':
        return sql`a.type = ${asked.type}`;
    }
  });
