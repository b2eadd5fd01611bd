import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Database } from '../../src/database/database.ts';
import type { PrismaClient } from '../../src/database/generated/client.ts';
import { raw, type Sql, sql } from '../../src/database/sql.ts';
import type { Caller } from '../../src/domain/accounts/access.ts';
import { firstRows } from '../../src/domain/page.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { ACCOUNT, type DataSet, EMAIL, loadDataSet } from '../bench/data-set.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { withTransactions } from '../support/wrapped-client.ts';

let database: Database;
let services: ReturnType<typeof createServices>;
let caller: Caller;
let plans: Plan[] = [];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

type Explained = { 'QUERY PLAN': [{ Plan: Plan }] }[];
/** A prepared statement that runs often has one plan for all values, so the plan must suit accounts of any size. */
let isPlanShared = false;

/** The client, which records the plan of each query outside of transactions. */
function explaining(prisma: PrismaClient): PrismaClient {
  const explained = prisma.$extends({
    query: {
      async $queryRaw({ args, query }) {
        await explain(prisma, args as Sql);
        return query(args);
      },
    },
  }) as unknown as PrismaClient;
  return withTransactions(explained, (work) => prisma.$transaction(work));
}

async function explain(prisma: PrismaClient, statement: Sql): Promise<void> {
  const explain = sql`explain (analyze, format json)`;
  const [answer] = isPlanShared
    ? await prisma.$transaction(async (tx) => {
        await tx.$executeRaw(sql`set local plan_cache_mode to force_generic_plan`);
        await tx.$executeRaw(raw(`prepare asked as ${statement.text}`));
        const explained = await tx.$queryRaw<Explained>(
          sql`${explain} execute asked(${raw(statement.values.map(literal).join())})`,
        );
        await tx.$executeRaw(sql`deallocate asked`);
        return explained;
      })
    : await prisma.$queryRaw<Explained>(sql`${explain} ${statement}`);
  plans.push(answer!['QUERY PLAN'][0].Plan);
}

const literal = (value: unknown): string => {
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `array[${value.map(literal).join()}]`;
  throw new Error(`No statement here has a ${typeof value}.`);
};

const scansIn = (plan: Plan): Plan[] => [
  ...(plan['Relation Name'] ? [plan] : []),
  ...(plan.Plans ?? []).flatMap(scansIn),
];

/** For each table with many rows: the number of rows read, and whether the whole table was scanned. */
async function read(work: () => Promise<unknown>) {
  plans = [];
  await work();
  const scans = plans.flatMap(scansIn);
  const of = (table: string) =>
    scans
      .filter((scan) => scan['Relation Name'] === table)
      .reduce(
        (sum, scan) =>
          sum + (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
        0,
      );
  const whole = scans.filter((scan) => scan['Node Type'] === 'Seq Scan').map((scan) => scan['Relation Name']);
  return {
    statements: plans.length,
    activities: of('activity'),
    profiles: of('script_profile'),
    computers: of('computer'),
    whole: whole.filter((table) => ['activity', 'script_profile', 'run', 'computer_tag'].includes(table!)),
  };
}

/**
 * The requests of every dashboard read only the rows that they show, even with this much data. The statements run on
 * PostgreSQL, and the rows that it read are counted.
 */
export function hotStatements(set: DataSet): void {
  beforeAll(async () => {
    database = await freshDatabase();
    const bare = new pg.Client({ connectionString: urlOf(database) });
    await bare.connect();
    await loadDataSet(bare, set);
    await bare.end();
    services = createServices(createStore(explaining(database.prisma)));
    caller = (await services.people.caller(ACCOUNT, EMAIL))!;
  }, 600_000);
  afterAll(() => database?.close());

  const window = firstRows(100);
  const profiles = async () =>
    (
      await services.scriptProfiles.page(caller, {
        filter: { status: 'ACTIVE' },
        order: { field: 'CREATED_AT', direction: 'DESC' },
        window,
      })
    ).rows;

  describe.each([
    ['a separate plan', false],
    ['one plan for any account', true],
  ])('with %s', (_plan, shared) => {
    beforeAll(() => {
      isPlanShared = shared;
    });

    test('a page of profiles reads only its profiles', async () => {
      expect(await read(profiles)).toEqual({
        statements: 1,
        activities: 0,
        computers: 0,
        profiles: 101,
        whole: [],
      });
    });

    test('the last runs are found without reading earlier ones', async () => {
      const ids = (await profiles()).map(({ id }) => id);
      expect(await read(() => services.activities.lastOf(caller, ids))).toMatchObject({
        statements: 1,
        whole: [],
      });
      expect((await read(() => services.activities.lastOf(caller, ids))).activities).toBeLessThanOrEqual(100);
    });

    test('profiles with both are loaded by one statement that reads no more rows', async () => {
      const found = await read(() =>
        services.scriptProfiles.page(
          caller,
          { filter: { status: 'ACTIVE' }, order: { field: 'CREATED_AT', direction: 'DESC' }, window },
          { reached: true, lastActivity: {} },
        ),
      );
      expect(found).toMatchObject({ statements: 1, profiles: 101, whole: [] });
      expect(found.activities).toBeLessThanOrEqual(101);
      // The groups are counted and the tags looked up once for all fifteen targets. A separate plan reads half of them
      // again.
      expect(found.computers).toBeLessThanOrEqual((shared ? 2 : 3) * set.computers);
    });

    test('the computers of profiles are found by tag', async () => {
      const page = await profiles();
      expect(await read(() => services.scriptProfiles.countAssociated(caller, page))).toMatchObject({
        statements: 1,
        activities: 0,
        profiles: 0,
      });
    });

    test('a page of one profile’s runs reads only those', async () => {
      const [profile] = await profiles();
      const found = await read(() =>
        services.activities.pagesOf(caller, 'scriptProfileId', [profile!.id], {
          order: { field: 'CREATION_TIME', direction: 'DESC' },
          window: { ...window, limit: 20 },
        }),
      );
      expect(found).toMatchObject({ statements: 1, whole: [] });
      expect(found.activities).toBeLessThanOrEqual(21);
    });

    test('the thousandth page of activities reads no more rows than the first', async () => {
      const page = (after: { key: string; id: number } | null) =>
        services.activities.page(caller, {
          filter: {},
          order: { field: 'CREATION_TIME', direction: 'DESC' },
          window: { ...window, limit: 50, after },
        });
      const first = await read(() => page(null));
      const far = { key: '2025-02-03T00:00:00.000000Z', id: 1 };
      const thousandth = await read(() => page(far));
      expect(first).toMatchObject({ statements: 1, whole: [] });
      expect(thousandth).toMatchObject({ statements: 1, whole: [] });
      expect(Math.max(first.activities, thousandth.activities)).toBeLessThanOrEqual(51);
    });

    test('due work is found without reading other rows', async () => {
      const found = await read(() => services.runs.due(10, []));
      expect(found).toMatchObject({ activities: 0, whole: [] });
      expect(found.profiles).toBeLessThanOrEqual(10);
    });

    test('the authentication takes one statement', async () => {
      expect(await read(() => services.people.caller(ACCOUNT, EMAIL))).toMatchObject({
        statements: 1,
        whole: [],
      });
    });
  });
}
