import type { Prisma } from '../../database/generated/client.ts';
import {
  and,
  bigints,
  type Connection,
  jsonObject,
  raw,
  rows,
  type Sql,
  sql,
  texts,
} from '../../database/sql.ts';
import type { Groups, Scope } from '../../domain/accounts/access.ts';
import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import type { AccessGroupRepository, GroupContents } from '../../services/ports.ts';
import { owners } from '../listing.ts';
import { isAmong } from '../scope.ts';

export const accessGroupJson = (alias: string, wanted?: readonly string[]): Sql =>
  raw(jsonObject(alias, { id: 'id', name: 'name', title: 'title', parentId: 'parent_id' }, wanted));

/**
 * Whether the group in `column` is one of these groups or below one. Groups that the caller may not know are ignored.
 */
export const inGroups = (scope: Scope, column: Sql, names: readonly string[]): Sql =>
  inOrBelow(scope, column, sql`above.name = any(${texts(names)})`);

/** Like `inGroups`, by id. */
export const inGroupsWith = (scope: Scope, column: Sql, ids: readonly number[]): Sql =>
  inOrBelow(scope, column, sql`above.id = any(${bigints(ids)})`);

const inOrBelow = ({ accountId, known }: Scope, column: Sql, which: Sql): Sql => sql`${column} in (
  select reach.below_id
  from access_group_reach reach
  join access_group above on above.account_id = reach.account_id and above.id = reach.above_id
  where ${and([sql`reach.account_id = ${accountId}::bigint`, which, ...isAmong(sql`above.id`, known)])})`;

/** The group in `column` is this one, or above it. */
export const inGroupOrAbove = (
  { accountId, known }: Scope,
  column: Sql,
  name: string,
): Sql => sql`${column} in (
  select reach.above_id
  from access_group_reach reach
  join access_group below on below.account_id = reach.account_id and below.id = reach.below_id
  where ${and([sql`reach.account_id = ${accountId}::bigint and below.name = ${name}`, ...isAmong(sql`below.id`, known)])})`;

export const accessGroupColumns = { id: true, name: true, title: true, parentId: true } as const;

type Row = Prisma.AccessGroupGetPayload<{ select: typeof accessGroupColumns }>;

/** Converts a row to a domain object. */
export const accessGroupOf = ({ id, parentId, ...group }: Row): AccessGroup => ({
  ...group,
  id: Number(id),
  parentId: parentId === null ? null : Number(parentId),
});

const seen = ({ accountId, groups }: Scope): Prisma.AccessGroupWhereInput => ({
  accountId,
  ...(groups !== 'all' && { id: { in: [...groups] } }),
});

/** Rebuilds the closure of an account's tree after a change. */
async function rebuildReach(connection: Connection, accountId: number): Promise<void> {
  await connection.$executeRaw(sql`delete from access_group_reach where account_id = ${accountId}::bigint`);
  const closure = await rows<{ aboveId: number; belowId: number }>(
    connection,
    sql`
      with recursive way as (
        select g.id as below_id, g.id as above_id, g.parent_id from access_group g
        where g.account_id = ${accountId}::bigint
        union all
        select way.below_id, g.id, g.parent_id
        from way join access_group g on g.account_id = ${accountId}::bigint and g.id = way.parent_id)
      select above_id as "aboveId", below_id as "belowId" from way`,
  );
  await addReach(connection, accountId, closure);
}

/** Values instead of INSERT … SELECT, for which Citus locks the table that it reads on all machines. */
async function addReach(
  connection: Connection,
  accountId: number,
  reach: readonly { readonly aboveId: number | bigint; readonly belowId: number | bigint }[],
): Promise<void> {
  await connection.accessGroupReach.createMany({ data: reach.map((each) => ({ accountId, ...each })) });
}

export const accessGroupRepository = (connection: Connection): AccessGroupRepository => ({
  async all(scope) {
    const groups = await connection.accessGroup.findMany({
      where: seen(scope),
      orderBy: { name: 'asc' },
      select: accessGroupColumns,
    });
    return groups.map(accessGroupOf);
  },

  async byName(scope, name) {
    const group = await connection.accessGroup.findFirst({
      where: { ...seen(scope), name },
      select: accessGroupColumns,
    });
    return group ? accessGroupOf(group) : undefined;
  },

  async insert(accountId, { name, title, parentId }) {
    const group = await connection.accessGroup.create({
      data: { accountId, name, title, parentId },
      select: accessGroupColumns,
    });
    // The new group is below itself, below its parent and below all groups above the parent.
    const above = await connection.accessGroupReach.findMany({
      where: { accountId, belowId: { in: parentId === null ? [] : [parentId] } },
      select: { aboveId: true },
    });
    const reach = [{ aboveId: group.id }, ...above].map(({ aboveId }) => ({ aboveId, belowId: group.id }));
    await addReach(connection, accountId, reach);
    return accessGroupOf(group);
  },

  async save(accountId, { id, name, title, parentId }) {
    await connection.$executeRaw(sql`
      update access_group set name = ${name}, title = ${title}, parent_id = ${parentId}::bigint
      where account_id = ${accountId}::bigint and id = ${id}::bigint`);
    await rebuildReach(connection, accountId);
  },

  async removeIntoParent(accountId, { id, parentId }) {
    for (const table of ['computer', 'script', 'script_profile'])
      await connection.$executeRaw(sql`
        update ${raw(table)} set access_group_id = ${parentId}::bigint
        where account_id = ${accountId}::bigint and access_group_id = ${id}::bigint`);
    await connection.$executeRaw(sql`
      update access_group set parent_id = ${parentId}::bigint
      where account_id = ${accountId}::bigint and parent_id = ${id}::bigint`);
    await connection.$executeRaw(
      sql`delete from access_group where account_id = ${accountId}::bigint and id = ${id}::bigint`,
    );
    await rebuildReach(connection, accountId);
  },

  async contents({ accountId, computers, scripts, scriptProfiles }, ids) {
    const counted = (table: string, groups: Groups, condition: Sql) => sql`(
      select count(*) from ${raw(table)} t where ${and([
        sql`t.account_id = ${accountId}::bigint and t.access_group_id = owner.id and ${condition}`,
        ...isAmong(sql`t.access_group_id`, groups),
      ])})`;
    return rows<GroupContents>(
      connection,
      sql`
        select ${counted('computer', computers, sql`t.status = 'accepted'`)} as computers,
          ${counted('script', scripts, sql`t.status = 'ACTIVE'`)} as scripts,
          ${counted('script_profile', scriptProfiles, sql`not t.archived`)} as "scriptProfiles"
        from (${owners(ids)}) owner order by owner.n`,
    );
  },
});
