import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';
import { onServer, testServer } from '../support/server.ts';

let url: string;
let opened: Database[];

beforeEach(async () => {
  url = await createPostgresql();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await dropPostgresql(url);
});

const messageOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'opened',
    (error: Error) => error.message,
  );

test.each([2, 4])(
  'if %d replicas open one empty database at once, all start, and exactly one has migrated',
  async (number) => {
    const said: string[] = [];
    const log = (message: string) => said.push(message);
    opened = await Promise.all(Array.from({ length: number }, () => openDatabase({ url, log })));

    for (const { prisma } of opened) expect(await prisma.account.count()).toBe(0);
    const names = (await readMigrations()).map(({ name }) => name);
    expect(said.filter((line) => line.startsWith('Applied'))).toEqual(
      names.map((name) => `Applied the migration ${name}.`),
    );
    const rows = await opened[0]!.prisma.$queryRaw`SELECT migration_name AS name FROM _prisma_migrations`;
    expect(rows).toEqual(names.map((name) => ({ name })));
  },
);

test('a replica that starts while another tool holds the migration lock waits for it, and then starts', async () => {
  let opening: Promise<Database> | undefined;
  await onServer(url, async (client) => {
    await client.query('SELECT pg_advisory_lock(72707369)');
    const waits = new Promise<void>((resolve) => {
      const log = (message: string) => message.includes('Waiting for it') && resolve();
      opening = openDatabase({ url, log });
    });
    await waits;
    expect((await client.query(`SELECT to_regclass('account') AS found`)).rows).toEqual([{ found: null }]);
  });
  opened = [await opening!];
  expect(await opened[0]!.prisma.account.count()).toBe(0);
});

test('migrations use the direct URL, and all other statements use the pooled one', async () => {
  const direct = new URL(url);
  direct.searchParams.set('application_name', 'direct');
  opened = [await openDatabase({ url, directUrl: direct.href })];
  const rows = await opened[0]!.prisma.$queryRaw`SELECT current_setting('application_name') AS name`;
  expect(rows).toEqual([{ name: '' }]);
  await expect(openDatabase({ url, directUrl: `${testServer()}_missing` })).rejects.toThrow(
    '_missing" does not exist',
  );
});

test('on a server with another default time zone, sessions are in UTC and times are returned unchanged', async () => {
  const name = new URL(url).pathname.slice(1);
  await onServer(testServer(), (client) =>
    client.query(`ALTER DATABASE "${name}" SET TimeZone TO 'Asia/Tokyo'`),
  );
  const database = await openDatabase({ url });
  opened = [database];
  const createdAt = new Date('2024-06-01T12:00:00.123Z');
  await database.prisma.account.create({ data: { name: 'a', title: 'A', createdAt } });
  const rows = await database.prisma.$queryRaw`SELECT created_at::text AS text FROM account`;
  expect(rows).toEqual([{ text: '2024-06-01 12:00:00.123+00' }]);
  expect((await database.prisma.account.findFirst())?.createdAt).toEqual(createdAt);
});

test('if a server cannot be reached, the message has its host and port, but not the password', async () => {
  const message = await messageOf(openDatabase({ url: 'postgresql://someone:hunter2@127.0.0.1:1/gone' }));
  expect(message).toContain('Cannot open the database "gone" of the PostgreSQL server at 127.0.0.1:1: ');
  expect(message).not.toContain('hunter2');
});

test('a URL of another kind is refused with the allowed kinds, and without its contents', async () => {
  const message = await messageOf(openDatabase({ url: 'mysql://someone:hunter2@127.0.0.1/gone' }));
  expect(message).toBe('The database URL must be pglite:<folder>, pglite:memory or postgresql://…');
});
