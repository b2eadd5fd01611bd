import type { Attempts } from '../domain/log-in.ts';
import type { LogInPerson, LogInRepository } from '../services/log-in-ports.ts';
import { hasEmail, isExactly } from './people.ts';
import {
  type Connection,
  instant,
  oneRow,
  rows,
  rowsOfChange,
  type Sql,
  sql,
  texts,
  timestamp,
} from './sql.ts';

export const logInRepository = (connection: Connection): LogInRepository => ({
  async peopleWith(email) {
    const found = await rows<LogInPerson>(
      connection,
      sql`${people} where ${hasEmail('p', email)} order by a.id, ${isExactly('p', email)} desc`,
    );
    const accountOf = (person: LogInPerson) => person.identity.accountId;
    return found.filter((person, index) => index === 0 || accountOf(person) !== accountOf(found[index - 1]!));
  },

  async ownerOf(key) {
    const owner = await oneRow<LogInPerson & { secretHash: string }>(
      connection,
      sql`
        select person.*, k.secret_hash as "secretHash"
        from access_key k, lateral (${people} where p.account_id = k.account_id and p.id = k.person_id) person
        where k.key = ${key}`,
    );
    if (!owner) return undefined;
    const { secretHash, ...person } = owner;
    return { person, secretHash };
  },

  async lockAttempts(subjects, now) {
    // Made first where they are missing, so that there is something to lock; sorted, so that nobody waits in a circle.
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
    const found = await rows<Attempts & { subject: string }>(
      connection,
      sql`
        select subject, failures, ${instant('last_at')} as "lastAt" from log_in_attempts
        where subject = any(${texts(subjects)})`,
    );
    return new Map(found.map(({ subject, ...attempts }) => [subject, attempts]));
  },

  async saveAttempts(subject, { failures, lastAt }) {
    await connection.$executeRaw(sql`
      update log_in_attempts set failures = ${failures}::int, last_at = ${timestamp(lastAt)}
      where subject = ${subject}`);
  },

  async takeBackAttempt(subject, attempt, before) {
    await connection.$executeRaw(sql`
      update log_in_attempts set failures = greatest(failures - 1, 0),
        last_at = case when last_at = ${timestamp(attempt)} then ${timestamp(before)} else last_at end
      where subject = ${subject}`);
  },

  async forgive(subject) {
    await connection.$executeRaw(sql`delete from log_in_attempts where subject = ${subject}`);
  },

  async forgetAttempts(before) {
    // What somebody else has locked is not old, or goes next time.
    await connection.$executeRaw(sql`
      delete from log_in_attempts where subject in (
        select subject from log_in_attempts where last_at < ${timestamp(before)} limit 1000 for update skip locked)`);
  },

  async isKnownNetwork(subject) {
    return (
      (await rows(connection, sql`select 1 as known from log_in_network where subject = ${subject}`)).length >
      0
    );
  },

  async rememberNetwork(subject, now) {
    await connection.$executeRaw(sql`
      insert into log_in_network (subject, last_at) values (${subject}, ${timestamp(now)})
      on conflict (subject) do update set last_at = excluded.last_at`);
  },

  async forgetNetworks(before) {
    await connection.$executeRaw(sql`
      delete from log_in_network where subject in (
        select subject from log_in_network where last_at < ${timestamp(before)} limit 1000 for update skip locked)`);
  },
});

const people: Sql = sql`
  select json_build_object('accountId', a.id, 'accountName', a.name, 'personId', p.id, 'email', p.email, 'name', p.name)
      as identity,
    a.title as "accountTitle", p.password_hash as "passwordHash",
    ${instant('greatest(a.tokens_valid_from, p.tokens_valid_from)')} as "tokensValidFrom"
  from person p join account a on a.id = p.account_id`;
