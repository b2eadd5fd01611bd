import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { embeddedAdapter } from './embedded-adapter.ts';
import { lockFolder } from './folder-lock.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { assertReachable, type Log, openPool, openSession, postgresqlAdapter } from './postgresql-adapter.ts';

export interface Database {
  readonly prisma: PrismaClient;
  readonly kind: 'embedded' | 'postgresql';
  /** Where an embedded database lives; absent when it lives in memory. */
  readonly folder?: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `pglite:<folder>`, `pglite:memory` or `postgresql://…`. */
  readonly url: string;
  /** For migrations, where `url` goes through a pooler in transaction mode: they need one session. */
  readonly directUrl?: string;
  readonly log?: Log;
}

/** Opens the database and brings it up to date; what it returns is ready to use. */
export async function openDatabase({ url, directUrl, log = () => {} }: DatabaseOptions): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgresql(url, directUrl ?? url, log);
  const place = /^pglite:(.+)$/.exec(url)?.[1];
  if (place === 'memory') return openInMemory(log);
  if (place) return openFolder(resolve(place), log);
  // The value itself is not shown: it may be a mistyped URL with a password in it.
  throw new Error('The database URL must be pglite:<folder>, pglite:memory or postgresql://…');
}

/** A database over a PGlite that is open and migrated already: tests clone one. */
export function connectEmbedded(pglite: PGlite): Database {
  const prisma = newClient(embeddedAdapter(pglite));
  return {
    prisma,
    kind: 'embedded',
    close: async () => {
      await prisma.$disconnect();
      await pglite.close();
    },
  };
}

/** The same over a PostgreSQL database that is migrated already. */
export function connectPostgresql(url: string, log: Log = () => {}): Database {
  const pool = openPool(url, log);
  const prisma = newClient(postgresqlAdapter(pool));
  return {
    prisma,
    kind: 'postgresql',
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function openPostgresql(url: string, directUrl: string, log: Log): Promise<Database> {
  const session = openSession(directUrl, log);
  try {
    await assertReachable(session);
    await migrate(postgresqlAdapter(session), { shared: true, log });
  } finally {
    await session.end();
  }
  return connectPostgresql(url, log);
}

async function openInMemory(log: Log): Promise<Database> {
  const pglite = await PGlite.create();
  await migrateEmbedded(pglite, log);
  return connectEmbedded(pglite);
}

async function openFolder(folder: string, log: Log): Promise<Database> {
  await mkdir(dirname(folder), { recursive: true });
  // Before anything looks into the folder: PGlite takes no lock, and a second opener destroys the data.
  const lock = await lockFolder(folder);
  try {
    if (await isMissing(folder)) await create(folder, log);
    const pglite = await PGlite.create(folder);
    await migrateEmbedded(pglite, log);
    const database = connectEmbedded(pglite);
    const close = async () => {
      await database.close();
      await lock.release();
    };
    return { ...database, folder, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A folder with anything else in it is somebody's, and not ours to fill. */
async function isMissing(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw error;
  });
  if (entries.includes('PG_VERSION')) return false;
  if (entries.length === 0) return true;
  throw new Error(
    `${folder} holds other files and no database: name a folder that is empty or doesn't exist.`,
  );
}

/** Made beside its place and renamed into it: a first start that is killed leaves no half-made database. */
async function create(folder: string, log: Log): Promise<void> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const pglite = await PGlite.create(unfinished);
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

function newClient(adapter: SqlDriverAdapterFactory): PrismaClient {
  return new PrismaClient({
    adapter,
    // The embedded database has one connection, so a transaction waits for its turn; a run at thousands of
    // computers takes longer than Prisma's five seconds on a slow machine.
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  });
}
