import {
  and,
  bigints,
  type Connection,
  inOrderOf,
  insertedId,
  insertInto,
  instant,
  oneRow,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
  within,
} from '../../database/sql.ts';
import { type Scope, type SearchScope, wholeAccount } from '../../domain/accounts/access.ts';
import type { Cohort } from '../../domain/computers/cohort.ts';
import type { Computer, ComputerStatus } from '../../domain/computers/computer.ts';
import type {
  ComputerFilter,
  ComputerOrderField,
  ComputerRepository,
  Joining,
  Reached,
} from '../../services/computers/computer-ports.ts';
import type { Sorted } from '../../services/listing.ts';
import { accessGroupJson, inGroups, inGroupsWith } from '../accounts/access-groups.ts';
import { count, type List, page, pagesOf, type SortColumns } from '../listing.ts';
import { inScope, ofAccount } from '../scope.ts';
import { from, inQuery, nameContains, wasSeen, withTags } from './computer-query.ts';
import { countsOfTargets, countsReached, keyOf, reached, targetRows } from './reach.ts';

// A pending computer shows its requested tags. Accepting it stores them as its tags.
const columns = (accountId: number): Sql => sql`
  m.id, m.title, m.hostname, m.comment, m.status, ${accessGroupJson('g')} as "accessGroup",
  case m.status when 'pending' then to_json(m.requested_tags) else coalesce(
    (select json_agg(t.tag order by t.position) from computer_tag t where ${ofAccount(accountId, 't')} and t.computer_id = m.id),
    '[]') end as tags,
  ${instant('m.created_at')} as "createdAt", ${instant('m.accepted_at')} as "acceptedAt"`;

const sortColumns: SortColumns<ComputerOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
  ID: { name: 'id', type: 'bigint' },
};

/** The computers that the target `to` reaches and the target `from` does not. */
const joining = (scope: Scope, { from: before, to }: Joining): List => ({
  columns: columns(scope.accountId),
  from: sql`(${targetRows([to])}) owner, ${from}`,
  alias: 'm',
  where: [
    ...reached(scope),
    // In this subquery, `owner` is the target before the change.
    sql`not exists (select from (${targetRows([before])}) owner where ${and(reached(wholeAccount(scope.accountId)))})`,
  ],
});

export const computerRepository = (connection: Connection): ComputerRepository => {
  const select = (scope: Scope, ids: readonly number[]) =>
    rows<Computer>(
      connection,
      sql`
        select ${columns(scope.accountId)} from ${from}
        where ${and(inScope(scope, 'm'))} and m.id = any(${bigints(ids)}) order by m.id`,
    );
  return {
    page: (scope, { filter, ...listing }) =>
      page<Sorted<Computer>, ComputerOrderField>(connection, list(scope, filter), sortColumns, listing),

    count: (scope, filter) => count(connection, list(scope, filter)),

    byIds: async (scope, ids) => inOrderOf(ids, await select(scope, ids)),

    async countReached(scope, targets) {
      // Count each target once, because profiles often share a target.
      const reaching = targets.filter((target) => target !== null);
      const distinct = [...new Map(reaching.map((target) => [keyOf(target), target])).values()];
      const counted = await rows<Reached & { n: number }>(
        connection,
        countsReached(scope, targetRows(distinct)),
      );
      return countsOfTargets(
        targets,
        counted.map(({ n, ...reached }) => ({ ...reached, target: distinct[n - 1]! })),
      );
    },

    pagesReached: (scope, targets, listing) =>
      pagesOf<Sorted<Computer>, ComputerOrderField>(
        connection,
        targetRows(targets),
        targets.length,
        { columns: columns(scope.accountId), from, alias: 'm', where: reached(scope) },
        sortColumns,
        listing,
      ),

    pageJoining: (scope, change, listing) =>
      page<Sorted<Computer>, ComputerOrderField>(connection, joining(scope, change), sortColumns, listing),

    countJoining: (scope, change) => count(connection, joining(scope, change)),

    cohorts: (accountId) =>
      rows<Cohort>(
        connection,
        sql`
          select alike.tags, count(*) as number, array(
            select reach.above_id from access_group_reach reach
            where reach.account_id = ${accountId}::bigint and reach.below_id = alike.access_group_id
            order by reach.above_id) as "groupAndAbove"
          from (
            select m.access_group_id, array(
              select t.tag from computer_tag t
              where ${ofAccount(accountId, 't')} and t.computer_id = m.id order by t.tag) as tags
            from computer m
            where m.account_id = ${accountId}::bigint and m.status = 'accepted') alike
          group by alike.access_group_id, alike.tags`,
      ),

    async tags(scope) {
      const { accountId, groups } = scope;
      const isSeen =
        groups === 'all'
          ? sql``
          : sql`and exists (
              select from computer m where ${and(inScope(scope, 'm'))} and m.id = t.computer_id)`;
      const used = await rows<{ tag: string }>(
        connection,
        sql`select distinct t.tag from computer_tag t where t.account_id = ${accountId}::bigint ${isSeen} order by t.tag`,
      );
      return used.map(({ tag }) => tag);
    },

    tagCounts: (scope) =>
      rows(
        connection,
        sql`
          select t.tag, count(*) as "numComputers"
          from computer m join computer_tag t on t.account_id = m.account_id and t.computer_id = m.id
          where ${and(inScope(scope, 'm'))} group by t.tag order by t.tag`,
      ),

    byToken: (accountId, tokenHash) =>
      oneRow(
        connection,
        sql`
          select account_id as "accountId", id as "computerId" from computer
          where account_id = ${accountId}::bigint and token_hash = ${tokenHash}`,
      ),

    insert: (accountId, computer, tokenHash) =>
      insertedId(
        connection,
        insertInto('computer', {
          account_id: sql`${accountId}::bigint`,
          title: sql`${computer.title}`,
          hostname: sql`${computer.hostname}`,
          comment: sql`${computer.comment}`,
          status: sql`${computer.status}`,
          access_group_id: sql`${computer.accessGroup.id}::bigint`,
          requested_tags: texts(computer.tags),
          created_at: timestamp(computer.createdAt),
          token_hash: sql`${tokenHash}::text`,
        }),
      ),

    async forUpdate(scope, ids) {
      // Lock first, then read. A statement that waits sees the computer as it is after the wait, but its tags and its
      // group as they were before.
      await connection.$queryRaw(sql`
        select m.id from computer m
        where ${and(inScope(scope, 'm'))} and m.id = any(${bigints(ids)}) order by m.id for update`);
      return select(scope, ids);
    },

    async save(accountId, computers) {
      const ids = bigints(computers.map(({ id }) => id));
      const json = JSON.stringify(
        computers.map(({ id, title, comment, status, accessGroup, acceptedAt, tags }) => ({
          id,
          title,
          comment,
          status,
          access_group_id: accessGroup.id,
          accepted_at: acceptedAt,
          tags,
        })),
      );
      await connection.$executeRaw(sql`
        update computer m
        set title = saved.title, comment = saved.comment, status = saved.status, access_group_id = saved.access_group_id, accepted_at = saved.accepted_at,
          requested_tags = case
            when saved.status = 'pending' then array(select json_array_elements_text(saved.tags)) else m.requested_tags end
        from json_to_recordset(${json}::json)
          as saved(id bigint, title text, comment text, status text, access_group_id bigint, accepted_at timestamptz, tags json)
        where m.account_id = ${accountId}::bigint and m.id = saved.id`);
      await connection.$executeRaw(
        sql`delete from computer_tag where account_id = ${accountId}::bigint and computer_id = any(${ids})`,
      );
      await connection.$executeRaw(sql`
        insert into computer_tag (account_id, computer_id, tag, position)
        select ${accountId}::bigint, saved.id, tag.value, tag.n
        from json_to_recordset(${json}::json) as saved(id bigint, status text, tags json),
          json_array_elements_text(saved.tags) with ordinality as tag(value, n)
        where saved.status = 'accepted'`);
    },

    async lockAgainstRemoval(accountId) {
      await connection.$queryRaw(sql`select pg_advisory_xact_lock_shared(${removals(accountId)})::text`);
    },

    async lockForRemoval(accountId) {
      await connection.$queryRaw(sql`select pg_advisory_xact_lock(${removals(accountId)})::text`);
    },

    async remove(accountId, ids) {
      await connection.$executeRaw(
        sql`delete from computer where account_id = ${accountId}::bigint and id = any(${bigints(ids)})`,
      );
    },
  };
};

const removals = (accountId: number): Sql =>
  sql`hashtextextended('removal of computers', ${accountId}::bigint)`;

/**
 * Compares a single status with `=`, because otherwise PostgreSQL does not see that the index of pending computers
 * fits.
 */
function withStatuses(statuses: readonly ComputerStatus[]): Sql {
  const [status, ...others] = new Set(statuses);
  return status !== undefined && others.length === 0
    ? sql`m.status = ${status}`
    : sql`m.status = any(${texts(statuses)})`;
}

function list(scope: SearchScope, filter: ComputerFilter): List {
  const { query, statuses, search, tags, accessGroups, online } = filter;
  const where = [
    ...inScope(scope, 'm'),
    ...within(sql`m.created_at`, filter.createdAt),
    ...within(sql`m.accepted_at`, filter.acceptedAt),
  ];
  if (query) where.push(inQuery(scope, query));
  if (statuses) where.push(withStatuses(statuses));
  if (search) where.push(nameContains(search));
  if (tags) where.push(withTags(scope.accountId, tags));
  if (online) where.push(wasSeen(scope.accountId, online));
  if (accessGroups) where.push(inGroups(scope, sql`m.access_group_id`, accessGroups));
  if (filter.accessGroupIds) where.push(inGroupsWith(scope, sql`m.access_group_id`, filter.accessGroupIds));
  return { columns: columns(scope.accountId), from, alias: 'm', where };
}
