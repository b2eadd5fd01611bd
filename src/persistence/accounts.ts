import { ROOT_ACCESS_GROUP } from '../domain/access-group.ts';
import type { Instant } from '../domain/time.ts';
import { type Connection, insertedId, insertInto, oneRow, sql, timestamp } from './sql.ts';

/**
 * Makes an account with what none may be without: its limits, and the root of its access groups.
 * One statement, so that it is all or nothing outside a transaction too.
 */
export async function createAccount(
  connection: Connection,
  { name, title, now }: { name: string; title: string; now: Instant },
): Promise<number> {
  const account = insertInto('account', {
    name: sql`${name}`,
    title: sql`${title}`,
    created_at: timestamp(now),
  });
  const [made] = await connection.$queryRaw<[{ id: bigint }]>(sql`
    with made as (${account} returning id),
      limits as (insert into script_profile_limits (account_id) select id from made),
      root as (
        insert into access_group (account_id, name, title)
        select id, ${ROOT_ACCESS_GROUP}, 'Global' from made returning account_id, id),
      reach as (
        insert into access_group_reach (account_id, above_id, below_id) select account_id, id, id from root)
    select id from made`);
  return Number(made.id);
}

export interface PersonToSave {
  readonly accountId: number;
  readonly email: string;
  readonly name: string;
  /** Null: they can't log in with a password. */
  readonly passwordHash: string | null;
  readonly now: Instant;
}

/** Makes a person, or gives the one with this e-mail their new name and password. Answers with their id. */
export function savePerson(
  connection: Connection,
  { accountId, email, name, passwordHash, now }: PersonToSave,
): Promise<number> {
  const person = insertInto('person', {
    account_id: sql`${accountId}::bigint`,
    email: sql`${email}`,
    name: sql`${name}`,
    password_hash: sql`${passwordHash}::text`,
    created_at: timestamp(now),
  });
  return insertedId(
    connection,
    sql`
      ${person}
      on conflict (account_id, email) do update set name = excluded.name, password_hash = excluded.password_hash`,
  );
}

/** The id of the account with this name. */
export async function findAccount(connection: Connection, name: string): Promise<number | undefined> {
  return (await oneRow<{ id: number }>(connection, sql`select id from account where name = ${name}`))?.id;
}
