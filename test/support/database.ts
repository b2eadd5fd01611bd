import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { connectEmbedded, connectPostgresql, type Database } from '../../src/database/database.ts';
import type { DatabaseDeadlines } from '../../src/database/deadlines.ts';
import { embeddedAdapter } from '../../src/database/embedded/embedded-adapter.ts';
import { postgresqlAdapter } from '../../src/database/postgresql/postgresql-adapter.ts';
import { openSession } from '../../src/database/postgresql/postgresql-session.ts';
import { NO_DATABASE_DEADLINES } from './deadlines.ts';
import { databaseUrl, onServer, testServer } from './server.ts';
import { waitUntil } from './waiting.ts';

/**
 * An empty, migrated database for one test file: a clone in memory on the project `embedded`, a database of
 * its own on the project `postgresql`. Open one a file, close it in `afterAll` (which also drops it), and use
 * `resetDatabase` between tests: an embedded one takes half a gigabyte.
 */
export async function freshDatabase(): Promise<Database> {
  if (isOnPostgresql()) return freshPostgresql();
  const pglite = await freshPGlite();
  const database = connectEmbedded(pglite, NO_DATABASE_DEADLINES);
  adapters.set(database, embeddedAdapter(pglite));
  return database;
}

const adapters = new WeakMap<Database, SqlDriverAdapterFactory>();

/** What Prisma talks to the fresh database through. */
export function adapterOf(database: Database): SqlDriverAdapterFactory {
  const adapter = adapters.get(database);
  if (!adapter) throw new Error('Only a fresh database has an adapter here.');
  return adapter;
}

/** jest.config.js sets it for its second project. */
export function isOnPostgresql(): boolean {
  return (globalThis as { testDatabase?: string }).testDatabase === 'postgresql';
}

/** PGlite has 160 MB of buffers, and each start takes them up; a test's rows fit a tenth. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

export const freshPGlite = (): Promise<PGlite> => loadPGlite('TEST_TEMPLATE_DUMP');

/** Without any migration. */
export const emptyPGlite = (): Promise<PGlite> => loadPGlite('TEST_EMPTY_DUMP');

async function loadPGlite(variable: string): Promise<PGlite> {
  const dump = await readFile(prepared(variable));
  return PGlite.create({ loadDataDir: new Blob([dump]), startParams });
}

/** The same in a folder, as a first start leaves it: making one takes a start twice as long, and is not each test's matter. */
export async function freshFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await promisify(execFile)('tar', ['-xf', prepared('TEST_TEMPLATE_DUMP'), '-C', folder]);
}

const urls = new WeakMap<Database, string>();

async function freshPostgresql(): Promise<Database> {
  const url = await createPostgresql(prepared('TEST_TEMPLATE_DATABASE'));
  const database = connectTo(url);
  const session = openSession(url, () => {});
  const close = async () => {
    await session.end();
    await database.close();
    await dropPostgresql(url);
  };
  const fresh = { ...database, close };
  urls.set(fresh, url);
  adapters.set(fresh, postgresqlAdapter(session));
  return fresh;
}

/** The URL of a database of its own: empty, or a clone. */
export async function createPostgresql(template = 'template1'): Promise<string> {
  const name = prepared('TEST_TEMPLATE_DATABASE').replace(/template$/, randomBytes(6).toString('hex'));
  await onServer(testServer(), (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`));
  return databaseUrl(testServer(), name);
}

export async function dropPostgresql(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const drop = async (client: pg.Client) => {
    try {
      await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      return true;
    } catch (error) {
      // In use: it waits no more than 5 s for sessions to end, and those of a slow server may take longer.
      if ((error as { code?: string }).code !== '55006') throw error;
      return false;
    }
  };
  await onServer(testServer(), (client) => waitUntil(`${name} is dropped`, () => drop(client)));
}

/** The URL of a fresh PostgreSQL database, for a process of its own that opens it too. */
export function urlOf(database: Database): string {
  const url = urls.get(database);
  if (!url)
    throw new Error(
      'Only a fresh PostgreSQL database has a URL: there is no second way into an embedded one.',
    );
  return url;
}

/** A second client, with connections of its own, as a second replica would have. */
export function anotherConnection(database: Database): Database {
  return connectTo(urlOf(database));
}

/** A client of a migrated PostgreSQL database; what it says is not logged. */
export function connectTo(url: string, deadlines: Partial<DatabaseDeadlines> = {}): Database {
  return connectPostgresql(url, () => {}, { ...NO_DATABASE_DEADLINES, ...deadlines });
}

/**
 * Back to empty: rows and sequences, for the next test of the file. Deleting the accounts takes everything
 * that is theirs along; TRUNCATE would take ten times as long, since it makes new files for each table.
 */
export async function resetDatabase({ prisma }: Database): Promise<void> {
  await prisma.$executeRawUnsafe(`
    DO $$ DECLARE each record; BEGIN
      -- It names people, who go with the account before it would go with its script.
      DELETE FROM script_version;
      DELETE FROM account;
      -- The event log lets nothing go, but for a sweep.
      PERFORM set_config('script_profiles.event_retention', 'on', true);
      FOR each IN SELECT quote_ident(tablename) AS name FROM pg_tables
                  WHERE schemaname = current_schema() AND tablename <> '_prisma_migrations' LOOP
        EXECUTE 'DELETE FROM ' || each.name;
      END LOOP;
      PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
      FROM pg_sequences WHERE schemaname = current_schema();
    END $$`);
}

function prepared(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: global-setup.js prepares the test databases.`);
  return value;
}
