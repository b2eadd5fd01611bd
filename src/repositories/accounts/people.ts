import type { Prisma } from '../../database/generated/client.ts';
import {
  type Connection,
  inOrderOf,
  jsonObject,
  oneRow,
  raw,
  type Sql,
  sql,
  texts,
} from '../../database/sql.ts';
import { emailKey, type Person } from '../../domain/accounts/person.ts';
import type { KnownPerson, PeopleRepository } from '../../services/accounts/access-ports.ts';
import { notTakenBack } from './tokens.ts';

/** A person as shown beside an object that they created. Null if the join found no person. */
export const personJson = (alias: string, wanted?: readonly string[]): Sql =>
  raw(
    `case when ${alias}.id is not null then ${jsonObject(alias, { id: 'id', name: 'name', email: 'email' }, wanted)} end`,
  );

/** Whether a person has this address, in any case. Two persons of an account can match, because case used to matter. */
export const hasEmail = (person: string, email: string): Sql =>
  sql`${raw(person)}.email_key = any(${texts([email.trim(), emailKey(email)])})`;

/** Whether a person has the address in exactly this spelling. Queries sort by it, because two persons may match. */
export const isExactly = (person: string, email: string): Sql =>
  sql`${raw(person)}.email_key = ${email.trim()}`;

/** A person’s roles with everything that decides their permissions. Each access group includes the groups below it. */
const heldRolesJson = (person: string): Sql => {
  const isOfRole = sql`rg.account_id = r.account_id and rg.role_id = r.id`;
  return sql`coalesce((
    select json_agg(json_build_object(
      'name', r.name, 'isGlobalAdmin', r.is_global_admin, 'permissions', r.permissions,
      'accountPermissions', r.account_permissions, 'groups', case
        when exists (
          select from role_access_group rg
          join access_group g on g.account_id = rg.account_id and g.id = rg.access_group_id
          where ${isOfRole} and g.parent_id is null)
        then to_json('all'::text)
        else coalesce((
          select json_agg(distinct reach.below_id)
          from role_access_group rg
          join access_group_reach reach on reach.account_id = rg.account_id and reach.above_id = rg.access_group_id
          where ${isOfRole}), '[]') end) order by r.name)
    from role_person rp join role r on r.account_id = rp.account_id and r.id = rp.role_id
    where rp.account_id = ${raw(person)}.account_id and rp.person_id = ${raw(person)}.id), '[]')`;
};

export const peopleRepository = (connection: Connection): PeopleRepository => ({
  caller: (accountName, email, token) =>
    oneRow<KnownPerson>(
      connection,
      sql`
        select a.id as "accountId", a.name as "accountName", p.id as "personId", p.email, p.name,
          ${heldRolesJson('p')} as roles
        from person p join account a on a.id = p.account_id
        where a.name = ${accountName} and ${hasEmail('p', email)} and ${token ? notTakenBack(token) : sql`true`}
        order by ${isExactly('p', email)} desc limit 1`,
    ),

  async byIds(accountId, ids) {
    const people = await connection.person.findMany({
      where: { accountId, id: { in: [...ids] } },
      select: personColumns,
    });
    return inOrderOf(ids, people.map(personOf));
  },

  async byEmails(accountId, emails) {
    const keys = emails.flatMap((email) => [email.trim(), emailKey(email)]);
    const people = await connection.person.findMany({
      where: { accountId, emailKey: { in: keys } },
      select: { ...personColumns, emailKey: true },
    });
    const byKey = new Map(people.map(({ emailKey: key, ...person }) => [key, personOf(person)]));
    return emails.map((email) => byKey.get(email.trim()) ?? byKey.get(emailKey(email)));
  },
});

export const personColumns = { id: true, name: true, email: true } as const;

/** Converts a row to a domain object. */
export const personOf = ({
  id,
  ...person
}: Prisma.PersonGetPayload<{ select: typeof personColumns }>): Person => ({
  ...person,
  id: Number(id),
});
