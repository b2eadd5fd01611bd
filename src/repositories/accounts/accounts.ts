import { type Connection, insertedId, insertInto, sql, timestamp } from '../../database/sql.ts';
import { ROOT_ACCESS_GROUP } from '../../domain/accounts/access-group.ts';
import { emailKey } from '../../domain/accounts/person.ts';
import { GLOBAL_ADMIN } from '../../domain/accounts/role.ts';
import { validAfter } from '../../domain/accounts/token.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../../services/event-log.ts';
import type { AccountRepository } from '../../services/ports.ts';
import { newOutbox } from '../outbox.ts';
import { logInRepository } from './log-ins.ts';

/** Creates an account with its required rows: limits, the root access group and the role GlobalAdmin. */
export async function createAccount(
  connection: Connection,
  { name, title, now }: { name: string; title: string; now: Instant },
): Promise<number> {
  const { id, accessGroups } = await connection.account.create({
    data: {
      name,
      title,
      createdAt: now,
      limits: { create: {} },
      accessGroups: { create: { name: ROOT_ACCESS_GROUP, title: 'Global' } },
      roles: {
        create: {
          name: GLOBAL_ADMIN,
          description: 'All permissions in the whole account.',
          isGlobalAdmin: true,
        },
      },
    },
    select: { id: true, accessGroups: { select: { id: true } } },
  });
  const root = accessGroups[0]!.id;
  await connection.accessGroupReach.create({ data: { accountId: id, aboveId: root, belowId: root } });
  return Number(id);
}

export interface PersonToSave {
  readonly accountId: number;
  readonly email: string;
  readonly name: string;
  /** Null if the person can't log in with a password. */
  readonly passwordHash: string | null;
  readonly now: Instant;
}

/**
 * Creates a person without permissions, or gives the person with this e-mail a new name and password. A new password
 * invalidates the existing tokens. Returns the person's id.
 */
export async function savePerson(
  connection: Connection,
  { accountId, email, name, passwordHash, now }: PersonToSave,
): Promise<number> {
  const spelled = { accountId, emailKey: email.trim() };
  const isKnown = (await connection.person.count({ where: spelled })) > 0;
  const person = insertInto('person', {
    account_id: sql`${accountId}::bigint`,
    email: sql`${email.trim()}`,
    email_key: sql`${isKnown ? spelled.emailKey : emailKey(email)}`,
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
 * Creates a person with all permissions in the account. A person who is already in the account keeps their roles and
 * gets the new password in all of their accounts, because an e-mail address is one person, and any of its passwords
 * opens all of these accounts. The exception is an account in which an administrator created the person. Their existing
 * tokens are revoked, every process is notified, and each account's event log records it.
 */
export async function saveAdministrator(connection: Connection, person: PersonToSave): Promise<number> {
  const { accountId, email, passwordHash, now } = person;
  const known = await logInRepository(connection).peopleWith(email);
  const id = await savePerson(connection, person);
  if (!known.some(({ identity }) => identity.accountId === accountId)) {
    const { id: roleId } = await connection.role.findFirstOrThrow({
      where: { accountId, isGlobalAdmin: true },
      select: { id: true },
    });
    await connection.rolePerson.create({ data: { accountId, roleId, personId: id } });
    return id;
  }
  const outbox = newOutbox();
  const same = known.filter((one) => one.identity.accountId === accountId || !one.isAccountManaged);
  for (const { identity: one } of same) {
    await connection.passwordLink.deleteMany({
      where: { accountId: one.accountId, personId: one.personId },
    });
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

/** Never earlier than the stored time, so revoked tokens stay revoked. */
const validFrom = (now: Instant) => sql`greatest(person.tokens_valid_from, ${timestamp(validAfter(now))})`;

export async function findAccount(connection: Connection, name: string): Promise<number | undefined> {
  const account = await connection.account.findUnique({ where: { name }, select: { id: true } });
  return account ? Number(account.id) : undefined;
}

export const accountRepository = (connection: Connection): AccountRepository => ({
  async ids() {
    const accounts = await connection.account.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    return accounts.map(({ id }) => Number(id));
  },

  async createFirst(account) {
    await connection.$executeRaw(sql`lock table account in share row exclusive mode`);
    if ((await connection.account.count()) > 0) return undefined;
    return createAccount(connection, account);
  },

  addAdministrator: (accountId, person) => saveAdministrator(connection, { accountId, ...person }),

  preferences: (accountId) =>
    connection.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { title: true, autoRegisterNewComputers: true, registrationKeyHash: true },
    }),

  async savePreferences(accountId, { title, autoRegisterNewComputers, registrationKeyHash }) {
    await connection.account.update({
      where: { id: accountId },
      data: { title, autoRegisterNewComputers, registrationKeyHash },
      select: { id: true },
    });
  },

  async byName(name) {
    const account = await connection.account.findUnique({
      where: { name },
      select: { id: true, registrationKeyHash: true },
    });
    return account ? { ...account, id: Number(account.id) } : undefined;
  },
});
