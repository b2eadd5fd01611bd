import type { Prisma } from '../../database/generated/client.ts';
import {
  type Connection,
  instant,
  instantOfDate,
  rowsOfChange,
  sql,
  texts,
  timestamp,
} from '../../database/sql.ts';
import type { Attempts } from '../../domain/accounts/log-in.ts';
import { emailKey } from '../../domain/accounts/person.ts';
import type { LogInPerson, LogInRepository } from '../../services/accounts/log-in-ports.ts';

export const logInRepository = (connection: Connection): LogInRepository => ({
  async peopleWith(email) {
    const spelled = email.trim();
    const people = await connection.person.findMany({
      where: { emailKey: { in: [spelled, emailKey(email)] } },
      select: logInPersonColumns,
    });
    // If two persons of an account match, the one with exactly this spelling is first.
    const isOther = ({ emailKey: key }: Row) => (key === spelled ? 0 : 1);
    const found = people.toSorted((a, b) => Number(a.accountId - b.accountId) || isOther(a) - isOther(b));
    return found
      .filter(({ accountId }, index) => accountId !== found[index - 1]?.accountId)
      .toSorted((a, b) => lateness(a) - lateness(b))
      .map(logInPersonOf);
  },

  async ownerOf(key) {
    const found = await connection.accessKey.findUnique({
      where: { key },
      select: { secretHash: true, person: { select: logInPersonColumns } },
    });
    return found ? { person: logInPersonOf(found.person), secretHash: found.secretHash } : undefined;
  },

  async lockAttempts(subjects, now) {
    // Insert missing rows first, because only existing rows can be locked. Sort them, so that two log-ins never
    // deadlock.
    const locked = await rowsOfChange<Attempts & { subject: string }>(
      connection,
      sql`locked as (
        insert into log_in_attempts (subject, failures, last_at)
        select subject, 0, ${timestamp(now)} from unnest(${texts([...subjects].sort())}) as subject
        on conflict (subject) do update set subject = excluded.subject
        returning subject, failures, last_at)`,
      sql`select subject, failures, ${instant('last_at')} as "lastAt" from locked`,
    );
    return new Map(locked.map(({ subject, ...attempts }) => [subject, attempts]));
  },

  async attempts(subjects) {
    const found = await connection.logInAttempts.findMany({ where: { subject: { in: [...subjects] } } });
    return new Map(
      found.map(({ subject, failures, lastAt }) => [subject, { failures, lastAt: instantOfDate(lastAt) }]),
    );
  },

  async saveAttempts(subject, { failures, lastAt }) {
    await connection.logInAttempts.updateMany({ where: { subject }, data: { failures, lastAt } });
  },

  async undoAttempt(subject, attempt, before) {
    await connection.$executeRaw(sql`
      update log_in_attempts set failures = greatest(failures - 1, 0),
        last_at = case when last_at = ${timestamp(attempt)} then ${timestamp(before)} else last_at end
      where subject = ${subject}`);
  },

  async clearFailures(subject) {
    await connection.logInAttempts.deleteMany({ where: { subject } });
  },

  async forgetAttempts(before) {
    // Skip locked rows. Either a log-in is using them, or the next pass deletes them.
    await connection.$executeRaw(sql`
      delete from log_in_attempts where subject in (
        select subject from log_in_attempts where last_at < ${timestamp(before)} limit 1000 for update skip locked)`);
  },

  async isKnownNetwork(subject) {
    return (await connection.logInNetwork.findUnique({ where: { subject } })) !== null;
  },

  async rememberNetwork(subject, now) {
    await connection.logInNetwork.upsert({
      where: { subject },
      create: { subject, lastAt: now },
      update: { lastAt: now },
    });
  },

  async forgetNetworks(before) {
    await connection.$executeRaw(sql`
      delete from log_in_network where subject in (
        select subject from log_in_network where last_at < ${timestamp(before)} limit 1000 for update skip locked)`);
  },
});

/** Persons whom no administrator manages come first. After that, persons with a password come first. */
const lateness = ({ accountManaged, passwordHash }: Row) =>
  Number(accountManaged) * 2 + Number(!passwordHash);

export const logInPersonColumns = {
  accountId: true,
  id: true,
  email: true,
  emailKey: true,
  name: true,
  passwordHash: true,
  tokensValidFrom: true,
  accountManaged: true,
  account: { select: { name: true, title: true, tokensValidFrom: true } },
} as const satisfies Prisma.PersonSelect;

type Row = Prisma.PersonGetPayload<{ select: typeof logInPersonColumns }>;

export function logInPersonOf(person: Row): LogInPerson {
  const { accountId, id, email, name, passwordHash, account } = person;
  const validFrom = [account.tokensValidFrom, person.tokensValidFrom].filter((time) => time !== null);
  return {
    identity: { accountId: Number(accountId), accountName: account.name, personId: Number(id), email, name },
    accountTitle: account.title,
    passwordHash,
    tokensValidFrom: validFrom.map(instantOfDate).sort().at(-1) ?? null,
    isAccountManaged: person.accountManaged,
  };
}
