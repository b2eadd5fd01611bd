import pg from 'pg';
import { adviceOn, CannotOpen, reasonOf } from '../cannot-open.ts';
import { driverErrorOf } from '../driver-error.ts';
import { migrate } from '../migrations/migrate.ts';
import { postgresqlAdapter } from './postgresql-adapter.ts';
import { type Log, openSession, schemaOf } from './postgresql-session.ts';
import { missingPrivileges, PRIVILEGE_ADVICE, saysMissing } from './privileges.ts';

const OLDEST_VERSION = 15;
const ENCODING = 'UTF8';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Migrates the database and checks every precondition whose absence would make the gateway fail later.
 *
 * @returns whether a pooler answered @throws CannotOpen
 */
export async function openServer(url: string, log: Log): Promise<boolean> {
  const session = openSession(url, log);
  try {
    await assertReachable(session);
    const pooled = await isPooler(session);
    if (pooled)
      log(
        'DATABASE_URL leads to a pooler. Set DATABASE_DIRECT_URL to the PostgreSQL server, or subscriptions receive no events and the scheduler checks only once a minute.',
      );
    await assertEncoding(session);
    const adapter = postgresqlAdapter(session, { schema: schemaOf(url), pooled });
    await migrate(adapter, { shared: true, log }).catch(asMissingPrivilege);
    const missing = await missingPrivileges(session);
    if (missing.length > 0) throw new CannotOpen(saysMissing(missing), PRIVILEGE_ADVICE);
    return pooled;
  } finally {
    await session.end();
  }
}

/** Resolves once the server answers. The error names host, port and database, and never the password. */
export async function assertReachable(pool: pg.Pool): Promise<void> {
  const { host, port, database } = new pg.Client(pool.options);
  const place = `the database "${database}" of the PostgreSQL server at ${host}:${port}`;
  let version: number;
  try {
    const { rows } = await pool.query('SHOW server_version_num');
    version = Math.floor(Number(rows[0].server_version_num) / 10_000);
  } catch (error) {
    throw new CannotOpen(`Cannot open ${place}: ${reasonOf(error)}`, adviceOn(error), error);
  }
  if (version < OLDEST_VERSION)
    throw new CannotOpen(
      `Cannot open ${place}: its version must be ${OLDEST_VERSION} or newer; found ${version}`,
      'upgrade the server with pg_upgrade, or move to a newer one with pg_dump and pg_restore',
    );
}

function asMissingPrivilege(error: unknown): never {
  const driverError = driverErrorOf(error);
  if (driverError?.originalCode !== INSUFFICIENT_PRIVILEGE) throw error;
  const reason = driverError.originalMessage ?? (error as Error).message;
  throw new CannotOpen(`The database's user lacks privileges: ${reason}`, PRIVILEGE_ADVICE, error);
}

async function assertEncoding(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ encoding: string }>(
    `SELECT current_setting('server_encoding') AS encoding`,
  );
  const { encoding } = rows[0]!;
  if (encoding !== ENCODING)
    throw new CannotOpen(
      `The database's encoding must be ${ENCODING}; found ${encoding}, which cannot store every name and output`,
      "create one with ENCODING 'UTF8' TEMPLATE template0, and copy the data with pg_dump and pg_restore",
    );
}

/**
 * Whether a pooler answers. A pooler passes statements on to the server's sessions, so the process id that it announced
 * is not the session's. In transaction mode a pooler does not keep the names of statements.
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
