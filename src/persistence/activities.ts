import { type Activity, finalStatuses, type StatusCounts } from '../domain/activity.ts';
import type {
  ActivityFilter,
  ActivityOrderField,
  ActivityOwner,
  ActivityRepository,
  ExecutionsToEnd,
  Sorted,
} from '../services/ports.ts';
import { count, type List, page, pagesOf, type SortColumns } from './listing.ts';
import { personJson } from './people.ts';
import {
  bigints,
  type Connection,
  inOrderOf,
  instant,
  raw,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
} from './sql.ts';

const columns = sql`
  a.id, a.parent_id as "parentId", a.type, a.summary, a.status, ${personJson('c')} as creator,
  ${instant('a.creation_time')} as "creationTime", ${instant('a.completion_time')} as "completionTime",
  ${instant('a.delivery_time')} as "deliveryTime", a.deliver_delay_window as "deliverDelayWindow",
  a.result_text as "resultText", a.result_code as "resultCode",
  a.script_profile_id as "scriptProfileId", a.computer_id as "computerId"`;

const from = sql`
  activity a
  left join person c on c.account_id = a.account_id and c.id = a.creator_id`;

const sortColumns: SortColumns<ActivityOrderField> = {
  CREATION_TIME: { name: 'creation_time', type: 'timestamptz' },
};

const ownerColumn: Record<ActivityOwner, Sql> = {
  scriptProfileId: raw('a.script_profile_id'),
  parentId: raw('a.parent_id'),
};

export const activityRepository = (connection: Connection): ActivityRepository => ({
  page: (accountId, { filter, ...listing }) =>
    page<Sorted<Activity>, ActivityOrderField>(connection, list(accountId, filter), sortColumns, listing),

  count: (accountId, filter) => count(connection, list(accountId, filter)),

  pagesOf: (accountId, owner, ids, listing) =>
    pagesOf<Sorted<Activity>, ActivityOrderField>(
      connection,
      owners(ids),
      ids.length,
      ofOwner(accountId, owner),
      sortColumns,
      listing,
    ),

  async countsOf(accountId, owner, ids) {
    const { from, where } = ofOwner(accountId, owner);
    const counted = await rows<{ count: number }>(
      connection,
      sql`
        select (select count(*) from ${from} where ${where[0]} and ${where[1]})
        from (${owners(ids)}) owner order by owner.n`,
    );
    return counted.map((row) => row.count);
  },

  async lastOf(accountId, scriptProfileIds) {
    const pages = await pagesOf<Activity, ActivityOrderField>(
      connection,
      owners(scriptProfileIds),
      scriptProfileIds.length,
      ofOwner(accountId, 'scriptProfileId'),
      sortColumns,
      {
        order: { field: 'CREATION_TIME', direction: 'DESC' },
        window: { limit: 1, fromEnd: false, offset: 0, after: null, before: null },
      },
    );
    return pages.map((slice) => slice.rows[0]);
  },

  byIds: async (accountId, ids) =>
    inOrderOf(
      ids,
      await rows<Activity>(
        connection,
        sql`select ${columns} from ${from} where a.account_id = ${accountId}::bigint and a.id = any(${bigints(ids)})`,
      ),
    ),

  async end(accountId, which, { status, resultText, at }) {
    // Parents first, in the order of their ids, as everybody locks them.
    const parents = await rows<{ id: number }>(
      connection,
      sql`select a.id from activity a where ${openParents(accountId, which)} order by a.id for update`,
    );
    const parentIds = parents.map(({ id }) => id);
    if (parentIds.length === 0) return [];
    const ofComputers =
      'computerIds' in which ? sql`and computer_id = any(${bigints(which.computerIds)})` : sql``;
    await connection.$executeRaw(sql`
      update activity
      set status = ${status}, completion_time = ${timestamp(at)}, result_text = coalesce(${resultText}::text, result_text)
      where account_id = ${accountId}::bigint and parent_id = any(${bigints(parentIds)})
        and status = any(${texts(which.in)}) ${ofComputers}`);
    return parentIds;
  },

  async statusCounts(accountId, parentIds) {
    const counted = await rows<{ n: number; status: keyof StatusCounts; count: number }>(
      connection,
      sql`
        select owner.n, a.status, count(*) as count
        from (${owners(parentIds)}) owner
        join activity a on a.account_id = ${accountId}::bigint and a.parent_id = owner.id
        group by owner.n, a.status`,
    );
    const byParent = parentIds.map((): StatusCounts => ({}));
    for (const { n, status, count } of counted) byParent[n - 1]![status] = count;
    return byParent;
  },

  async setStatus(accountId, parents) {
    await connection.$executeRaw(sql`
      update activity a set status = set.status, completion_time = set.completion_time
      from json_to_recordset(${JSON.stringify(parents.map(({ id, status, completionTime }) => ({ id, status, completion_time: completionTime })))}::json)
        as set(id bigint, status text, completion_time timestamptz)
      where a.account_id = ${accountId}::bigint and a.id = set.id and a.status <> set.status`);
  },
});

function openParents(accountId: number, which: ExecutionsToEnd): Sql {
  const open = sql`a.account_id = ${accountId}::bigint and not a.status = any(${texts(finalStatuses)})`;
  if ('scriptProfileIds' in which) {
    return sql`${open} and a.script_profile_id = any(${bigints(which.scriptProfileIds)})`;
  }
  return sql`${open} and a.id in (
    select parent_id from activity
    where account_id = ${accountId}::bigint and computer_id = any(${bigints(which.computerIds)}) and status = any(${texts(which.in)}))`;
}

const owners = (ids: readonly number[]): Sql =>
  sql`select id, n from unnest(${bigints(ids)}) with ordinality as ids(id, n)`;

const ofOwner = (accountId: number, owner: ActivityOwner): List => ({
  columns,
  from,
  alias: 'a',
  where: [sql`a.account_id = ${accountId}::bigint`, sql`${ownerColumn[owner]} = owner.id`],
});

function list(accountId: number, filter: ActivityFilter): List {
  const { types, statuses, scriptProfileId, parentId, computerId } = filter;
  const where = [sql`a.account_id = ${accountId}::bigint`];
  if (types) where.push(sql`a.type = any(${texts(types)})`);
  if (statuses) where.push(sql`a.status = any(${texts(statuses)})`);
  if (scriptProfileId != null) where.push(sql`a.script_profile_id = ${scriptProfileId}::bigint`);
  if (parentId != null) where.push(sql`a.parent_id = ${parentId}::bigint`);
  if (computerId != null) where.push(sql`a.computer_id = ${computerId}::bigint`);
  return { columns, from, alias: 'a', where };
}
