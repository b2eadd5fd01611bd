import { ROOT_ACCESS_GROUP } from '../domain/access-group.ts';
import { emailKey } from '../domain/person.ts';
import { GLOBAL_ADMIN } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import { validAfter } from '../domain/token.ts';
import { record } from '../services/event-log.ts';
import type { AccountRepository, Preferences } from '../services/ports.ts';
import { logInRepository } from './log-ins.ts';
import { newOutbox } from './outbox.ts';
import { type Connection, insertedId, insertInto, oneRow, rows, sql, timestamp } from './sql.ts';

/**
 * Makes an account with what none may be without: its limits, the root of its access groups, and GlobalAdmin.
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
        insert into access_group_reach (account_id, above_id, below_id) select account_id, id, id from root),
      global_admin as (
        insert into role (account_id, name, description, is_global_admin)
        select id, ${GLOBAL_ADMIN}, 'All permissions in the whole account.', true from made)
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

/**
 * Makes a person, who may do nothing yet, or gives the one with this e-mail their new name and password; whoever got
 * in with the old one is out. Answers with their id.
 */
export function savePerson(
  connection: Connection,
  { accountId, email, name, passwordHash, now }: PersonToSave,
): Promise<number> {
  const person = insertInto('person', {
    account_id: sql`${accountId}::bigint`,
    email: sql`${email.trim()}`,
    email_key: sql`coalesce((
      select email_key from person where account_id = ${accountId}::bigint and email_key = ${email.trim()}), ${emailKey(email)})`,
    name: sql`${name}`,
    password_hash: sql`${passwordHash}::text`,
    created_at: timestamp(now),
  });
  return insertedId(
    connection,
    sql`
      ${person}
      on conflict (account_id, email_key) do update
        set name = excluded.name, password_hash = excluded.password_hash, tokens_valid_from = ${validFrom(now)}`,
  );
}

/**
 * Makes a person who may do everything in the account. Somebody who is there keeps the roles that they have, and gets
 * the new password, in all of their accounts: an e-mail is one person, whom any of their passwords lets into all of
 * them. What they got in with before is taken back there, and every process is told, and each account's event log.
 */
export async function saveAdministrator(connection: Connection, person: PersonToSave): Promise<number> {
  const { accountId, email, passwordHash, now } = person;
  const known = await logInRepository(connection).peopleWith(email);
  const id = await savePerson(connection, person);
  if (!known.some(({ identity }) => identity.accountId === accountId)) {
    await connection.$executeRaw(sql`
      insert into role_person (account_id, role_id, person_id)
      select account_id, id, ${id}::bigint from role where account_id = ${accountId}::bigint and is_global_admin`);
    return id;
  }
  const outbox = newOutbox();
  for (const { identity: one } of known) {
    if (one.accountId !== accountId)
      await connection.$executeRaw(sql`
        update person set password_hash = ${passwordHash}, tokens_valid_from = ${validFrom(now)}
        where account_id = ${one.accountId}::bigint and id = ${one.personId}::bigint`);
    const entity = { type: 'Person', id: one.personId, title: one.email } as const;
    record(outbox, { accountId: one.accountId }, now, { action: 'TOKEN_REVOKED', entity });
    outbox.announce({ kind: 'access', accountId: one.accountId, personId: one.personId });
  }
  await outbox.send(connection);
  return id;
}

/** Never earlier than it was: what was taken back stays so. */
const validFrom = (now: Instant) => sql`greatest(person.tokens_valid_from, ${timestamp(validAfter(now))})`;

/** The id of the account with this name. */
export async function findAccount(connection: Connection, name: string): Promise<number | undefined> {
  return (await oneRow<{ id: number }>(connection, sql`select id from account where name = ${name}`))?.id;
}

export const accountRepository = (connection: Connection): AccountRepository => ({
  async ids() {
    const accounts = await rows<{ id: number }>(connection, sql`select id from account order by id`);
    return accounts.map(({ id }) => id);
  },

  async preferences(accountId) {
    const preferences = await oneRow<Preferences>(
      connection,
      sql`
        select title, auto_register_new_computers as "autoRegisterNewComputers", registration_key_hash as "registrationKeyHash"
        from account where id = ${accountId}::bigint`,
    );
    return preferences!;
  },

  async savePreferences(accountId, { title, autoRegisterNewComputers, registrationKeyHash }) {
    await connection.$executeRaw(sql`
      update account set title = ${title}, auto_register_new_computers = ${autoRegisterNewComputers}::boolean,
        registration_key_hash = ${registrationKeyHash}::text
      where id = ${accountId}::bigint`);
  },

  byName: (name) =>
    oneRow(
      connection,
      sql`select id, registration_key_hash as "registrationKeyHash" from account where name = ${name}`,
    ),
});
