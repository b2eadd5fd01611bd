import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { type Migration, readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { adapterOf, freshDatabase, resetDatabase } from '../support/database.ts';

let database: Database;
let adapter: SqlDriverAdapterFactory;
let release: Migration[];

beforeAll(async () => {
  database = await freshDatabase();
  adapter = adapterOf(database);
  release = await readMigrations();
});

afterAll(() => database.close());

const sql = (text: string) => database.prisma.$executeRawUnsafe(text);
const count = async (text: string) => {
  const [row] = await database.prisma.$queryRawUnsafe<{ count: bigint }[]>(text);
  return Number(row?.count);
};
const tables = () => count(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`);

describe('the migrations', () => {
  test('do nothing if applied again', async () => {
    const before = await count('SELECT count(*) FROM _prisma_migrations');
    expect(await migrate(adapter)).toEqual([]);
    expect(await count('SELECT count(*) FROM _prisma_migrations')).toBe(before);
  });

  test('have names that start with the time of creation, in ascending order', () => {
    const names = release.map((migration) => migration.name);
    expect(names.filter((name) => !/^\d{14}_[a-z0-9_]+$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.slice(0, 14))).size).toBe(names.length);
  });
});

describe('a database', () => {
  const next = (text: string): Migration => ({ name: '99990101000000_next', sql: text, checksum: '' });
  const refusal = (migrations: Migration[]) =>
    migrate(adapter, { migrations }).catch((error: Error) => error.message);

  test('is unchanged if a migration fails half way, and then accepts the repaired migration', async () => {
    const before = await tables();
    const broken = next(
      `CREATE TABLE half (id INT); -- a semicolon; in a comment\nCREATE TABLE account (id INT);`,
    );
    expect(await refusal([...release, broken])).toMatch(
      /was not changed.*99990101000000_next.*"account" already exists/,
    );
    expect(await tables()).toBe(before);
    expect(await migrate(adapter)).toEqual([]);

    const repaired = next(`CREATE TABLE half (note TEXT DEFAULT 'a;b'); DROP TABLE half;`);
    expect(await migrate(adapter, { migrations: [...release, repaired] })).toEqual([repaired.name]);
    await sql(`DELETE FROM _prisma_migrations WHERE migration_name = '${repaired.name}'`);
  });

  test('with tables of another program is refused with their names', async () => {
    await sql(`ALTER TABLE _prisma_migrations RENAME TO not_ours`);
    const before = await tables();
    expect(await refusal(release)).toMatch(
      /tables of other software \(access_group, .* …\).*Name an empty database/,
    );
    expect(await tables()).toBe(before);
    await sql(`ALTER TABLE not_ours RENAME TO _prisma_migrations`);
  });

  test('with a migration that this release does not know is refused as newer', async () => {
    expect(await refusal(release.slice(0, -1))).toMatch(
      new RegExp(`newer than this release.*${release.at(-1)?.name}`),
    );
  });

  test('with a migration that was edited after it was applied is refused', async () => {
    const edited = release.map((migration) => ({ ...migration, checksum: 'another' }));
    expect(await refusal(edited)).toContain('changed after they were applied');
  });

  test('with a migration that another tool left unfinished is refused until this is resolved', async () => {
    await sql(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', '99990101000000_cut')`,
    );
    expect(await refusal(release)).toMatch(/failed or was interrupted: 99990101000000_cut/);
    await sql(`UPDATE _prisma_migrations SET rolled_back_at = '2024-01-01' WHERE id = '1'`);
    expect(await migrate(adapter)).toEqual([]);
    await sql(`DELETE FROM _prisma_migrations WHERE id = '1'`);
  });
});

describe('a row', () => {
  const day = `'2024-01-02T00:00:00Z'`;

  beforeEach(async () => {
    await resetDatabase(database);
    await sql(`INSERT INTO account (name, title, created_at) VALUES ('standalone', 'Standalone', ${day})`);
    await sql('INSERT INTO script_profile_limits (account_id) VALUES (1)');
    await sql(`INSERT INTO access_group (account_id, name, title) VALUES (1, 'global', 'Global')`);
    await sql(`INSERT INTO computer (account_id, title, hostname, status, access_group_id, created_at)
               VALUES (1, 'Web', 'web', 'accepted', 1, ${day})`);
    await sql('INSERT INTO agent (account_id, computer_id) VALUES (1, 1)');
    await sql(`INSERT INTO script (account_id, title, access_group_id, created_at, last_edited_at)
               VALUES (1, 'Update', 1, ${day}, ${day})`);
    await sql(`INSERT INTO script_version (account_id, script_id, number, title, interpreter, code, created_at)
               VALUES (1, 1, 1, 'Update', '/bin/sh', 'true', ${day})`);
    const profile = `INSERT INTO script_profile (account_id, title, script_id, access_group_id, created_at,
      last_edited_at, all_computers, tags, time_limit, username, trigger_kind,`;
    const values = (title: string, kind: string) =>
      `VALUES (1, '${title}', 1, 1, ${day}, ${day}, true, '{}', 300, 'root', '${kind}',`;
    await sql(`${profile} event_type) ${values('event', 'event')} 'post_enrollment')`);
    await sql(
      `${profile} timestamp, is_finished, next_run) ${values('once', 'one_time')} ${day}, false, ${day})`,
    );
    await sql(
      `${profile} interval, start_after, next_run) ${values('often', 'recurring')} '0 0 * * *', ${day}, ${day})`,
    );
    await sql(`INSERT INTO slot_entry (account_id, script_profile_id, status, first_slot, last_slot, number)
               VALUES (1, 3, 'fired', ${day}, ${day}, 1)`);
    await sql(
      `INSERT INTO role (account_id, name, is_global_admin) VALUES (1, 'GlobalAdmin', true), (1, 'Auditor', false)`,
    );
    await sql(`INSERT INTO activity (account_id, type, summary, status, creation_time,
                 num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
               VALUES (1, 'ActivityGroup', 'Run script', 'undelivered', ${day}, 1, 0, 0, 0, 0)`);
    await sql(`INSERT INTO activity (account_id, parent_id, type, summary, status, creation_time, computer_id)
               VALUES (1, 1, 'ExecuteScriptRequest', 'Run script', 'undelivered', ${day}, 1)`);
  });

  const event = `UPDATE script_profile SET %s WHERE trigger_kind = 'event'`;
  const once = `UPDATE script_profile SET %s WHERE trigger_kind = 'one_time'`;
  const often = `UPDATE script_profile SET %s WHERE trigger_kind = 'recurring'`;
  const group = `UPDATE activity SET %s WHERE type = 'ActivityGroup'`;
  const execution = `UPDATE activity SET %s WHERE type = 'ExecuteScriptRequest'`;

  const admin = 'UPDATE role SET %s WHERE is_global_admin';
  const auditor = 'UPDATE role SET %s WHERE NOT is_global_admin';

  const refused: [constraint: string, statement: string, set: string][] = [
    ['computer_status_check', 'UPDATE computer SET %s', `status = 'rejected'`],
    ['computer_title_check', 'UPDATE computer SET %s', `title = ''`],
    ['agent_told_status_check', 'UPDATE agent SET %s', `told_status = 'removed'`],
    ['script_status_check', 'UPDATE script SET %s', `status = 'active'`],
    ['script_title_check', 'UPDATE script SET %s', `title = ''`],
    ['script_version_number_check', 'UPDATE script SET %s', 'version_number = 0'],
    ['script_time_limit_check', 'UPDATE script SET %s', 'time_limit = 0'],
    ['script_version_number_check', 'UPDATE script_version SET %s', 'number = 0'],
    [
      'script_profile_limits_max_num_computers_check',
      'UPDATE script_profile_limits SET %s',
      'max_num_computers = -1',
    ],
    [
      'script_profile_limits_max_num_profiles_check',
      'UPDATE script_profile_limits SET %s',
      'max_num_profiles = -1',
    ],
    ['script_profile_limits_min_interval_check', 'UPDATE script_profile_limits SET %s', 'min_interval = -1'],
    ['script_profile_title_check', often, `title = ''`],
    ['script_profile_time_limit_check', often, 'time_limit = 0'],
    ['script_profile_version_check', often, 'version = 0'],
    ['script_profile_arming_check', often, 'arming = 0'],
    ['script_profile_overlap_check', often, `overlap = 'QUEUE'`],
    ['script_profile_deliver_within_check', often, 'deliver_within = 0'],
    ['script_profile_deliver_within_check', often, 'deliver_within = 31536001'],
    ['script_profile_trigger_kind_check', often, `trigger_kind = 'hourly'`],
    ['script_profile_event_trigger_check', event, 'event_type = NULL'],
    ['script_profile_event_trigger_check', event, `event_type = 'boot'`],
    ['script_profile_event_trigger_check', event, `timestamp = ${day}`],
    ['script_profile_event_trigger_check', event, 'is_finished = false'],
    ['script_profile_event_trigger_check', event, `interval = '* * * * *'`],
    ['script_profile_event_trigger_check', event, `start_after = ${day}`],
    ['script_profile_event_trigger_check', event, `next_run = ${day}`],
    ['script_profile_one_time_trigger_check', once, 'timestamp = NULL'],
    ['script_profile_one_time_trigger_check', once, 'is_finished = NULL'],
    ['script_profile_one_time_trigger_check', once, `event_type = 'post_enrollment'`],
    ['script_profile_one_time_trigger_check', once, `interval = '* * * * *'`],
    ['script_profile_one_time_trigger_check', once, `start_after = ${day}`],
    ['script_profile_recurring_trigger_check', often, 'interval = NULL'],
    ['script_profile_recurring_trigger_check', often, 'start_after = NULL'],
    ['script_profile_recurring_trigger_check', often, `event_type = 'post_enrollment'`],
    ['script_profile_recurring_trigger_check', often, `timestamp = ${day}`],
    ['script_profile_recurring_trigger_check', often, 'is_finished = false'],
    ['script_profile_archived_has_no_next_run_check', often, 'archived = true'],
    ['script_profile_paused_has_no_next_run_check', often, `paused_at = ${day}`],
    ['script_profile_finished_has_no_next_run_check', once, 'is_finished = true'],
    ['slot_entry_status_check', 'UPDATE slot_entry SET %s', `status = 'lost'`],
    ['slot_entry_range_check', 'UPDATE slot_entry SET %s', `last_slot = first_slot - INTERVAL '1 minute'`],
    ['slot_entry_number_check', 'UPDATE slot_entry SET %s', 'number = 0'],
    ['activity_status_check', execution, `status = 'done'`],
    ['activity_type_check', execution, `type = 'ChangePackagesRequest'`],
    ['activity_family_check', group, `type = 'ExecuteScriptRequest'`],
    ['activity_family_check', execution, `type = 'ActivityGroup'`],
    ['activity_counters_check', group, 'num_failed = NULL'],
    ['activity_counters_check', execution, 'num_failed = 0'],
    ['activity_counters_not_negative_check', group, 'num_undelivered = -1'],
    ['activity_overdue_check', execution, `overdue_at = ${day}`],
    ['activity_deliver_by_check', execution, `deliver_by = ${day}`],
    ['activity_script_check', group, `username = 'root'`],
    ['activity_release_check', execution, `release_at = ${day}`],
    ['role_name_check', auditor, `name = ''`],
    ['role_permissions_check', auditor, `permissions = '{ViewScript,ExecuteScript}'`],
    ['role_account_permissions_check', auditor, `account_permissions = '{ViewScript}'`],
    ['role_global_admin_check', admin, `name = 'Root'`],
    ['role_global_admin_check', admin, `permissions = '{ViewScript}'`],
  ];

  test.each(refused)('that breaks %s is refused: %s with %s', async (constraint, statement, set) => {
    await expect(sql(statement.replace('%s', set))).rejects.toThrow(`"${constraint}"`);
  });

  const allowed: [statement: string, set: string][] = [
    [often, 'archived = true, next_run = NULL'],
    [often, `paused_at = ${day}, next_run = NULL`],
    [once, 'is_finished = true, next_run = NULL'],
    [event, `archived = true, paused_at = ${day}`],
    [execution, `status = 'delivered', overdue_at = ${day}`],
    [auditor, `permissions = '{ViewScript}', account_permissions = '{ViewRole}'`],
    ['UPDATE script_profile_limits SET %s', 'max_num_computers = 0, max_num_profiles = 0, min_interval = 0'],
  ];

  test.each(allowed)('that breaks no check is accepted: %s with %s', async (statement, set) => {
    expect(await sql(statement.replace('%s', set))).toBe(1);
  });

  test('is checked for every constraint in the table above, which has no others', async () => {
    const checks = await database.prisma.$queryRawUnsafe<{ name: string }[]>(
      `SELECT DISTINCT conname::text AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`,
    );
    const covered = new Set(refused.map(([constraint]) => constraint));
    expect(checks.map((check) => check.name).filter((name) => !covered.has(name))).toEqual([]);
  });
});
