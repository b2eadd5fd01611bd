import type { Target } from '../domain/association.ts';
import type { Computer } from '../domain/computer.ts';
import type { ComputerFilter, ComputerOrderField, ComputerRepository, Sorted } from '../services/ports.ts';
import { accessGroupJson, inGroups } from './access-groups.ts';
import { count, type List, page, pagesOf, type SortColumns } from './listing.ts';
import {
  and,
  bigints,
  type Connection,
  contains,
  inOrderOf,
  insertedId,
  insertInto,
  instant,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
} from './sql.ts';

// A pending computer has the tags that it asks for; they are set on it when it is accepted.
const columns = sql`
  m.id, m.title, m.hostname, m.comment, m.status, ${accessGroupJson('g')} as "accessGroup",
  case m.status when 'pending' then to_json(m.requested_tags) else coalesce(
    (select json_agg(t.tag order by t.position) from computer_tag t where t.account_id = m.account_id and t.computer_id = m.id),
    '[]') end as tags,
  ${instant('m.created_at')} as "createdAt", ${instant('m.accepted_at')} as "acceptedAt"`;

const from = sql`
  computer m
  join access_group g on g.account_id = m.account_id and g.id = m.access_group_id`;

const sortColumns: SortColumns<ComputerOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
  ID: { name: 'id', type: 'bigint' },
};

const tagged = (tags: Sql): Sql => sql`exists (
  select 1 from computer_tag t
  where t.account_id = m.account_id and t.computer_id = m.id and t.tag = any(${tags}))`;

/** The rule of domain/association.ts, as a condition on computers `m` for a target in `owner`. */
const reached = (accountId: number): Sql[] => [
  sql`m.account_id = ${accountId}::bigint`,
  sql`m.status = 'accepted'`,
  sql`m.access_group_id in (
    select reach.below_id from access_group_reach reach
    where reach.account_id = ${accountId}::bigint and reach.above_id = owner.access_group_id)`,
  sql`(owner.all_computers or ${tagged(sql`owner.tags`)})`,
];

/** Targets as rows with a position; a null target is left out and so reaches nobody. */
function targetRows(targets: readonly (Target | null)[]): Sql {
  const json = targets.map((target) => target && { ...target });
  return sql`
    select n, (target->>'accessGroupId')::bigint as access_group_id, (target->>'allComputers')::boolean as all_computers,
      array(select json_array_elements_text(target->'tags')) as tags
    from json_array_elements(${JSON.stringify(json)}::json) with ordinality as targets(target, n)
    where json_typeof(target) = 'object'`;
}

export const computerRepository = (connection: Connection): ComputerRepository => {
  const select = (accountId: number, ids: readonly number[]) =>
    rows<Computer>(
      connection,
      sql`
        select ${columns} from ${from}
        where m.account_id = ${accountId}::bigint and m.id = any(${bigints(ids)}) order by m.id`,
    );
  return {
    page: (accountId, { filter, ...listing }) =>
      page<Sorted<Computer>, ComputerOrderField>(connection, list(accountId, filter), sortColumns, listing),

    count: (accountId, filter) => count(connection, list(accountId, filter)),

    byIds: async (accountId, ids) => inOrderOf(ids, await select(accountId, ids)),

    async countReached(accountId, targets) {
      // Profiles often share a target: each is counted once.
      const distinct = new Map(targets.map((target) => [JSON.stringify(target), target]));
      const counted = await rows<{ n: number; count: number }>(
        connection,
        sql`
          select owner.n, (select count(*) from computer m where ${and(reached(accountId))}) as count
          from (${targetRows([...distinct.values()])}) owner`,
      );
      const counts = new Map([...distinct.keys()].map((key) => [key, 0]));
      const keys = [...distinct.keys()];
      for (const { n, count } of counted) counts.set(keys[n - 1]!, count);
      return targets.map((target) => counts.get(JSON.stringify(target))!);
    },

    pagesReached: (accountId, targets, listing) =>
      pagesOf<Sorted<Computer>, ComputerOrderField>(
        connection,
        targetRows(targets),
        targets.length,
        { columns, from, alias: 'm', where: reached(accountId) },
        sortColumns,
        listing,
      ),

    async tags(accountId) {
      const used = await rows<{ tag: string }>(
        connection,
        sql`select distinct tag from computer_tag where account_id = ${accountId}::bigint order by tag`,
      );
      return used.map(({ tag }) => tag);
    },

    insert: (accountId, computer) =>
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
        }),
      ),

    async forUpdate(accountId, ids) {
      // First locked, then read: a statement that waits sees the computer as it is after the wait, but its
      // tags and its group as they were before it.
      await connection.$queryRaw(sql`
        select id from computer
        where account_id = ${accountId}::bigint and id = any(${bigints(ids)}) order by id for update`);
      return select(accountId, ids);
    },

    async save(accountId, computers) {
      const ids = bigints(computers.map(({ id }) => id));
      const json = JSON.stringify(
        computers.map(({ id, status, accessGroup, acceptedAt, tags }) => ({
          id,
          status,
          access_group_id: accessGroup.id,
          accepted_at: acceptedAt,
          tags,
        })),
      );
      await connection.$executeRaw(sql`
        update computer m
        set status = saved.status, access_group_id = saved.access_group_id, accepted_at = saved.accepted_at,
          requested_tags = case saved.status
            when 'pending' then array(select json_array_elements_text(saved.tags)) else m.requested_tags end
        from json_to_recordset(${json}::json)
          as saved(id bigint, status text, access_group_id bigint, accepted_at timestamptz, tags json)
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

    async remove(accountId, ids) {
      await connection.$executeRaw(
        sql`delete from computer where account_id = ${accountId}::bigint and id = any(${bigints(ids)})`,
      );
    },
  };
};

function list(accountId: number, { status, search, tags, accessGroups }: ComputerFilter): List {
  const where = [sql`m.account_id = ${accountId}::bigint`];
  if (status) where.push(sql`m.status = ${status}`);
  if (search) where.push(sql`(${contains(sql`m.title`, search)} or ${contains(sql`m.hostname`, search)})`);
  if (tags) {
    const asked = sql`m.status = 'pending' and m.requested_tags && ${texts(tags)}`;
    where.push(sql`(${asked} or m.status = 'accepted' and ${tagged(texts(tags))})`);
  }
  if (accessGroups) where.push(inGroups(accountId, sql`m.access_group_id`, accessGroups));
  return { columns, from, alias: 'm', where };
}
