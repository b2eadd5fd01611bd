import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { type Connection, type Sql, sql } from '../../src/database/sql.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { statisticsPeriod } from '../../src/domain/activities/run-statistics.ts';
import { activityRepository } from '../../src/repositories/activities/activities.ts';
import { at, NOW } from '../support/builders.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';

// PostgreSQL's plans for statistics: 200 runs of each of two profiles, with 100 executions each.

let database: Database;
let account: TestAccount;
const PROFILES = [7, 8];
const RUNS = 200;
const EXECUTIONS = 100;

beforeAll(async () => {
  database = await freshDatabase();
  const { prisma } = database;
  account = await anAccount(prisma);
  await insert(prisma, 'script', account, [{ id: 1000 }]);
  await insert(
    prisma,
    'script_profile',
    account,
    PROFILES.map((id) => ({ id })),
  );
  await prisma.$executeRaw(sql`
    insert into activity (account_id, id, type, summary, status, creation_time, completion_time, script_profile_id,
      num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
    select ${account.id}::bigint, (profile * 1000 + run) * 1000, 'ActivityGroup', 'Run script', 'failed',
      timestamptz '2025-01-01T00:00:00Z' + make_interval(hours => 6 * run),
      timestamptz '2025-01-01T00:00:00Z' + make_interval(hours => 6 * run, mins => run), profile, 0, 0, 0, 1, ${EXECUTIONS - 1}::int
    from unnest(${PROFILES}::bigint[]) profile, generate_series(1, ${RUNS}::int) run`);
  await prisma.$executeRaw(sql`
    insert into activity (account_id, id, parent_id, type, summary, status, creation_time, computer_id)
    select run.account_id, run.id + n, run.id, 'ExecuteScriptRequest', 'Run script',
      case n when ${EXECUTIONS}::int then 'failed' else 'succeeded' end, run.creation_time, n
    from activity run, generate_series(1, ${EXECUTIONS}::int) n where run.parent_id is null`);
  const computers = Array.from({ length: EXECUTIONS }, (_, index) => ({ id: index + 1 }));
  await insert(prisma, 'computer', account, computers);
  await prisma.$executeRawUnsafe('analyze');
}, 120_000);
afterAll(() => database.close());

interface Node {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}

/** Runs a method of the repository, and returns the scans of its statement on activities. */
async function scansOf(work: (connection: Connection) => Promise<unknown>) {
  const scans: Node[] = [];
  const visit = (node: Node): void => {
    if (node['Relation Name'] === 'activity' || node['Index Name']?.startsWith('activity')) scans.push(node);
    for (const child of node.Plans ?? []) visit(child);
  };
  const { prisma } = database;
  const explaining = {
    async $queryRaw(query: Sql) {
      const [answer] = await prisma.$queryRaw<[{ 'QUERY PLAN': [{ Plan: Node }] }]>(
        sql`explain (analyze, format json) ${query}`,
      );
      visit(answer['QUERY PLAN'][0].Plan);
      return prisma.$queryRaw(query);
    },
  };
  const answer = await work(explaining as never);
  const looked = scans.reduce(
    (sum, scan) => sum + scan['Actual Rows'] * scan['Actual Loops'] + (scan['Rows Removed by Filter'] ?? 0),
    0,
  );
  return {
    answer,
    looked,
    how: [...new Set(scans.map((scan) => `${scan['Node Type']} ${scan['Index Name'] ?? ''}`))],
  };
}

const PERIOD = statisticsPeriod({ from: at('2025-01-11T00:00'), to: at('2025-01-21T00:00') }, NOW);

test('statistics read the runs of their period, and none of the 40,000 executions', async () => {
  const { answer, looked, how } = await scansOf((connection) =>
    activityRepository(connection).runTotalsOf(account.id, PROFILES, PERIOD),
  );
  expect(answer).toMatchObject([{ total: { runs: 40 } }, { total: { runs: 40 } }]);
  expect(how.join()).toContain('activity_account_id_script_profile_id_creation_time_id_idx');
  expect(how.join()).not.toContain('Seq Scan');
  // A bitmap scan counts its rows twice: in the index and in the table.
  expect(looked).toBeLessThanOrEqual(160);
});

test('so do the statistics of the account, for any caller', async () => {
  const all = wholeAccount(account.id);
  for (const scope of [all, { ...all, groups: [account.root.id] }]) {
    const totals = await scansOf((connection) => activityRepository(connection).runTotals(scope, PERIOD));
    const worst = await scansOf((connection) =>
      activityRepository(connection).worstProfiles(scope, PERIOD, 10),
    );
    expect([totals.answer, worst.answer]).toMatchObject([
      { total: { runs: 80 } },
      [{ scriptProfileId: 7, runs: 40 }, { scriptProfileId: 8 }],
    ]);
    for (const { looked, how } of [totals, worst]) {
      expect(how.join()).not.toContain('Seq Scan');
      expect(looked).toBeLessThanOrEqual(160);
    }
  }
});

test('the worst computers are found among the failures of the period, and only their executions are counted', async () => {
  const all = wholeAccount(account.id);
  const executions = { undelivered: 0, delivered: 0, canceled: 0, failed: 80, succeeded: 0 };
  for (const scope of [all, { ...all, groups: [account.root.id], computers: [account.root.id] }]) {
    const { answer, looked, how } = await scansOf((connection) =>
      activityRepository(connection).worstComputers(scope, PERIOD, 1),
    );
    expect(answer).toEqual([{ computerId: EXECUTIONS, executions }]);
    expect(how.join()).not.toContain('Seq Scan');
    // The 80 failures, their runs, and the 80 executions of that computer, each possibly twice. For a caller who may
    // not see all, also the run of each.
    expect(looked).toBeLessThanOrEqual(800);
  }
});

test('the first failures of runs are found among failures, without reading successful executions', async () => {
  const runs = [1, 2, 3].map((run) => (7 * 1000 + run) * 1000);
  const { answer, looked, how } = await scansOf((connection) =>
    activityRepository(connection).failuresOf(account.id, runs, 10),
  );
  expect((answer as { id: number }[][]).map((failures) => failures.map(({ id }) => id))).toEqual(
    runs.map((id) => [id + EXECUTIONS]),
  );
  expect(how).toEqual(['Index Scan activity_failures_idx']);
  expect(looked).toBe(3);
});
