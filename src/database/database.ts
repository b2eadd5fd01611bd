import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { noopObserver, type Observer } from '../services/observer.ts';
import { createClient } from './client.ts';
import { type DatabaseDeadlines, DEADLINES } from './deadlines.ts';
import { notReachable } from './driver-error.ts';
import { createAccessGate } from './embedded/access-gate.ts';
import { embeddedAdapter } from './embedded/embedded-adapter.ts';
import { makePrivate, makePrivateFolder, openPglite } from './embedded/embedded-folder.ts';
import { type ExclusiveAccess, exclusiveAccessTo } from './embedded/exclusive-access.ts';
import { lockFolder } from './embedded/folder-lock.ts';
import { assertNotMoved } from './embedded/moved.ts';
import { removeLeftovers } from './embedded/temporary-files.ts';
import type { PrismaClient } from './generated/client.ts';
import { listenOn } from './listener.ts';
import { migrate } from './migrations/migrate.ts';
import { postgresqlAdapter } from './postgresql/postgresql-adapter.ts';
import { openServer } from './postgresql/postgresql-server.ts';
import { type Log, openPool, schemaOf } from './postgresql/postgresql-session.ts';

export interface Database {
  /** Runs every statement. Transactions are READ COMMITTED and limited in time. */
  readonly prisma: PrismaClient;
  readonly kind: 'embedded' | 'postgresql';
  /** Folder of an embedded database; absent if the database is in memory. */
  readonly folder?: string;
  /** Exclusive access to an embedded database, for copying all of it. */
  readonly exclusively?: ExclusiveAccess;
  /**
   * Calls back for each notification on a channel, with its payload. Notifications that arrive while the connection is
   * lost are missed. So after each connection, the first one included, the payload is undefined and the caller must
   * reload.
   */
  listen(channel: string, onNotification: (payload: string | undefined) => void): Promise<Listener>;
  /** Migrates the database if connecting did not. The caller may retry after a failure. */
  open(): Promise<void>;
  /** Notifies the observer of every statement from now on. */
  observe(observer: Pick<Observer, 'statement'>): void;
  /** Usage of the pool that requests share. The embedded database has no pool. */
  poolUse?(): PoolUse;
  /** Publishes the base URL of this process for other processes that find the folder in use. */
  announce?(url: string): Promise<void>;
  close(): Promise<void>;
}

export interface PoolUse {
  readonly most: number;
  readonly open: number;
  readonly idle: number;
  /** Number of requests that wait for a free connection. */
  readonly waiting: number;
}

export interface Listener {
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** `pglite:<folder>`, `pglite:memory` or `postgresql://…`. */
  readonly url: string;
  /** URL for migrations if `url` leads to a pooler in transaction mode, because migrations need a single session. */
  readonly directUrl?: string;
  readonly log?: Log;
}

/** Opens and migrates the database. The result is ready to use. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = await connectDatabase(options);
  try {
    await database.open();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Like openDatabase, but does not wait for a PostgreSQL server. Every statement is rejected until `open` has resolved.
 */
export async function connectDatabase({
  url,
  directUrl,
  log = () => {},
}: DatabaseOptions): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) return unopenedPostgresql(url, directUrl ?? url, log);
  const place = /^pglite:(.+)$/.exec(url)?.[1];
  if (place === 'memory') return openInMemory(log);
  if (place) return openFolder(resolve(place), log);
  // The message must not show the value, because it may be a mistyped URL that contains a password.
  throw new Error('The database URL must be pglite:<folder>, pglite:memory or postgresql://…');
}

/** Wraps a PGlite that is already open and migrated. Tests pass a clone. */
export function connectEmbedded(pglite: PGlite, deadlines = DEADLINES): Database {
  const { exclusively, adapter } = createAccessGate(
    exclusiveAccessTo(pglite),
    embeddedAdapter(pglite),
    deadlines.exclusiveUse,
  );
  return databaseOver(adapter, deadlines, {
    kind: 'embedded',
    open: async () => {},
    exclusively,
    listen: async (channel, onNotification) => ({ stop: await pglite.listen(channel, onNotification) }),
    close: () => pglite.close(),
  });
}

/** Wraps a PostgreSQL database that is already migrated. */
export function connectPostgresql(url: string, log: Log = () => {}, deadlines = DEADLINES): Database {
  const pool = openPool(url, log, deadlines);
  const adapter = postgresqlAdapter(pool, { schema: schemaOf(url) });
  return databaseOver(adapter, deadlines, overPool(pool, url, log));
}

function unopenedPostgresql(url: string, directUrl: string, log: Log): Database {
  const pool = openPool(url, log);
  const schema = schemaOf(url);
  let opened: SqlDriverAdapterFactory | undefined;
  const { provider, adapterName } = postgresqlAdapter(pool);
  const whenOpen: SqlDriverAdapterFactory = {
    provider,
    adapterName,
    connect: async () => {
      if (!opened) throw notReachable('The database has not been reached yet.');
      return opened.connect();
    },
  };
  return databaseOver(whenOpen, DEADLINES, {
    ...overPool(pool, directUrl, log),
    async open() {
      const isPooled = await openServer(directUrl, log);
      // If the pooler has its own URL, it may be unreachable now. The difference between the two URLs proves that it
      // exists.
      opened = postgresqlAdapter(pool, { schema, pooled: isPooled || directUrl !== url });
    },
  });
}

const overPool = (pool: pg.Pool, directUrl: string, log: Log): Omit<Database, 'prisma' | 'observe'> => ({
  kind: 'postgresql',
  open: async () => {},
  poolUse: () => ({
    most: pool.options.max,
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  }),
  listen: (channel, onNotification) => listenOn(directUrl, channel, onNotification, log),
  close: () => pool.end(),
});

async function openInMemory(log: Log): Promise<Database> {
  const pglite = await PGlite.create();
  await migrateEmbedded(pglite, log);
  return connectEmbedded(pglite);
}

async function openFolder(folder: string, log: Log): Promise<Database> {
  await mkdir(dirname(folder), { recursive: true });
  // Lock before anything reads the folder, because PGlite takes no lock, and a second opener destroys the data.
  const lock = await lockFolder(folder);
  try {
    await assertNotMoved(folder);
    await removeLeftovers(folder);
    if (await isMissing(folder)) await create(folder, log);
    await makePrivate(folder).catch((error: NodeJS.ErrnoException) => {
      // Another user owns the folder, or its file system has no modes. The doctor reports this too.
      log(`Other users may read the database ${folder}: ${error.message}.`);
    });
    const pglite = await openPglite(folder);
    await migrateEmbedded(pglite, log);
    const database = connectEmbedded(pglite);
    const closeDatabase = database.close;
    const close = async () => {
      await closeDatabase();
      await lock.release();
    };
    return Object.assign(database, { folder, announce: lock.announce, close });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Whether the folder is missing or empty. A folder with other files belongs to another program, so it is rejected. */
async function isMissing(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw error;
  });
  if (entries.includes('PG_VERSION')) return false;
  if (entries.length === 0) return true;
  throw new Error(
    `${folder} contains other files, but no database. Name a folder that is empty or does not exist.`,
  );
}

/**
 * Creates the database beside its folder and renames it, so a first start that is killed leaves no incomplete database.
 */
async function create(folder: string, log: Log): Promise<void> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await makePrivateFolder(unfinished);
  const pglite = await openPglite(unfinished);
  await migrateEmbedded(pglite, log);
  await pglite.close();
  await rename(unfinished, folder);
}

async function migrateEmbedded(pglite: PGlite, log: Log): Promise<void> {
  try {
    await migrate(embeddedAdapter(pglite), { log });
  } catch (error) {
    await pglite.close();
    throw error;
  }
}

/** @param rest its `close` closes the connection below the adapter */
function databaseOver(
  adapter: SqlDriverAdapterFactory,
  deadlines: DatabaseDeadlines,
  rest: Omit<Database, 'prisma' | 'observe'>,
): Database {
  let observer: Pick<Observer, 'statement'> = noopObserver;
  const prisma = createClient(adapter, deadlines, () => observer);
  return {
    ...rest,
    prisma,
    observe: (other) => {
      observer = other;
    },
    close: async () => {
      await prisma.$disconnect();
      await rest.close();
    },
  };
}
