import type { Scope } from '../domain/access.ts';
import type { AccessGroup } from '../domain/access-group.ts';
import type { AccessGroupRepository } from '../services/ports.ts';
import { isAmong } from './scope.ts';
import {
  and,
  bigints,
  type Connection,
  insertedId,
  insertInto,
  jsonObject,
  oneRow,
  raw,
  rows,
  type Sql,
  sql,
  texts,
} from './sql.ts';

export const accessGroupJson = (alias: string, wanted?: readonly string[]): Sql =>
  raw(jsonObject(alias, { id: 'id', name: 'name', title: 'title', parentId: 'parent_id' }, wanted));

/** The group in `column` is one of these, or below one of them; what the caller does not know of is no group. */
export const inGroups = (scope: Scope, column: Sql, names: readonly string[]): Sql =>
  inOrBelow(scope, column, sql`above.name = any(${texts(names)})`);

/** The same, by their ids. */
export const inGroupsWith = (scope: Scope, column: Sql, ids: readonly number[]): Sql =>
  inOrBelow(scope, column, sql`above.id = any(${bigints(ids)})`);

const inOrBelow = ({ accountId, known }: Scope, column: Sql, which: Sql): Sql => sql`${column} in (
  select reach.below_id
  from access_group_reach reach
  join access_group above on above.account_id = reach.account_id and above.id = reach.above_id
  where ${and([sql`reach.account_id = ${accountId}::bigint`, which, ...isAmong(sql`above.id`, known)])})`;

const columns = sql`g.id, g.name, g.title, g.parent_id as "parentId"`;

const seen = ({ accountId, groups }: Scope): Sql =>
  and([sql`g.account_id = ${accountId}::bigint`, ...isAmong(sql`g.id`, groups)]);

export const accessGroupRepository = (connection: Connection): AccessGroupRepository => ({
  all: (scope) =>
    rows<AccessGroup>(
      connection,
      sql`select ${columns} from access_group g where ${seen(scope)} order by g.name`,
    ),

  byName: (scope, name) =>
    oneRow<AccessGroup>(
      connection,
      sql`select ${columns} from access_group g where ${seen(scope)} and g.name = ${name}`,
    ),

  async insert(accountId, group) {
    const id = await insertedId(
      connection,
      insertInto('access_group', {
        account_id: sql`${accountId}::bigint`,
        name: sql`${group.name}`,
        title: sql`${group.title}`,
        parent_id: sql`${group.parentId}::bigint`,
      }),
    );
    // It is reached from itself, and from wherever its parent is reached.
    await connection.$executeRaw(sql`
      insert into access_group_reach (account_id, above_id, below_id)
      select ${accountId}::bigint, ${id}::bigint, ${id}::bigint
      union all
      select account_id, above_id, ${id}::bigint from access_group_reach
      where account_id = ${accountId}::bigint and below_id = ${group.parentId}::bigint`);
    return { ...group, id };
  },
});
