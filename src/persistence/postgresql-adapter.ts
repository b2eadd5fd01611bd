import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Connections a process; replicas times this must stay below the server's `max_connections`. */
const poolSize = 10;
/** An unreachable server must be told within some ten seconds; covers waiting for a free connection too. */
const connectionTimeout = 8_000;

const oldestServer = 15;

export type Log = (message: string) => void;

/**
 * The adapter reads and writes timestamptz without looking at the offset, so every session must be in UTC,
 * whatever the server's or the role's setting: anything else shifts all times by hours, silently.
 * Sent as statements, not as startup options, since older poolers refuse those.
 */
const inUtc = "SET TIME ZONE 'UTC'; SET DateStyle TO 'ISO'";

export function openPool(url: string, log: Log, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeout,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(inUtc);
    },
    ...options,
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would
  // be an uncaught error and end the process.
  pool.on('error', (error) => log(`An idle database connection was lost: ${error.message}`));
  return pool;
}

/** One session that stays open: what an advisory lock needs. */
export function openSession(url: string, log: Log): pg.Pool {
  return openPool(url, log, { max: 1, idleTimeoutMillis: 0 });
}

export function postgresqlAdapter(pool: pg.Pool): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter: SqlDriverAdapter = await factory.connect();
      // The package's own splits the script at every semicolon, also in comments and strings, and gives each
      // piece to any connection. Sent whole, the script is one implicit transaction: a migration that fails
      // half way leaves nothing behind.
      adapter.executeScript = async (script) => {
        await pool.query(script);
      };
      return adapter;
    },
  };
}

/** Resolves once the server answers; else says where it was looked for, never with which password. */
export async function assertReachable(pool: pg.Pool): Promise<void> {
  const { host, port, database } = new pg.Client(pool.options);
  const place = `the database "${database}" of the PostgreSQL server at ${host}:${port}`;
  try {
    const { rows } = await pool.query('SHOW server_version_num');
    const version = Math.floor(Number(rows[0].server_version_num) / 10_000);
    if (version < oldestServer)
      throw new Error(`it is version ${version}, and must be ${oldestServer} or newer`);
  } catch (error) {
    throw new Error(`Can't open ${place}: ${reasonOf(error)}`, { cause: error });
  }
}

/** For `localhost` Node tries several addresses and puts the reasons into an error without a message. */
function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: Error[] };
  return message || errors?.map((each) => each.message).join(', ') || code || String(error);
}
