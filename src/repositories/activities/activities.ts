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
import { isAmong, ofSeenProfile, ofSeenScript } from '../scope.ts';
import { matching } from '../search-query.ts';
import { countsJson } from './executions.ts';
import { countRuns } from './run-statistics.ts';

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
  // Known of a long text without reading it.
  resultTextLength: sql`octet_length(a.result_text)`,
  resultCode: sql`a.result_code`,
  scriptProfileId: sql`a.script_profile_id`,
  computerId: sql`a.computer_id`,
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
    // Written out, so that the partial index of failures is seen to fit.
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

  runTotalsOf: (accountId, scriptProfileIds, range) =>
    countRuns(connection, accountId, scriptProfileIds, range),

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
      sql`select a.id, ${text} as text from activity a where ${and(seen(scope))} and a.id = any(${bigints(ids)})`,
    );
    return inOrderOf(ids, found).map((activity) => activity?.text ?? null);
  },

  byIds: async (scope, ids) =>
    inOrderOf(
      ids,
      await rows<Activity>(
        connection,
        sql`select ${columns} from ${from} where ${and(seen(scope))} and a.id = any(${bigints(ids)})`,
      ),
    ),
});

/** An activity is seen as the profile of its run is; one of a script by itself, as a profile of that script would be. */
const seen = (scope: Scope): Sql[] => [
  sql`a.account_id = ${scope.accountId}::bigint`,
  ...(scope.groups === 'all'
    ? []
    : [
        sql`exists (
          select from activity run
          where run.account_id = a.account_id and run.id = coalesce(a.parent_id, a.id)
            and (${and(ofSeenProfile(scope, sql`run.script_profile_id`))}
              or ${and(ofSeenScript(scope, sql`run.script_id`))}))`,
      ]),
];

/** What belongs to somebody is few, and has an index of its own: no status is looked for by itself. */
const ofOwner = (scope: SearchScope, owner: ActivityOwner, filter: ActivityFilter = {}): List => ({
  columns,
  from,
  alias: 'a',
  where: [...list(scope, filter).where, sql`${ownerColumn[owner]} = owner.id`],
});

/** The newest run of the profile `owner`; null before the first. */
export const lastActivityJson = (scope: Scope, wanted?: Columns<Activity>): Sql => sql`(
  select row_to_json(last) from (
    select ${shaped(shape, wanted)} from ${from} where ${and([...seen(scope), sql`a.script_profile_id = owner.id`])}
    order by a.creation_time desc, a.id desc limit 1) last)`;

function list(scope: SearchScope, filter: ActivityFilter): List {
  const { query, types, scriptProfileId, parentId, computerId, creationTime, completionTime } = filter;
  const where = [
    ...seen(scope),
    ...within(sql`a.creation_time`, creationTime),
    ...within(sql`a.completion_time`, completionTime),
  ];
  if (query) where.push(inQuery(scope, query));
  // Nothing ends before it is made, but for a clock that is set back. The list is sorted by when it is made, and
  // need not be walked from today for what ended last year.
  if (completionTime?.until != null)
    where.push(sql`a.creation_time < ${timestamp(completionTime.until)} + interval '1 day'`);
  // The index of runs knows them by that: of thousands of activities, one is a run.
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
  // What belongs to somebody is few, and has an index of its own.
  const isOwned = scriptProfileId != null || parentId != null || computerId != null;
  return {
    columns,
    from,
    alias: 'a',
    where,
    ...(statuses && statuses.length > 1 && !isOwned && { anyOf: { column: 'status', values: statuses } }),
  };
}

/** Or a filter would tell of a computer's runs, and so of the computer, whoever may not see it. */
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
