import { execFile } from 'node:child_process';
import { appendFile, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL server for one test, which may stop and break it. */
export interface Cluster {
  readonly port: number;
  readonly folder: string;
  /** URL of one of its databases. */
  url(database?: string): string;
  start(): Promise<void>;
  /** `fast` ends all connections, and `immediate` is a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Suspends it, as on a machine that hangs. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Creates a standby that can replace it. Every commit waits for the standby. */
  standby(): Promise<Cluster & { promote(): Promise<void> }>;
  remove(): Promise<void>;
}

export interface ClusterOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of its data. Defaults to a new folder in /tmp. */
  readonly folder?: string;
}

export async function createCluster({ settings = {}, folder }: ClusterOptions = {}): Promise<Cluster> {
  const bin = await binaries();
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'gateway-cluster-')));
  await give(place);
  const data = join(place, 'data');
  await asPostgres(
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
    '-E',
    'UTF8',
  );
  const port = await freePort();
  await configure(data, {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: place,
    max_connections: '60',
    shared_buffers: '32MB',
    wal_level: 'replica',
    log_min_messages: 'fatal',
    ...settings,
  });
  const cluster = clusterAt(bin, place, data, port);
  await cluster.start();
  return cluster;
}

function clusterAt(bin: string, folder: string, data: string, port: number): Cluster {
  const control = (...args: string[]) =>
    asPostgres(join(bin, 'pg_ctl'), '-D', data, '-w', '-t', '60', ...args);
  const start = () => control('-l', join(folder, 'log'), 'start');
  const stop = (mode = 'fast') => control('-m', mode, 'stop');
  const signal = async (name: NodeJS.Signals) => {
    for (const pid of await processesOf(data)) process.kill(pid, name);
  };
  return {
    port,
    folder,
    url: (database = 'postgres') => `postgresql://postgres@127.0.0.1:${port}/${database}`,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async standby() {
      const other = await mkdtemp(join(tmpdir(), 'gateway-standby-'));
      await give(other);
      const copy = join(other, 'data');
      const from = `host=127.0.0.1 port=${port} user=postgres application_name=standby`;
      await asPostgres(
        join(bin, 'pg_basebackup'),
        '-D',
        copy,
        '-d',
        from,
        '-R',
        '-X',
        'stream',
        '--no-sync',
        '-c',
        'fast',
      );
      const otherPort = await freePort();
      const settings = {
        port: String(otherPort),
        unix_socket_directories: other,
        synchronous_standby_names: '',
      };
      await configure(copy, settings);
      const follower = clusterAt(bin, other, copy, otherPort);
      await follower.start();
      await configure(data, { synchronous_standby_names: 'standby' });
      await control('reload');
      const promote = () => asPostgres(join(bin, 'pg_ctl'), '-D', copy, '-w', 'promote');
      return { ...follower, promote };
    },
    async remove() {
      await signal('SIGCONT').catch(() => {});
      await stop('immediate').catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The newest installed version. Debian does not put its programs into the path. */
async function binaries(): Promise<string> {
  const versions = await readdir(DEBIAN).catch(() => [] as string[]);
  const newest = versions
    .map(Number)
    .filter(Boolean)
    .sort((a, b) => b - a)[0];
  if (newest !== undefined) return join(DEBIAN, String(newest), 'bin');
  const { stdout } = await run('pg_config', ['--bindir']).catch(() => {
    throw new Error(
      'A PostgreSQL server must be installed here, to make clusters of (apt-get install postgresql).',
    );
  });
  return stdout.trim();
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root. */
async function asPostgres(program: string, ...args: string[]): Promise<void> {
  const [command, ...rest] = isRoot
    ? ['runuser', '-u', 'postgres', '--', program, ...args]
    : [program, ...args];
  // The server inherits the pipes, so the output must not be read until they close.
  await run(command!, rest, { cwd: tmpdir(), env: { ...process.env, LC_ALL: 'C.UTF-8' } }).catch((error) => {
    throw new Error(`${program} ${args.join(' ')} failed: ${error.stderr || error.message}`);
  });
}

async function give(folder: string): Promise<void> {
  if (!isRoot) return;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, 'postgres'])).stdout)),
  );
  await chown(folder, uid!, gid!);
}

const configure = (data: string, settings: Readonly<Record<string, string>>) =>
  appendFile(
    join(data, 'postgresql.auto.conf'),
    Object.entries(settings)
      .map(([name, value]) => `${name} = '${value}'\n`)
      .join(''),
  );

/** The postmaster and its child processes. */
async function processesOf(data: string): Promise<number[]> {
  const { stdout: file } = await run('head', ['-n', '1', join(data, 'postmaster.pid')]);
  const postmaster = Number(file);
  const { stdout } = await run('pgrep', ['-P', String(postmaster)]).catch(() => ({ stdout: '' }));
  return [postmaster, ...stdout.split('\n').filter(Boolean).map(Number)];
}
