import pg from 'pg';
import { assertReachable } from './postgresql/postgresql-server.ts';
import { type Log, openSession } from './postgresql/postgresql-session.ts';

/** A session within a transaction. Code that copies whole tables uses it instead of Prisma. */
export interface Session {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  /** Statements without values, separated by semicolons. */
  exec(script: string): Promise<unknown>;
}

/** Settings that give every row the same text, whatever the settings of the server, role or database are. */
const settings = `
  set local time zone 'UTC'; set local datestyle to 'ISO'; set local intervalstyle to 'postgres';
  set local extra_float_digits to 1; set local bytea_output to 'hex'`;

/** Runs work in the session's current transaction, with these settings. */
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
  /** All statements read the same snapshot, and writes are rejected. */
  readonly readOnly?: boolean;
}

/** Runs work in one transaction on a PostgreSQL server. */
export async function onServer<Result>(
  { url, log, readOnly = false }: ServerOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const pool = openSession(url, log);
  try {
    await assertReachable(pool);
    const client = await pool.connect();
    // The waiting statement reports the error too. Without a listener the error would end the process.
    client.on('error', () => {});
    try {
      await client.query(readOnly ? 'begin isolation level repeatable read read only' : 'begin');
      const result = await settled(sessionOf(client), work);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      // Close the connection, which also ends the transaction.
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
