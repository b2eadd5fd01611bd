import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { onServer, type Session } from '../../src/database/session.ts';
import { loadDemonstration } from '../../src/demo/load.ts';
import { distribute, undistributed } from '../../src/maintenance/distribute.ts';
import { obstaclesToDistribution } from '../../src/maintenance/distribution-checks.ts';
import { examineServer } from '../../src/maintenance/examined.ts';
import { databaseClock } from '../../src/repositories/store.ts';
import type { CopyProgress } from '../../src/services/maintenance/maintenance.ts';
import { createUndistributed } from '../support/citus.ts';
import { connectTo, dropPostgresql } from '../support/database.ts';

let url: string;
const reading = async <Result>(work: (database: Database) => Promise<Result>): Promise<Result> => {
  const database = connectTo(url);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
};
const inSession = <Result>(work: (session: Session) => Promise<Result>) =>
  onServer({ url, log: () => {} }, work);
const distributeAll = () =>
  inSession(async (session) => {
    const progress: CopyProgress[] = [];
    const tables = await undistributed(session);
    await distribute(session, tables, (step) => progress.push(step));
    return { tables, progress };
  });
const counts = () =>
  reading(({ prisma }) =>
    Promise.all([
      prisma.account.count(),
      prisma.computer.count(),
      prisma.activity.count(),
      prisma.run.count(),
    ]),
  );
let before: Awaited<ReturnType<typeof counts>>;

beforeAll(async () => {
  url = await createUndistributed();
  const database = await openDatabase({ url });
  const now = await databaseClock(database.prisma);
  await loadDemonstration(database.prisma, 'demo', { now, passwordHash: null });
  await database.close();
  before = await counts();
});
afterAll(() => dropPostgresql(url));

test('a database in use is not distributed', async () => {
  await reading(async (database) => {
    await database.prisma.account.count();
    expect(await inSession(obstaclesToDistribution)).toEqual([
      expect.stringMatching(/^Other sessions use the database \(.+ from 127\.0\.0\.1\)/),
    ]);
  });
});

test('a distribution that fails at the last foreign key changes nothing', async () => {
  const orphan = (plant: string) =>
    reading(({ prisma }) => prisma.$executeRawUnsafe(`do $$ begin ${plant}; end $$`));
  await orphan(
    `set local session_replication_role to replica; insert into computer_tag select id, 0, 'orphan', 0 from account limit 1`,
  );
  await expect(distributeAll()).rejects.toThrow(/computer_tag/);
  await orphan(`delete from computer_tag where computer_id = 0`);
  expect(await reading(({ prisma }) => prisma.$queryRaw`select 1 from pg_dist_partition`)).toEqual([]);
  expect(await counts()).toEqual(before);
});

test('all rows are still there afterwards, and the doctor finds nothing', async () => {
  const { tables, progress } = await distributeAll();
  expect(progress.map(({ table }) => table)).toEqual(tables.map(({ table }) => table));
  expect(progress.at(-1)).toMatchObject({ done: progress.at(-1)!.total });
  expect(await counts()).toEqual(before);
  expect(await examineServer(url)).toMatchObject({ undistributed: [], broken: [] });
  expect((await distributeAll()).tables).toEqual([]);
});

test('a table that was added later is found by the doctor, and is distributed by running the command again', async () => {
  await reading(({ prisma }) => prisma.$executeRawUnsafe(`select undistribute_table('event')::text`));
  expect(await examineServer(url)).toMatchObject({ undistributed: ['event'] });
  const { tables } = await distributeAll();
  expect(tables.map(({ table }) => table)).toEqual(['event']);
  expect(await examineServer(url)).toMatchObject({ undistributed: [] });
});
