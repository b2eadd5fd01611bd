import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectPostgresql, type Database } from '../../src/database/database.ts';
import { newClient, openPool, openSession } from '../../src/database/postgresql/postgresql-session.ts';
import type { Services } from '../../src/services/index.ts';
import { atOnce, tally, times } from '../services/at-once.ts';
import { aDraft } from '../support/builders.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { servicesOver } from '../support/replicas.ts';
import { anAccount, insert } from '../support/rows.ts';
import { onServer } from '../support/server.ts';

// Defaults of a database that would break a session that does not set its own values.
const HOSTILE: Readonly<Record<string, string>> = {
  default_transaction_isolation: 'repeatable read',
  default_transaction_read_only: 'on',
  default_transaction_deferrable: 'on',
  search_path: 'elsewhere',
  TimeZone: 'Asia/Kathmandu',
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'iso_8601',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  client_encoding: 'LATIN1',
  quote_all_identifiers: 'on',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  transform_null_equals: 'on',
  synchronous_commit: 'off',
  lock_timeout: '1ms',
  statement_timeout: '1s',
  idle_in_transaction_session_timeout: '1ms',
  idle_session_timeout: '1s',
};
const STATED = {
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  search_path: 'public',
  TimeZone: 'UTC',
  DateStyle: 'ISO, DMY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  synchronous_commit: 'on',
  lock_timeout: '0',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
};
const OF_REQUESTS = {
  ...STATED,
  lock_timeout: '8s',
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '90s',
};

let fresh: Database;
let url: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  url = urlOf(fresh);
  const name = new URL(url).pathname.slice(1);
  await onServer(url, async (client) => {
    for (const [setting, value] of Object.entries(HOSTILE))
      await client.query(
        `ALTER DATABASE "${name}" SET ${setting} TO ${setting === 'DateStyle' ? value : `'${value}'`}`,
      );
  });
});
afterAll(() => fresh.close());

const SHOW = `select name, current_setting(name) as value from unnest($1::text[]) as name`;
type Asking = {
  query(text: string, values: unknown[]): Promise<{ rows: { name: string; value: string }[] }>;
};
async function settingsOf(session: Asking) {
  const { rows } = await session.query(SHOW, [Object.keys(HOSTILE)]);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

describe('when a database has other defaults for its sessions', () => {
  test('a connection for requests sets every setting that correctness depends on', async () => {
    const pool = openPool(url, () => {});
    expect(await settingsOf(pool)).toEqual(OF_REQUESTS);
    await pool.end();
  });

  test('so does a session of migrations, moves and the doctor, without time-outs', async () => {
    const session = openSession(url, () => {});
    expect(await settingsOf(session)).toEqual(STATED);
    await session.end();
  });

  test('so does a connection that listens', async () => {
    const client = newClient(url, {});
    await client.connect();
    expect(await settingsOf(client)).toEqual(STATED);
    await client.end();
  });

  test('concurrent creations on two replicas still stop at the limit', async () => {
    const account = await anAccount(fresh.prisma);
    await fresh.prisma.scriptProfileLimits.updateMany({ data: { maxNumProfiles: 10 } });
    await insert(fresh.prisma, 'script', account, [{ id: 1000 }]);
    const [one, other] = [connectPostgresql(url), connectPostgresql(url)];
    const create = times(
      20,
      (index) => (services: Services) =>
        services.scriptProfiles.create(account.caller, aDraft({ title: `Profile ${index}`, scriptId: 1000 })),
    );
    expect(tally(await atOnce([servicesOver(one), servicesOver(other)], create))).toEqual({
      done: 10,
      PROFILE_LIMIT: 10,
    });
    await Promise.all([one.close(), other.close()]);
  });
});
