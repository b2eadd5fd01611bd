import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { DEADLINES } from './deadlines.ts';

/** Connections a process; replicas times this must stay below the server's `max_connections`. */
const poolSize = 10;

const oldestServer = 15;

export type Log = (message: string) => void;

/**
 * The adapter reads and writes timestamptz without looking at the offset, so every session must be in UTC,
 * whatever the server's or the role's setting: anything else shifts all times by hours, silently.
 * PostgreSQL's compiler takes ten times as long over one of our pages as running it does.
 * Sent as statements, not as startup options, since older poolers refuse those.
 */
const settings = "SET TIME ZONE 'UTC'; SET DateStyle TO 'ISO'; SET jit TO off";

/** The connections that requests share: none waits for ever, and what is asked at once is sent at once. */
export function openPool(url: string, log: Log, deadlines = DEADLINES): pg.Pool {
  const { connection, lock, statement, silence } = deadlines;
  const bounded = `SET lock_timeout TO ${lock}; SET statement_timeout TO ${statement}`;
  return newPool(url, log, `${settings}; ${bounded}`, {
    max: poolSize,
    connectionTimeoutMillis: connection,
    stream: () => impatientSocket(silence),
    pipeline: true,
  });
}

/** One session that stays open: what an advisory lock needs. A migration may take its time. */
export function openSession(url: string, log: Log): pg.Pool {
  return newPool(url, log, settings, { max: 1, idleTimeoutMillis: 0 });
}

function newPool(url: string, log: Log, first: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: DEADLINES.connection,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(first);
    },
    ...options,
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would
  // be an uncaught error and end the process.
  pool.on('error', (error) => log(`An idle database connection was lost: ${error.message}`));
  return pool;
}

/**
 * To a server that must not be silent for ever, and which is told in one piece what is said to it in one turn: each
 * piece more costs as much as a small statement. Not over TLS, where the driver wraps it into a stream of its own.
 */
function impatientSocket(longestSilence: number): Socket {
  const socket = new Socket();
  // The driver corks it, and uncorks it once the parts of a statement are written: here once those of all are.
  const uncork = socket.uncork.bind(socket);
  socket.uncork = () => process.nextTick(uncork);
  return socket.setTimeout(longestSilence, () => socket.destroy());
}

/** @param pooled behind a pooler in transaction mode: another server session may take each statement, and knows no names */
export function postgresqlAdapter(pool: pg.Pool, pooled = false): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, pooled ? {} : { statementNameGenerator: statementNames() });
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

/**
 * Whether what answers is a pooler, which hands statements on to sessions of the server's: it says itself which process
 * serves this connection, and the session another. Behind one in transaction mode names of statements don't hold.
 */
export async function isPooler(pool: pg.Pool): Promise<boolean> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]!.pid !== (client as unknown as { processID: number }).processID;
  } finally {
    client.release();
  }
}

/** For `localhost` Node tries several addresses and puts the reasons into an error without a message. */
function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: Error[] };
  return message || errors?.map((each) => each.message).join(', ') || code || String(error);
}

/** Statements of which PostgreSQL keeps the plan; ours are fewer, and each connection remembers them. */
const mostNamed = 500;

/** The same text gets the same name, so that it is parsed and planned once a connection and not once a request. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < mostNamed) names.set(sql, `gateway_${names.size + 1}`);
    // Without a name it is forgotten once it has run.
    return names.get(sql) ?? '';
  };
}
