import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { entriesOf, makePrivateFolder } from '../../src/database/embedded/embedded-folder.ts';
import { sql } from '../../src/database/sql.ts';
import { freshDatabase } from '../support/database.ts';

describe('an embedded folder', () => {
  let parent: string;
  beforeAll(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), 'database-')));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  test('for a new database is closed to other users before it contains a file', async () => {
    const folder = join(parent, 'new');
    await makePrivateFolder(folder);
    expect(await openToOthers(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('that contains other files is refused and left unchanged, without a lock', async () => {
    const folder = join(parent, 'photos');
    await mkdir(folder);
    await writeFile(join(folder, 'cat.jpg'), '');
    await expect(openDatabase({ url: `pglite:${folder}` })).rejects.toThrow(
      'contains other files, but no database',
    );
    expect(await readdir(folder)).toEqual(['cat.jpg']);
    expect(await readdir(parent)).toEqual(['photos']);
  });

  test('is created if its parents are missing or its first start was killed, and only its owner can read it', async () => {
    const folder = join(parent, 'a', 'b', 'db');
    await mkdir(`${folder}.new`, { recursive: true });
    await writeFile(join(`${folder}.new`, 'PG_VERSION'), '18');
    const createdAt = new Date('2024-01-01T00:00:00Z');

    const first = await openDatabase({ url: `pglite:${folder}` });
    expect({ kind: first.kind, folder: first.folder }).toEqual({ kind: 'embedded', folder });
    await first.prisma.account.create({ data: { name: 'kept', title: 'Kept', createdAt } });
    await first.prisma.$executeRawUnsafe('create table made_while_running (id int)');
    expect(await openToOthers(folder)).toEqual([]);
    await first.close();
    expect(await readdir(join(parent, 'a', 'b'))).toEqual(['db']);

    // One file is left over from a killed backup. The other belongs to the user.
    await writeFile(`${folder}.backup-0123456789ab`, '');
    await writeFile(`${folder}.restore-0123456789ab`, '');
    await writeFile(`${folder}.backup-of-monday`, '');
    for (const { path } of await entriesOf(folder)) await chmod(path, 0o755);
    await chmod(folder, 0o755);
    const said: string[] = [];
    const second = await openDatabase({ url: `pglite:${folder}`, log: (message) => said.push(message) });
    expect(await second.prisma.account.findMany({ select: { name: true } })).toEqual([{ name: 'kept' }]);
    expect(said).toEqual([]);
    expect(await openToOthers(folder)).toEqual([]);
    await second.close();
    expect(await openToOthers(folder)).toEqual([]);
    expect(await readdir(join(parent, 'a', 'b'))).toEqual(['db', 'db.backup-of-monday']);
  });
});

/** Returns the files and folders that other users can read or write. */
async function openToOthers(folder: string): Promise<string[]> {
  const paths = [folder, ...(await entriesOf(folder)).map(({ path }) => path)];
  const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o077));
  return paths.filter((_path, index) => modes[index] !== 0);
}

describe('a transaction', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    await database.prisma.$executeRawUnsafe(
      `CREATE TABLE pair (id INT PRIMARY KEY, other INT REFERENCES pair (id) DEFERRABLE INITIALLY DEFERRED)`,
    );
  });
  afterAll(() => database.close());

  const ids = () => database.prisma.$queryRaw`SELECT id FROM pair ORDER BY id`;

  test('whose COMMIT fails is refused, not acknowledged', async () => {
    const attempt = database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw(sql`INSERT INTO pair VALUES (1, 2)`);
    });
    await expect(attempt).rejects.toThrow('foreign key constraint');
    expect(await ids()).toEqual([]);
  });

  test('that throws after a write stores nothing, and the next one works', async () => {
    const attempt = database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw(sql`INSERT INTO pair VALUES (3, 3)`);
      throw new Error('on purpose');
    });
    await expect(attempt).rejects.toThrow('on purpose');
    await database.prisma.$transaction((tx) => tx.$executeRaw(sql`INSERT INTO pair VALUES (4, 4)`));
    expect(await ids()).toEqual([{ id: 4 }]);
  });

  test('has the isolation level that it requests, and the next one does not', async () => {
    const levelOf = (options: { isolationLevel?: 'Serializable' }) =>
      database.prisma.$transaction(
        (tx) => tx.$queryRaw`SELECT current_setting('transaction_isolation') AS level`,
        options,
      );
    expect(await levelOf({ isolationLevel: 'Serializable' })).toEqual([{ level: 'serializable' }]);
    expect(await levelOf({})).toEqual([{ level: 'read committed' }]);
  });

  test('of which many begin at once run one after the other, and all are committed', async () => {
    await database.prisma.$executeRaw`DELETE FROM pair`;
    const begin = (id: number) =>
      database.prisma.$transaction(async (tx) => {
        await tx.$executeRaw(sql`INSERT INTO pair VALUES (${id}, ${id})`);
        return tx.$queryRaw<{ count: bigint }[]>(sql`SELECT count(*) FROM pair`);
      });
    const counts = (await Promise.all([1, 2, 3, 4, 5].map(begin))).map(([row]) => Number(row?.count));
    expect(counts.sort()).toEqual([1, 2, 3, 4, 5]);
  });
});
