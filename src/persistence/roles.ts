import { accountPermissions, groupPermissions } from '../domain/access.ts';
import type { Role } from '../domain/role.ts';
import type { RoleRepository } from '../services/access-ports.ts';
import { accessGroupJson } from './access-groups.ts';
import { personJson } from './people.ts';
import {
  assignments,
  bigints,
  type Columns,
  type Connection,
  inOrderOf,
  insertedId,
  insertInto,
  rows,
  type Sql,
  sql,
  texts,
} from './sql.ts';

const columns = sql`
  r.id, r.version, r.name, r.description, r.is_global_admin as "isGlobalAdmin", r.permissions,
  r.account_permissions as "accountPermissions",
  coalesce((
    select json_agg(${accessGroupJson('g')} order by g.name) from access_group g
    where g.account_id = r.account_id and case when r.is_global_admin then g.parent_id is null else exists (
      select from role_access_group rg
      where rg.account_id = r.account_id and rg.role_id = r.id and rg.access_group_id = g.id) end), '[]') as "accessGroups",
  coalesce((
    select json_agg(${personJson('p')} order by p.email)
    from role_person rp join person p on p.account_id = rp.account_id and p.id = rp.person_id
    where rp.account_id = r.account_id and rp.role_id = r.id), '[]') as persons`;

const mutableColumns = (role: NewRole): Columns => ({
  name: sql`${role.name}`,
  description: sql`${role.description}`,
  permissions: texts(role.isGlobalAdmin ? [] : role.permissions),
  account_permissions: texts(role.isGlobalAdmin ? [] : role.accountPermissions),
});

type NewRole = Omit<Role, 'id' | 'version'>;

export const roleRepository = (connection: Connection): RoleRepository => {
  const select = async (accountId: number, condition: Sql) =>
    (
      await rows<Role>(
        connection,
        sql`select ${columns} from role r where r.account_id = ${accountId}::bigint and ${condition} order by r.name`,
      )
    ).map(whole);

  const link = async (accountId: number, id: number, { accessGroups, persons, isGlobalAdmin }: NewRole) => {
    const groups = isGlobalAdmin ? [] : accessGroups;
    await connection.$executeRaw(sql`
      insert into role_access_group (account_id, role_id, access_group_id)
      select ${accountId}::bigint, ${id}::bigint, unnest(${bigints(groups.map((group) => group.id))})`);
    await connection.$executeRaw(sql`
      insert into role_person (account_id, role_id, person_id)
      select ${accountId}::bigint, ${id}::bigint, unnest(${bigints(persons.map((person) => person.id))})`);
  };

  return {
    all: (accountId) => select(accountId, sql`true`),

    byIds: async (accountId, ids) =>
      inOrderOf(ids, await select(accountId, sql`r.id = any(${bigints(ids)})`)),

    async insert(accountId, role) {
      const id = await insertedId(
        connection,
        insertInto('role', { account_id: sql`${accountId}::bigint`, ...mutableColumns(role) }),
      );
      await link(accountId, id, role);
      return id;
    },

    async save(accountId, role) {
      const mine = sql`account_id = ${accountId}::bigint and role_id = ${role.id}::bigint`;
      await connection.$executeRaw(sql`
        update role set ${assignments({ ...mutableColumns(role), version: sql`${role.version}::int` })}
        where account_id = ${accountId}::bigint and id = ${role.id}::bigint`);
      await connection.$executeRaw(sql`delete from role_access_group where ${mine}`);
      await connection.$executeRaw(sql`delete from role_person where ${mine}`);
      await link(accountId, role.id, role);
    },

    async remove(accountId, id) {
      await connection.$executeRaw(
        sql`delete from role where account_id = ${accountId}::bigint and id = ${id}::bigint`,
      );
    },
  };
};

/** What GlobalAdmin may do is in no row: everything there is. */
const whole = (role: Role): Role =>
  role.isGlobalAdmin ? { ...role, permissions: groupPermissions, accountPermissions } : role;
