/**
 * What the test databases are cloned from. global-setup.js and global-teardown.js run it as a process of its
 * own: a PGlite keeps half a gigabyte, which jest's own process would hold for the whole run.
 *
 *   templates.ts prepare          migrates the templates; prints {dumps: {empty, migrated}, database}
 *   templates.ts drop <database>  drops the PostgreSQL template and all that was cloned from it
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { openDatabase } from '../../src/database/database.ts';
import { embeddedAdapter } from '../../src/database/embedded/embedded-adapter.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { databaseUrl, machinePrefix, onServer, testServer } from './server.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Kept between runs, under a name that depends on the contents. */
async function prepareDumps(): Promise<{ empty: string; migrated: string }> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(modules, '@electric-sql/pglite/package.json')));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const { name, checksum } of await readMigrations()) hash.update(`${name} ${checksum}\n`);
  const folder = join(modules, '.cache/test-databases');
  const name = join(folder, hash.digest('hex').slice(0, 16));
  const dumps = { empty: `${name}-empty.tar`, migrated: `${name}.tar` };
  if (existsSync(dumps.migrated)) return dumps;

  await mkdir(folder, { recursive: true });
  const pglite = await PGlite.create();
  await dump(pglite, dumps.empty);
  await migrate(embeddedAdapter(pglite));
  await dump(pglite, dumps.migrated);
  await pglite.close();
  return dumps;
}

async function dump(pglite: PGlite, file: string): Promise<void> {
  const tar = await pglite.dumpDataDir('none');
  // Renamed at the end, so that a concurrent run never reads an unfinished file.
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, withoutTemplates(Buffer.from(await tar.arrayBuffer())));
  await rename(unfinished, file);
}

/** PostgreSQL's own template databases are never opened, and would be half of the files of each clone. */
const TEMPLATES = /^\/base\/[14](\/|$)/;
const BLOCK = 512;

/** Removes them from the tar: each entry is a block with its name and size, followed by its bytes in whole blocks. */
function withoutTemplates(tar: Buffer): Buffer {
  const text = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*/s, '');
  const parts: Buffer[] = [];
  let at = 0;
  while (tar[at]) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (!TEMPLATES.test(text(at, 100))) parts.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...parts, tar.subarray(at)]);
}

async function prepareDatabase(server: string): Promise<string> {
  // The parent process is jest, and the databases belong to its run.
  const database = `${machinePrefix}${process.ppid}_template`;
  await onServer(server, async (client) => {
    await dropLeftovers(client);
    await client.query(`CREATE DATABASE "${database}"`);
  });
  const opened = await openDatabase({ url: databaseUrl(server, database) });
  await opened.close();
  return database;
}

async function dropLeftovers(client: pg.Client): Promise<void> {
  for (const database of await databasesOf(client, machinePrefix)) {
    const pid = Number(database.slice(machinePrefix.length).split('_')[0]);
    if (pid === process.ppid || !isAlive(pid)) await dropDatabase(client, database);
  }
}

async function dropRun(server: string, template: string): Promise<void> {
  await onServer(server, async (client) => {
    const databases = await databasesOf(client, template.replace(/template$/, ''));
    for (const database of databases) await dropDatabase(client, database);
  });
}

async function databasesOf(client: pg.Client, prefix: string): Promise<string[]> {
  const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)';
  return (await client.query(sql, [prefix])).rows.map((row) => row.datname);
}

async function dropDatabase(client: pg.Client, database: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const [command, template = ''] = process.argv.slice(2);
if (command === 'prepare') {
  const dumps = await prepareDumps();
  const database = process.env.TEST_DATABASE_URL ? await prepareDatabase(testServer()) : undefined;
  console.log(JSON.stringify({ dumps, database }));
} else if (command === 'drop') {
  await dropRun(testServer(), template);
}
