import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { connectPostgresql, type Database, openDatabase } from '../../src/database/database.ts';
import { createAccount, saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import { createStore, databaseClock } from '../../src/repositories/store.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { databaseUrl, onServer } from '../support/server.ts';

const server = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const prefix = `gateway_bench_${process.pid}_`;
const made: string[] = [];

/** Creates a database, migrated or cloned from another. `dropDatabases` drops it. */
export async function newDatabase(template?: string): Promise<string> {
  const name = `${prefix}${made.length + 1}`;
  made.push(name);
  const like = template ? ` TEMPLATE "${new URL(template).pathname.slice(1)}"` : '';
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}"${like}`));
  const url = databaseUrl(server, name);
  if (!template) await (await openDatabase({ url })).close();
  return url;
}

export async function dropDatabases(): Promise<void> {
  await onServer(server, async (client) => {
    for (const name of made) await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  });
}

const MOST_WAITS = 300;

/** Resolves when no statement is running in the benchmark's databases. */
export const databasesAtRest = (): Promise<void> =>
  onServer(server, async (client) => {
    for (let waits = 0; waits < MOST_WAITS; waits += 1) {
      const { rows } = await client.query(
        `SELECT count(*)::int AS active FROM pg_stat_activity WHERE state = 'active' AND datname = any($1)`,
        [made],
      );
      if (rows[0].active === 0) return;
      await setTimeout(100);
    }
    throw new Error('A server does not come to rest.');
  });

export interface BenchWorld {
  readonly database: Database;
  readonly services: Services;
  /** A client without Prisma. */
  readonly bare: pg.Client;
  close(): Promise<void>;
}

export async function open(url: string): Promise<BenchWorld> {
  const database = connectPostgresql(url);
  const bare = new pg.Client({ connectionString: url });
  await bare.connect();
  return {
    database,
    services: createServices(createStore(database.prisma)),
    bare,
    close: async () => {
      await bare.end();
      await database.close();
    },
  };
}

/** Fills account 1: root group 1, one person, script 1 and the given number of accepted computers. */
export async function fill({ database: { prisma }, services, bare }: BenchWorld, computers: number) {
  const now = await databaseClock(prisma);
  const accountId = await createAccount(prisma, { name: 'bench', title: 'Bench', now });
  await saveAdministrator(prisma, {
    accountId,
    email: 'b@example.com',
    name: 'Bench',
    passwordHash: null,
    now,
  });
  const caller = (await services.people.caller('bench', 'b@example.com'))!;
  await services.scripts.create(caller, { title: 'Script', interpreter: '/bin/sh', code: 'true\n' } as never);
  await bare.query(
    `INSERT INTO computer (account_id, title, hostname, status, access_group_id, created_at, accepted_at)
     SELECT 1, 'Computer ' || n, 'computer-' || n, 'accepted', 1, clock_timestamp(), clock_timestamp()
     FROM generate_series(1, $1::int) n`,
    [computers],
  );
  await bare.query(`INSERT INTO computer_tag SELECT account_id, id, 'server', 0 FROM computer`);
}

/** Adds hourly profiles. A profile is due if its next run is in the past. */
export async function addProfiles(
  { bare }: BenchWorld,
  { number, nextRun, tags = null }: { number: number; nextRun: string; tags?: string[] | null },
): Promise<number[]> {
  const { rows } = await bare.query(
    `INSERT INTO script_profile (account_id, title, script_id, access_group_id, created_by_id, created_at, last_edited_at,
       all_computers, tags, time_limit, username, trigger_kind, interval, start_after, next_run)
     SELECT 1, 'Profile ' || gen_random_uuid(), 1, 1, 1, at, at, $3::text[] IS NULL, coalesce($3, '{}'), 60, 'root',
       'recurring', '0 * * * *', '2020-01-01Z', date_trunc('hour', at + $2::interval)
     FROM generate_series(1, $1::int), (SELECT clock_timestamp() AS at) now RETURNING id::int`,
    [number, nextRun, tags],
  );
  await bare.query('ANALYZE');
  return rows.map(({ id }) => id);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The median, with the quartiles as a measure of the noise. */
export function summary(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
