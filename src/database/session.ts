import pg from 'pg';
import { assertReachable } from './postgresql/postgresql-server.ts';
import { type Log, openSession } from './postgresql/postgresql-session.ts';

/** One session of a database, within a transaction: whoever copies whole tables goes past Prisma. */
export interface Session {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  /** Statements without values, separated by semicolons. */
  exec(script: string): Promise<unknown>;
}

/** Rows read as the same text, whatever the server's, the role's or the database's settings. */
const settings = `
  set local time zone 'UTC'; set local datestyle to 'ISO'; set local intervalstyle to 'postgres';
  set local extra_float_digits to 1; set local bytea_output to 'hex'`;

/** Work in the transaction that the session is in. */
export async function settled<Result>(
  session: Session,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  await session.exec(settings);
  return work(session);
}

interface ServerOptions {
  readonly url: string;
  readonly log: Log;
  /** All of it reads the same state, and nothing can be written. */
  readonly readOnly?: boolean;
}

/** Work in one transaction of a PostgreSQL server. */
export async function onServer<Result>(
  { url, log, readOnly = false }: ServerOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const pool = openSession(url, log);
  try {
    await assertReachable(pool);
    const client = await pool.connect();
    // It is told to whoever waits for a statement; without a listener it would also end the process.
    client.on('error', () => {});
    try {
      await client.query(readOnly ? 'begin isolation level repeatable read read only' : 'begin');
      const result = await settled(sessionOf(client), work);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      // The connection goes, and the transaction with it.
      client.release(true);
      throw error;
    }
  } finally {
    await pool.end();
  }
}

const sessionOf = (client: pg.PoolClient): Session => ({
  query: async <Row>(text: string, values?: unknown[]) => {
    const { rows } = await client.query(text, values);
    return { rows: rows as Row[] };
  },
  exec: (script) => client.query(script),
});

export const quoted = pg.escapeIdentifier;
