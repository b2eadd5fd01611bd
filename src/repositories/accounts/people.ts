import type { Prisma } from '../../database/generated/client.ts';
import {
  assignments,
  bigints,
  type Columns,
  type Connection,
  contains,
  inOrderOf,
  insertedId,
  insertInto,
  instant,
  jsonObject,
  oneRow,
  raw,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
} from '../../database/sql.ts';
import { emailKey, type Person, type PersonDetails } from '../../domain/accounts/person.ts';
import type {
  KnownPerson,
  PeopleRepository,
  PersonFilter,
  PersonOrderField,
} from '../../services/accounts/access-ports.ts';
import type { Sorted } from '../../services/listing.ts';
import { count, type List, page, type SortColumns } from '../listing.ts';
import { notRevoked } from './tokens.ts';

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

const details = sql`
  p.id, p.name, p.email, p.version, ${instant('p.created_at')} as "createdAt", p.time_zone as "timeZone",
  p.password_hash is not null as "hasPassword",
  (select ${instant('l.expires_at')} from password_link l where l.account_id = p.account_id and l.person_id = p.id) as "linkExpiresAt",
  array(
    select rp.role_id from role_person rp where rp.account_id = p.account_id and rp.person_id = p.id
    order by rp.role_id) as "roleIds"`;

const sortColumns: SortColumns<PersonOrderField> = {
  EMAIL: { name: 'email', type: 'text' },
  NAME: { name: 'name', type: 'text' },
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
};

function list(accountId: number, { search, roleIds, isInvited }: PersonFilter): List {
  const where = [sql`p.account_id = ${accountId}::bigint`];
  if (search != null)
    where.push(sql`(${contains(sql`p.name`, search)} or ${contains(sql`p.email`, search)})`);
  if (roleIds)
    where.push(sql`exists (
      select from role_person rp
      where rp.account_id = p.account_id and rp.person_id = p.id and rp.role_id = any(${bigints(roleIds)}))`);
  if (isInvited != null)
    where.push(sql`${isInvited} = (p.password_hash is null and exists (
      select from password_link l where l.account_id = p.account_id and l.person_id = p.id))`);
  return { columns: details, from: sql`person p`, alias: 'p', where, isShort: true };
}

/** Changes to a person whose address was entered by an administrator of the account. */
const unvouched = (email: string): Columns => ({
  email: sql`${email}`,
  email_key: sql`${emailKey(email)}`,
  account_managed: sql`true`,
});

const thePerson = (accountId: number, id: number): Sql =>
  sql`account_id = ${accountId}::bigint and id = ${id}::bigint`;

export const peopleRepository = (connection: Connection): PeopleRepository => ({
  caller: (accountName, email, token) =>
    oneRow<KnownPerson>(
      connection,
      sql`
        select a.id as "accountId", a.name as "accountName", p.id as "personId", p.email, p.name,
          ${heldRolesJson('p')} as roles
        from person p join account a on a.id = p.account_id
        where a.name = ${accountName} and ${hasEmail('p', email)} and ${token ? notRevoked(token) : sql`true`}
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

  page: (accountId, { filter, ...listing }) =>
    page<Sorted<PersonDetails>, PersonOrderField>(connection, list(accountId, filter), sortColumns, listing),

  count: (accountId, filter) => count(connection, list(accountId, filter)),

  detailsOf: async (accountId, ids) =>
    inOrderOf(
      ids,
      await rows<PersonDetails>(
        connection,
        sql`select ${details} from person p where p.account_id = ${accountId}::bigint and p.id = any(${bigints(ids)})`,
      ),
    ),

  insert: (accountId, { name, email, createdAt, validFrom }) =>
    insertedId(
      connection,
      insertInto('person', {
        account_id: sql`${accountId}::bigint`,
        name: sql`${name}`,
        ...unvouched(email),
        created_at: timestamp(createdAt),
        tokens_valid_from: timestamp(validFrom),
      }),
    ),

  async save(accountId, { id, name, email, timeZone }) {
    await connection.$executeRaw(sql`
      update person set name = ${name}, email = ${email}, time_zone = ${timeZone}, version = version + 1
      where ${thePerson(accountId, id)}`);
  },

  async saveWithAddress(accountId, { id, name, email, timeZone, validFrom }) {
    const columns = {
      name: sql`${name}`,
      time_zone: sql`${timeZone}`,
      ...unvouched(email),
      tokens_valid_from: sql`greatest(tokens_valid_from, ${timestamp(validFrom)})`,
      version: sql`version + 1`,
    };
    await connection.$executeRaw(
      sql`update person set ${assignments(columns)} where ${thePerson(accountId, id)}`,
    );
    await connection.passwordLink.deleteMany({ where: { accountId, personId: id } });
  },

  async countEdits(accountId, ids) {
    if (ids.length === 0) return;
    await connection.person.updateMany({
      where: { accountId, id: { in: [...ids] } },
      data: { version: { increment: 1 } },
    });
  },

  async remove(accountId, id) {
    await connection.person.delete({ where: { accountId_id: { accountId, id } }, select: { id: true } });
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
