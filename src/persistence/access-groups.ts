import type { Scope } from '../domain/access.ts';
import type { AccessGroup } from '../domain/access-group.ts';
import type { AccessGroupRepository } from '../services/ports.ts';
import type { Prisma } from './generated/client.ts';
import { isAmong } from './scope.ts';
import { and, type Connection, jsonObject, raw, type Sql, sql, texts } from './sql.ts';

export const accessGroupJson = (alias: string, wanted?: readonly string[]): Sql =>
  raw(jsonObject(alias, { id: 'id', name: 'name', title: 'title', parentId: 'parent_id' }, wanted));

/** The group in `column` is one of these, or below one of them; what the caller does not know of is no group. */
export const inGroups = (
  { accountId, known }: Scope,
  column: Sql,
  names: readonly string[],
): Sql => sql`${column} in (
  select reach.below_id
  from access_group_reach reach
  join access_group above on above.account_id = reach.account_id and above.id = reach.above_id
  where ${and([
    sql`reach.account_id = ${accountId}::bigint`,
    sql`above.name = any(${texts(names)})`,
    ...isAmong(sql`above.id`, known),
  ])})`;

const columns = { id: true, name: true, title: true, parentId: true } as const;

type Row = Prisma.AccessGroupGetPayload<{ select: typeof columns }>;

/** A row as the domain knows it. */
export const accessGroupOf = ({ id, parentId, ...group }: Row): AccessGroup => ({
  ...group,
  id: Number(id),
  parentId: parentId === null ? null : Number(parentId),
});

const seen = ({ accountId, groups }: Scope): Prisma.AccessGroupWhereInput => ({
  accountId,
  ...(groups !== 'all' && { id: { in: [...groups] } }),
});

export const accessGroupRepository = (connection: Connection): AccessGroupRepository => ({
  async all(scope) {
    const groups = await connection.accessGroup.findMany({
      where: seen(scope),
      orderBy: { name: 'asc' },
      select: columns,
    });
    return groups.map(accessGroupOf);
  },

  async byName(scope, name) {
    const group = await connection.accessGroup.findFirst({
      where: { ...seen(scope), name },
      select: columns,
    });
    return group ? accessGroupOf(group) : undefined;
  },

  async insert(accountId, { name, title, parentId }) {
    const group = await connection.accessGroup.create({
      data: { accountId, name, title, parentId },
      select: columns,
    });
    // It is reached from itself, and from wherever its parent is reached.
    await connection.$executeRaw(sql`
      insert into access_group_reach (account_id, above_id, below_id)
      select ${accountId}::bigint, ${group.id}::bigint, ${group.id}::bigint
      union all
      select account_id, above_id, ${group.id}::bigint from access_group_reach
      where account_id = ${accountId}::bigint and below_id = ${parentId}::bigint`);
    return accessGroupOf(group);
  },
});
