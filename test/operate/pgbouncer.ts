import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import type { Cluster } from './cluster.ts';

/** PgBouncer in transaction mode before a cluster: a transaction has a session of the server's, a client has none. */
export interface PgBouncer {
  url(database: string): string;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPgBouncer(
  cluster: Pick<Cluster, 'port'>,
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
  let child: ChildProcess | undefined;
  const url = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    // It does not run as root.
    const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
    const started = spawn('pgbouncer', ['-q', ...asUser, file], { stdio: 'ignore' });
    child = started;
    const failed = once(started, 'error').then(() => {
      throw new Error('PgBouncer must be installed here (apt-get install pgbouncer).');
    });
    await Promise.race([failed, answering(url('postgres'), () => started.exitCode !== null)]);
  }
  async function stop(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
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

/** Resolves once a query is answered there. */
export async function answering(url: string, isOver: () => boolean = () => false): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (isOver()) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error(`Nothing answers at ${url}.`);
}
