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
import { createDistributed, dropOnCitus } from './citus.ts';
import { NO_DATABASE_DEADLINES } from './deadlines.ts';
import { databaseUrl, isOnCitus, onServer, testDatabase, testServer } from './server.ts';
import { waitUntil } from './waiting.ts';

/**
 * Creates an empty, migrated database for one test file: a clone in memory in the project `embedded`, and a new
 * database in the project `postgresql`. Open one for each file, and close it in `afterAll`, which also drops it. Use
 * `resetDatabase` between tests, because an embedded database takes half a gigabyte.
 */
export async function freshDatabase(): Promise<Database> {
  if (isOnPostgresql()) return freshPostgresql();
  const pglite = await freshPGlite();
  const database = connectEmbedded(pglite, NO_DATABASE_DEADLINES);
  adapters.set(database, embeddedAdapter(pglite));
  return database;
}

const adapters = new WeakMap<Database, SqlDriverAdapterFactory>();

/** The adapter through which Prisma uses the fresh database. */
export function adapterOf(database: Database): SqlDriverAdapterFactory {
  const adapter = adapters.get(database);
  if (!adapter) throw new Error('Only a fresh database has an adapter here.');
  return adapter;
}

export const isOnPostgresql = (): boolean => testDatabase() !== undefined;

/** PGlite fills 160 MB of buffers at each start. The rows of a test fit into a tenth. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

export const freshPGlite = (): Promise<PGlite> => loadPGlite('TEST_TEMPLATE_DUMP');

/** Without any migration. */
export const emptyPGlite = (): Promise<PGlite> => loadPGlite('TEST_EMPTY_DUMP');

async function loadPGlite(variable: string): Promise<PGlite> {
  const dump = await readFile(prepared(variable));
  return PGlite.create({ loadDataDir: new Blob([dump]), startParams });
}

/** Creates the same in a folder, as the first start of a server leaves it. Copying is faster than a first start. */
export async function freshFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await promisify(execFile)('tar', ['-xf', prepared('TEST_TEMPLATE_DUMP'), '-C', folder]);
}

const urls = new WeakMap<Database, string>();

async function freshPostgresql(): Promise<Database> {
  const url = isOnCitus()
    ? await createDistributed()
    : await createPostgresql(prepared('TEST_TEMPLATE_DATABASE'));
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

/** Creates an empty database, or a clone, and returns its URL. */
export async function createPostgresql(template = 'template1'): Promise<string> {
  const name = prepared('TEST_TEMPLATE_DATABASE').replace(/template$/, randomBytes(6).toString('hex'));
  await onServer(testServer(), (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`));
  return databaseUrl(testServer(), name);
}

export async function dropPostgresql(url: string): Promise<void> {
  if (isOnCitus()) await dropOnCitus(url, dropDatabase);
  else await dropDatabase(testServer(), new URL(url).pathname.slice(1));
}

async function dropDatabase(server: string, name: string): Promise<void> {
  const drop = async (client: pg.Client) => {
    try {
      await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      return true;
    } catch (error) {
      // PostgreSQL waits at most 5 s for sessions to end, and those of a slow server may take longer.
      if ((error as { code?: string }).code !== '55006') throw error;
      return false;
    }
  };
  await onServer(server, (client) => waitUntil(`${name} is dropped`, () => drop(client)));
}

/** The URL of a fresh PostgreSQL database, for another process that opens it. */
export function urlOf(database: Database): string {
  const url = urls.get(database);
  if (!url)
    throw new Error(
      'Only a fresh PostgreSQL database has a URL: there is no second way into an embedded one.',
    );
  return url;
}

/** A second client with its own connections, as of a second replica. */
export function anotherConnection(database: Database): Database {
  return connectTo(urlOf(database));
}

/** A client of a migrated PostgreSQL database, without logging. */
export function connectTo(url: string, deadlines: Partial<DatabaseDeadlines> = {}): Database {
  return connectPostgresql(url, () => {}, { ...NO_DATABASE_DEADLINES, ...deadlines });
}

/**
 * Empties the rows and resets the sequences for the next test of the file. Deletes the accounts, which deletes all
 * their rows. TRUNCATE would take ten times as long, because it creates new files for each table.
 */
export async function resetDatabase({ prisma }: Database): Promise<void> {
  await prisma.$executeRawUnsafe(`
    DO $$ DECLARE each record; BEGIN
      -- Citus then keeps to one connection a worker, which sees its own changes. Other servers ignore it.
      SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
      -- It names people, who go with the account before it would go with its script.
      DELETE FROM script_version;
      DELETE FROM account;
      -- The event log lets nothing go, but for a sweep.
      SET LOCAL script_profiles.event_retention TO 'on';
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
