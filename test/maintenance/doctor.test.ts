import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { loadDemonstration } from '../../src/demo/load.ts';
import { addSeconds } from '../../src/domain/time.ts';
import { examine } from '../../src/maintenance/examination.ts';
import { examineServer } from '../../src/maintenance/examined.ts';
import { expectedAs } from '../../src/maintenance/expected.ts';
import { databaseClock } from '../../src/repositories/store.ts';
import {
  diagnose,
  type Expected,
  type Finding,
  type Inspection,
} from '../../src/services/maintenance/diagnosis.ts';
import { freshDatabase, freshPGlite, isOnPostgresql, urlOf } from '../support/database.ts';

let database: Database;
let expected: Expected;
beforeAll(async () => {
  const migrated = await freshPGlite();
  expected = await expectedAs(migrated);
  await migrated.close();
  database = await freshDatabase();
  const now = await databaseClock(database.prisma);
  await loadDemonstration(database.prisma, 'demo', { now, passwordHash: null });
});
afterAll(() => database.close());

const look = (): Promise<Inspection> =>
  isOnPostgresql() ? examineServer(urlOf(database)) : database.exclusively!(examine);

async function findings({ isServed = true, ahead = 0 } = {}): Promise<Finding[]> {
  const examination = await look();
  return diagnose(examination, expected, { time: addSeconds(examination.time, ahead), isServed });
}

/** In UTC, because Citus rejects an UPDATE that depends on the session's time zone. */
const shifted = (column: string, by: string) =>
  `(${column} at time zone 'UTC' + interval '${by}') at time zone 'UTC'`;

/** Causes a fault, runs the doctor, and removes the fault. */
async function planted(plant: string, mend: string): Promise<Finding[]> {
  await database.prisma.$executeRawUnsafe(`do $$ begin ${plant}; end $$`);
  try {
    return await findings();
  } finally {
    await database.prisma.$executeRawUnsafe(`do $$ begin ${mend}; end $$`);
  }
}

/**
 * The newest ended run with a failure. Which one that is depends on the time of day at which the demonstration is
 * loaded.
 */
const FAILED_RUN =
  '(select max(id) from activity where num_failed > 0 and num_undelivered = 0 and num_delivered = 0)';

describe('the doctor finds', () => {
  // Each test must remove its fault before the next one.
  beforeEach(async () => expect(await findings()).toEqual([]));

  test('nothing in a healthy database, even with small differences between clocks and without a server', async () => {
    expect(await findings({ ahead: 10 })).toEqual([]);
    expect(await findings({ isServed: false, ahead: -10 })).toEqual([]);
  });

  test.each<[string, string, string, Finding['of'], string]>([
    [
      'an index that was dropped',
      'drop index activity_failures_idx',
      `create index activity_failures_idx on activity (account_id, parent_id, id) where status = 'failed'`,
      'database',
      'objects of the migrations are missing, invalid or disabled: index activity_failures_idx on activity',
    ],
    [
      'a constraint that was dropped',
      'alter table script_profile drop constraint script_profile_overlap_check',
      `alter table script_profile add constraint script_profile_overlap_check check (overlap in ('ALLOW', 'SKIP'))`,
      'database',
      'constraint script_profile_overlap_check on script_profile',
    ],
    [
      'an event log that is not append-only',
      'alter table event disable trigger event_append_only',
      'alter table event enable trigger event_append_only',
      'database',
      'trigger event_append_only on event',
    ],
    [
      'a foreign key that is not enforced, as after an interrupted pg_restore --disable-triggers',
      'alter table slot_entry disable trigger all',
      'alter table slot_entry enable trigger all',
      'database',
      'constraint slot_entry_account_id_script_profile_id_fkey on slot_entry',
    ],
    [
      'a missing migration',
      `update _prisma_migrations set migration_name = 'x' || migration_name where migration_name like '%_failures'`,
      `update _prisma_migrations set migration_name = substr(migration_name, 2) where migration_name like 'x%'`,
      'database',
      'migrations are missing: 20261124150200_failures',
    ],
    [
      'an interrupted migration',
      `update _prisma_migrations set finished_at = null where migration_name like '%_roles'`,
      `update _prisma_migrations set finished_at = started_at where migration_name like '%_roles'`,
      'database',
      'a migration failed or was interrupted: 20261124141247_roles',
    ],
    [
      'a profile that is due and not fired',
      `update script_profile set next_run = ${shifted('next_run', '-40 days')} where id = 5`,
      `update script_profile set next_run = ${shifted('next_run', '40 days')} where id = 5`,
      'clock',
      'due for more than five minutes: 1 (profile 5 since ',
    ],
    [
      'a profile that will never fire again',
      `create table kept as select next_run from script_profile where id = 5; update script_profile set next_run = null where id = 5`,
      'update script_profile set next_run = (select next_run from kept) where id = 5; drop table kept',
      'ledger',
      'never run again, but are neither finished, paused nor archived: 1 (profile 5 in account 1)',
    ],
    [
      'a run with wrong counts',
      `update activity set num_failed = num_failed + 1 where id = (select max(id) from activity where num_failed > 0)`,
      `update activity set num_failed = num_failed - 1 where id = (select max(id) from activity where num_failed > 0)`,
      'ledger',
      'counts differ from their executions: 1 (activity ',
    ],
    [
      'a run with another status than its executions',
      `update activity set status = 'canceled' where id = ${FAILED_RUN}`,
      `update activity set status = 'failed' where id = ${FAILED_RUN}`,
      'ledger',
      'does not match their executions: 1 (activity ',
    ],
    [
      'a slot fired without a run',
      `update slot_entry set run_id = run_id + 1000000 where id = (select max(id) from slot_entry where status = 'fired')`,
      `update slot_entry set run_id = run_id - 1000000 where run_id > 1000000`,
      'ledger',
      'slots that the ledger records as fired, but without a run: 1 (entry ',
    ],
    [
      'a slot that is in the ledger twice',
      `insert into slot_entry (account_id, id, script_profile_id, status, first_slot, last_slot, number, run_id)
       select account_id, 0, script_profile_id, status, first_slot, last_slot, number, run_id
       from slot_entry where id = (select max(id) from slot_entry where status = 'fired')`,
      'delete from slot_entry where id = 0',
      'ledger',
      'more than one slot in the ledger names as its run: 1 (run ',
    ],
    [
      'a profile whose last run is not its newest',
      `update script_profile set last_run = ${shifted('last_run', '-1 year')} where id = (select max(script_profile_id) from run)`,
      `update script_profile set last_run = ${shifted('last_run', '1 year')} where id = (select max(script_profile_id) from run)`,
      'ledger',
      'a run that is newer than their last run: 1 (profile ',
    ],
    [
      'a group that reaches a group outside of its descendants',
      `insert into access_group_reach (account_id, above_id, below_id)
       select account_id, max(id), min(id) from access_group group by account_id`,
      `delete from access_group_reach r using
         (select account_id, max(id) as above, min(id) as below from access_group group by account_id) g
       where r.account_id = g.account_id and above_id = above and below_id = below`,
      'ledger',
      'whose stored descendants differ from the tree: 1 (group ',
    ],
    [
      'an account without an administrator',
      `insert into account (name, title, created_at) values ('lonely', 'Lonely', '2025-01-01');
       insert into script_profile_limits (account_id) select id from account where name = 'lonely';
       insert into access_group (account_id, name, title) select id, 'global', 'Global' from account where name = 'lonely';
       insert into access_group_reach (account_id, above_id, below_id) select account_id, id, id from access_group
         where account_id = (select id from account where name = 'lonely')`,
      `delete from account where name = 'lonely'`,
      'ledger',
      'without an administrator: their GlobalAdmin has no people: 1 (account lonely in account ',
    ],
    [
      'a row with a dangling reference',
      `alter table computer_tag disable trigger all;
       insert into computer_tag (account_id, computer_id, tag, position) values (1, 987654, 'nobody', 0);
       alter table computer_tag enable trigger all`,
      `delete from computer_tag where computer_id = 987654`,
      'ledger',
      'rows of computer_tag that refer to missing rows of computer: 1 (computer_tag_account_id_computer_id_fkey)',
    ],
    [
      'a sequence behind its table',
      `perform setval('run_id_seq', 1)`,
      `perform setval('run_id_seq', (select max(id) from run))`,
      'ledger',
      'return numbers that are already in use: 1 (run_id_seq)',
    ],
  ])('%s', async (_, plant, mend, of, says) => {
    const found = await planted(plant, mend);
    expect(found.map((finding) => finding.of)).toContain(of);
    expect(found.map((finding) => finding.says).join('\n')).toContain(says);
    for (const { advice } of found) expect(advice).not.toBe('');
  });

  test('a wrong clock', async () => {
    for (const [ahead, how] of [
      [40, 'ahead of'],
      [-40, 'behind'],
    ] as const)
      expect(await findings({ ahead })).toEqual([
        expect.objectContaining({
          of: 'clock',
          says: `this machine's clock is 40 seconds ${how} the database's`,
        }),
      ]);
  });
});
