import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const oldestServer = 15;

/** @param pooled behind a pooler in transaction mode: another server session may take each statement, and knows no names */
export function postgresqlAdapter(pool: pg.Pool, pooled = false): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, pooled ? {} : { statementNameGenerator: statementNames() });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter: SqlDriverAdapter = await factory.connect();
      // Behind a pooler another session may begin the transaction, with settings of its own.
      if (pooled) {
        const start = adapter.startTransaction.bind(adapter);
        adapter.startTransaction = (level = 'READ COMMITTED') => start(level);
      }
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
