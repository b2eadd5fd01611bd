import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { type Connection, type Sql, sql } from '../../src/database/sql.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { firstRows } from '../../src/domain/page.ts';
import { activityRepository } from '../../src/repositories/activities/activities.ts';
import type { ActivityFilter } from '../../src/services/activities/activity-ports.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';

// A page of activities reads about as many rows as it shows, with any filter and at either end of thirty thousand rows.
// The statements run on PostgreSQL, and the rows that it read are counted.

let database: Database;
let account: TestAccount;
const RUNS = 300;

/** One run each hour, with a hundred executions. The first is canceled, and the last two are open. */
beforeAll(async () => {
  database = await freshDatabase();
  const { prisma } = database;
  account = await anAccount(prisma);
  await insert(prisma, 'script', account, [{ id: 1000 }]);
  await insert(prisma, 'script_profile', account, [{ id: 1000 }, { id: 1001 }]);
  const status = `case when run = 1 then 'canceled' when run > ${RUNS - 2} then 'undelivered' when run = 2 then 'failed' else 'succeeded' end`;
  const made = "'2025-04-01T00:00Z'::timestamptz + run * interval '1 hour'";
  await prisma.$executeRawUnsafe(`
    insert into activity (account_id, id, parent_id, type, summary, status, creation_time, completion_time, script_profile_id,
      num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
    select ${account.id}, 1000 * run, null, 'ActivityGroup', 'Run script', ${status}, ${made},
      case when run <= ${RUNS - 2} then ${made} end, 1000 + run % 2, 0, 0, 0, 0, 0 from generate_series(1, ${RUNS}) run`);
  await prisma.$executeRawUnsafe(`
    insert into activity (account_id, id, parent_id, type, summary, status, creation_time, completion_time, computer_id)
    select ${account.id}, 1000 * run + computer, 1000 * run, 'ExecuteScriptRequest', 'Run script', ${status}, ${made},
      case when run <= ${RUNS - 2} then ${made} + computer * interval '1 second' end, computer
    from generate_series(1, ${RUNS}) run, generate_series(1, 100) computer`);
  await prisma.$executeRawUnsafe('analyze activity');
});
afterAll(() => database?.close());

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** The number of activity rows that a statement reads, and the kinds of its scans. */
function read(plan: Plan): { rows: number; scans: string[] } {
  const below = (plan.Plans ?? []).map(read);
  const isScan = plan['Relation Name'] === 'activity';
  const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  return {
    rows: below.reduce((sum, { rows }) => sum + rows, isScan ? own : 0),
    scans: [...(isScan ? [plan['Node Type']] : []), ...below.flatMap(({ scans }) => scans)],
  };
}

/** Runs the page's statement and explains it. */
async function explained(filter: ActivityFilter, direction: 'ASC' | 'DESC') {
  let plan: Plan | undefined;
  const { prisma } = database;
  const explaining = {
    $queryRaw: async (statement: Sql) => {
      const [answer] = await prisma.$queryRaw<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
        sql`explain (analyze, format json) ${statement}`,
      );
      plan = answer!['QUERY PLAN'][0].Plan;
      return prisma.$queryRaw(statement);
    },
  } as unknown as Connection;
  const window = firstRows(20);
  const order = { field: 'CREATION_TIME', direction } as const;
  const page = await activityRepository(explaining).page(wholeAccount(account.id), { filter, order, window });
  return { shown: page.rows.length, ...read(plan!) };
}

const at = (day: string) => `2025-04-${day}T00:00:00.000000Z`;

test.each<[string, ActivityFilter]>([
  ['nothing', {}],
  ['type: the runs', { types: ['ActivityGroup'] }],
  ['type: the executions', { types: ['ExecuteScriptRequest'] }],
  ['a status of the oldest', { statuses: ['canceled'] }],
  ['a status of the newest', { statuses: ['undelivered'] }],
  ['several statuses of the oldest', { statuses: ['canceled', 'failed'] }],
  ['several statuses, of which one is at either end', { statuses: ['canceled', 'undelivered'] }],
  ['runs in several statuses', { statuses: ['canceled', 'failed', 'undelivered'], types: ['ActivityGroup'] }],
  ['computer', { computerId: 7 }],
  ['computer and statuses', { computerId: 7, statuses: ['failed', 'succeeded'] }],
  ['parent', { parentId: 150_000 }],
  ['parent and status', { parentId: 150_000, statuses: ['succeeded', 'failed'] }],
  ['profile', { scriptProfileId: 1001 }],
  ['creation, in the middle', { creationTime: { from: at('05'), until: at('06') } }],
  ['creation and statuses', { creationTime: { until: at('06') }, statuses: ['failed', 'succeeded'] }],
])('a page filtered by %s reads few rows, from either end', async (_, filter) => {
  for (const direction of ['ASC', 'DESC'] as const) {
    const { shown, rows, scans } = await explained(filter, direction);
    expect(shown).toBeGreaterThan(1);
    expect({ direction, scans }).toEqual({ direction, scans: expect.not.arrayContaining(['Seq Scan']) });
    expect({ direction, rows, few: rows <= 500 }).toMatchObject({ direction, few: true });
  }
});

test.each<[string, ActivityFilter]>([
  ['completion of the oldest', { completionTime: { until: at('02') } }],
  ['completion in the middle', { completionTime: { from: at('05'), until: at('06') } }],
  ['completion of the newest', { completionTime: { from: at('13') } }],
])('the newest page filtered by %s reads at most a day of other rows', async (_, filter) => {
  const { shown, rows } = await explained(filter, 'DESC');
  expect(shown).toBe(20);
  expect(rows).toBeLessThan(3000);
});
