import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import { holdsWithin } from './load.ts';
import { RunningProcess } from './process.ts';

const ANSWERS_WITHIN_MS = 30_000;

/**
 * PgBouncer in transaction mode in front of a cluster. A session of the server belongs to a transaction, not to a
 * client.
 */
export interface PgBouncer {
  url(database: string): string;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPgBouncer(
  cluster: { readonly port: number },
  { poolSize = 5 } = {},
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const users = join(folder, 'users.txt');
  await writeFile(users, '"postgres" ""\n');
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${cluster.port} user=postgres connect_query='SET lock_timeout TO ''8s''; SET statement_timeout TO ''30s'''`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      `default_pool_size = ${poolSize}`,
      'max_client_conn = 200',
      'server_login_retry = 1',
      'ignore_startup_parameters = extra_float_digits',
      '',
    ].join('\n'),
  );
  let pooler: RunningProcess | undefined;
  const url = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    // PgBouncer refuses to run as root.
    const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
    pooler = new RunningProcess(['pgbouncer', '-q', ...asUser, file]);
    // Rejects if PgBouncer is not installed (apt-get install pgbouncer).
    const ended = pooler.ended.then(({ stderr }) => {
      throw new Error(`PgBouncer has ended: ${stderr}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, answering(url('postgres'))]);
  }
  const stop = async () => void (await pooler?.end('SIGKILL'));
  await start();
  return {
    url,
    start,
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a query succeeds. */
export async function answering(url: string): Promise<void> {
  const answers = async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  };
  if (!(await holdsWithin(ANSWERS_WITHIN_MS, answers))) throw new Error(`Nothing answers at ${url}.`);
}
