import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connectEmbedded } from '../../src/database/database.ts';
import { embeddedAdapter } from '../../src/database/embedded/embedded-adapter.ts';
import { type ExclusiveAccess, exclusiveAccessTo } from '../../src/database/embedded/exclusive-access.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { loadDemonstration } from '../../src/demo/load.ts';
import { readBackup, writeBackup } from '../../src/maintenance/backup.ts';
import { catalogueOf } from '../../src/maintenance/catalogue.ts';
import { linesOf, sequencesOf, tablesOf } from '../../src/maintenance/tables.ts';
import { freshPGlite } from '../support/database.ts';
import { temporaryFolder } from '../support/server-process.ts';

const MADE_AT = '2025-04-23T00:00:00.000000Z';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let pglite: PGlite;
let exclusively: ExclusiveAccess;
let file: string;
beforeAll(async () => {
  folder = await temporaryFolder('backup-');
  file = join(folder.path, 'demo');
  pglite = await freshPGlite();
  exclusively = exclusiveAccessTo(pglite);
  await loadDemonstration(connectEmbedded(pglite).prisma, 'demo', {
    now: MADE_AT,
    passwordHash: 'scrypt',
  });
  await pglite.query(`
    insert into event (account_id, action, created_at, changes)
    values (1, 'TESTED', '2025-04-01T00:00:00.000001Z', '{"title": {"from": "line\\nbreak", "to": "\u2028 and \\"quotes\\""}}')`);
  await exclusively((session) => writeBackup(session, file, MADE_AT));
});
afterAll(async () => {
  await pglite.close();
  await folder.remove();
});

const others: PGlite[] = [];
const another = (database: PGlite) => {
  others.push(database);
  return database;
};
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

/** All content of a database, and the positions of its sequences. */
const contentOf = (database: PGlite) =>
  exclusiveAccessTo(database)(async (session) => {
    const content: Record<string, unknown> = { sequences: await sequencesOf(session) };
    for (const table of await tablesOf(session)) {
      content[table.name] = [];
      for await (const lines of linesOf(session, table)) (content[table.name] as string[]).push(...lines);
    }
    return content;
  });

describe('a backup that is restored', () => {
  test('into a new database has every row, microsecond, sequence, key and trigger', async () => {
    const other = another(await freshPGlite());
    const { rows, tables } = await exclusiveAccessTo(other)((session) => readBackup(session, file));
    const content = await contentOf(other);
    expect(content).toEqual(await contentOf(pglite));
    expect(rows).toBe(
      Object.values(content)
        .filter(Array.isArray)
        .reduce((sum, lines) => sum + lines.length, 0),
    );
    expect(tables).toBe(Object.keys(content).length - 1);
    expect(await exclusiveAccessTo(other)(catalogueOf)).toEqual(await exclusively(catalogueOf));
    await expect(other.query('delete from event')).rejects.toThrow('append-only');
    // A server can start with it without a migration.
    expect(await migrate(embeddedAdapter(other))).toEqual([]);
  });

  test('over other rows replaces them', async () => {
    const other = another(await freshPGlite());
    await other.query(
      `insert into account (name, title, created_at) values ('other', 'Other', '2025-01-01')`,
    );
    await exclusiveAccessTo(other)((session) => readBackup(session, file));
    expect(await contentOf(other)).toEqual(await contentOf(pglite));
  });

  test('by a later release gets its later migrations', async () => {
    const all = await readMigrations();
    const upToRoles = all.findIndex(({ name }) => name.endsWith('_roles'));
    const old = another(await PGlite.create());
    await migrate(embeddedAdapter(old), { migrations: all.slice(0, upToRoles) });
    await old.exec(`
      insert into account (name, title, created_at) values ('old', 'Old', '2025-01-01');
      insert into person (account_id, email, name, created_at) values (1, 'ada@example.com', 'Ada', '2025-01-01')`);
    const oldFile = join(folder.path, 'old');
    await exclusiveAccessTo(old)((session) => writeBackup(session, oldFile, MADE_AT));

    const other = another(await freshPGlite());
    await exclusiveAccessTo(other)((session) => readBackup(session, oldFile));
    expect(
      (await other.query('select name, role_id, person_id from role join role_person on role_id = id')).rows,
    ).toEqual([{ name: 'GlobalAdmin', role_id: 1, person_id: 1 }]);
    expect(await migrate(embeddedAdapter(other))).toEqual([]);
  });
});

describe('the database is unchanged, and the reason is reported, if', () => {
  const text = async () => gunzipSync(await readFile(file)).toString();
  const lines = async () => (await text()).split('\n');

  test.each<[string, () => Promise<Buffer>, string]>([
    ['the file is truncated', async () => (await readFile(file)).subarray(0, -2000), 'incomplete'],
    [
      'the file was packed from a truncated backup',
      async () => gzipSync((await lines()).slice(0, 400).join('\n')),
      'incomplete',
    ],
    [
      'the last line is missing',
      async () => gzipSync(`${(await lines()).slice(0, -2).join('\n')}\n`),
      'incomplete',
    ],
    [
      'a row was changed',
      async () => gzipSync((await text()).replace('"hostname":"', '"hostname":"x')),
      'do not match their checksum',
    ],
    [
      'a row is missing',
      async () => gzipSync((await lines()).filter((line) => !line.includes('"action":"TESTED"')).join('\n')),
      'rows of event do not match their checksum',
    ],
    [
      'it comes from a newer release',
      async () => gzipSync((await text()).replace(/"migrations":\[\{"name":"/, '$&2')),
      'this release does not know',
    ],
    [
      'bytes of the file were changed',
      async () => {
        const bytes = await readFile(file);
        return bytes.fill('x', bytes.length - 4000, bytes.length - 3000);
      },
      'damaged',
    ],
    ['the file is something else', async () => gzipSync('hello\n'), 'not a backup'],
    ['the file is not packed', async () => Buffer.from('hello\n'), 'not a backup'],
    ['it is empty', async () => Buffer.alloc(0), 'incomplete'],
  ])('%s', async (name, made, complaint) => {
    const broken = join(folder.path, name);
    await writeFile(broken, await made());
    const before = await contentOf(pglite);
    await expect(exclusively((session) => readBackup(session, broken))).rejects.toThrow(complaint);
    expect(await contentOf(pglite)).toEqual(before);
    expect(await migrate(embeddedAdapter(pglite))).toEqual([]);
  });
});
