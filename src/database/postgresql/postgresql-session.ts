import { Socket } from 'node:net';
import pg from 'pg';
import { type DatabaseDeadlines, DEADLINES } from '../deadlines.ts';

export type Log = (message: string) => void;

/** Connections per process. Replicas times this number must stay below the server's `max_connections`. */
const POOL_SIZE = 10;
const DEFAULT_SCHEMA = 'public';

/**
 * Every setting that correctness depends on. The server, the database and the role can each override the default
 * (`ALTER DATABASE … SET`), so each session sets its own.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  // The adapter ignores the offset of a timestamptz, so any other zone would silently shift all times.
  TimeZone: 'UTC',
  // How PostgreSQL writes values as text.
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  quote_all_identifiers: 'off',
  // How PostgreSQL reads statements.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // A transaction that waited for a lock must see what the holder committed, or limits are overshot.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  default_transaction_read_only: 'off',
  // A listening session is idle most of the time.
  idle_session_timeout: '0',
  // PostgreSQL needs ten times as long to compile one of our page queries as to run it.
  jit: 'off',
};

/** Timeouts for requests. A process that hangs in a transaction loses its locks. */
const requestTimeouts = ({ lock, statement, idleTransaction }: DatabaseDeadlines) => ({
  lock_timeout: `${lock}`,
  statement_timeout: `${statement}`,
  idle_in_transaction_session_timeout: `${idleTransaction}`,
});

/** Migrations, moves and the doctor have no timeouts. */
const NO_TIMEOUTS = { lock_timeout: '0', statement_timeout: '0', idle_in_transaction_session_timeout: '0' };

/** SET statements instead of startup options, because older poolers reject those. */
function settingsFor(url: string, timeouts: Readonly<Record<string, string>>): string {
  const stated = { ...SETTINGS, ...timeouts, search_path: pg.escapeIdentifier(schemaOf(url)) };
  return [
    ...Object.entries(stated).map(
      ([name, value]) => `SET ${name} TO ${name === 'search_path' ? value : pg.escapeLiteral(value)}`,
    ),
    // `off` would lose runs that were already sent to computers. Every other value is the operator's choice.
    `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
    // Only PostgreSQL 17 and newer have this setting.
    `SELECT set_config('transaction_timeout', '0', false) WHERE current_setting('transaction_timeout', true) IS NOT NULL`,
  ].join('; ');
}

/** The driver treats `sslmode` as libpq does only with this parameter. */
const asLibpq = (url: string): string =>
  parametersOf(url).has('sslmode') ? `${url}&uselibpqcompat=true` : url;

/**
 * The driver leaves the socket open if the login fails, for example without a password. The process would stay alive
 * until the server gives up after a minute.
 */
class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('error', () => this.connection.stream.destroy());
  }
}

/** The schema that holds the tables. Defaults to `public`. */
export const schemaOf = (url: string): string => parametersOf(url).get('schema') || DEFAULT_SCHEMA;

function parametersOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
}

/** The pool that requests share. Every wait in it has a timeout. */
export function openPool(url: string, log: Log, deadlines = DEADLINES): pg.Pool {
  return newPool(url, log, settingsFor(url, requestTimeouts(deadlines)), {
    max: POOL_SIZE,
    connectionTimeoutMillis: deadlines.connection,
    stream: () => socketWithIdleTimeout(deadlines.silence),
  });
}

/** A single session that stays open, as an advisory lock requires. */
export function openSession(url: string, log: Log): pg.Pool {
  return newPool(url, log, settingsFor(url, NO_TIMEOUTS), { max: 1, idleTimeoutMillis: 0 });
}

/** A connection outside any pool. `connect()` resolves once its settings are in force. */
export function newClient(url: string, options: pg.ClientConfig): pg.Client {
  const client = new Client({ connectionString: asLibpq(url), ...options });
  const connect = client.connect.bind(client) as () => Promise<unknown>;
  return Object.assign(client, {
    connect: async () => {
      await connect();
      await client.query(settingsFor(url, NO_TIMEOUTS));
    },
  });
}

function newPool(url: string, log: Log, settings: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    Client,
    connectionString: asLibpq(url),
    connectionTimeoutMillis: DEADLINES.connection,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(settings);
    },
    ...options,
  });
  // The pool replaces an idle connection that the server closes. Without a listener the error would end the process.
  pool.on('error', (error) => log(`An idle database connection was lost: ${error.message}`));
  return pool;
}

/** A socket that closes if the server is silent too long. For TLS, the driver wraps it in its own stream. */
function socketWithIdleTimeout(longestSilence: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(longestSilence, () => socket.destroy());
}
