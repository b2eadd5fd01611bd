import type { Caller } from '../domain/access.ts';
import type { Person } from '../domain/person.ts';
import type { PeopleRepository } from '../services/ports.ts';
import { bigints, type Connection, inOrderOf, oneRow, raw, rows, type Sql, sql } from './sql.ts';

/** A person as they are shown beside what they made; null when the join found none. */
export const personJson = (alias: string): Sql =>
  raw(
    `case when ${alias}.id is not null then json_build_object('id', ${alias}.id, 'name', ${alias}.name, 'email', ${alias}.email) end`,
  );

export const peopleRepository = (connection: Connection): PeopleRepository => ({
  caller: (accountName, email) =>
    oneRow<Caller>(
      connection,
      sql`
        select a.id as "accountId", a.name as "accountName", p.id as "personId", p.email, p.name
        from person p join account a on a.id = p.account_id
        where a.name = ${accountName} and p.email = ${email}`,
    ),

  byIds: async (accountId, ids) =>
    inOrderOf(
      ids,
      await rows<Person>(
        connection,
        sql`select id, name, email from person where account_id = ${accountId}::bigint and id = any(${bigints(ids)})`,
      ),
    ),
});
