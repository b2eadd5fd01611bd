import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { onServer } from '../support/server.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import type { PgBouncer } from './pgbouncer.ts';
import type { Served } from './served.ts';
import type { Wire } from './wire.ts';

/** What a scenario may break. */
export interface Stage {
  readonly cluster: Cluster;
  /** Between the servers and the cluster. */
  readonly wire: Wire;
  /** Where it has one. */
  readonly pooler?: PgBouncer;
  readonly servers: readonly Served[];
  readonly database: string;
  /** What there is to clean up, when all is over. */
  afterwards(work: () => Promise<unknown>): void;
  expect(holds: boolean, what: string): void;
}

export interface Scenario {
  readonly name: string;
  /** What takes longer than so many milliseconds to be answered hangs. */
  readonly slowest?: number;
  readonly pooled?: boolean | 'without a direct connection';
  cluster?(afterwards: (work: () => Promise<unknown>) => void): Promise<ClusterOptions>;
  /** Breaks it, and mends it. */
  act(stage: Stage): Promise<void>;
}

const AWAY = 4_000;
const MOST = 20;
const MEBIBYTE = 1024 * 1024;

const expectNotReady = async ({ servers, expect }: Stage) => {
  for (const server of servers) {
    expect((await server.status('/readyz')) === 503, 'While the database is away, /readyz is 503.');
    expect((await server.status('/healthz')) === 200, 'While the database is away, /healthz is 200.');
  }
};

const terminate = (cluster: Cluster, which: string) =>
  onServer(cluster.url(), (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND ${which}`,
    ),
  );

export const scenarios: readonly Scenario[] = [
  {
    name: 'restarted',
    async act({ cluster }) {
      await cluster.stop('fast');
      await cluster.start();
    },
  },
  {
    name: 'crashed',
    async act({ cluster }) {
      await cluster.stop('immediate');
      await cluster.start();
    },
  },
  {
    name: 'away for a while',
    async act(stage) {
      await stage.cluster.stop('fast');
      await expectNotReady(stage);
      await pause(AWAY);
      await stage.cluster.start();
    },
  },
  {
    name: 'failed over to its standby',
    async act({ cluster, wire, afterwards }) {
      const standby = await cluster.standby();
      afterwards(standby.remove);
      await pause(AWAY);
      await cluster.stop('immediate');
      await standby.promote();
      wire.leadTo(standby.port);
    },
  },
  {
    name: 'slow',
    async act({ wire }) {
      wire.delay(150);
      await pause(2 * AWAY);
      wire.delay(0);
    },
  },
  {
    name: 'standing still',
    // A statement that is under way then is given up when the server has said nothing for 40 seconds.
    slowest: 45_000,
    async act(stage) {
      await stage.cluster.freeze();
      await expectNotReady(stage);
      await pause(3 * AWAY);
      await stage.cluster.thaw();
    },
  },
  {
    name: 'out of connections',
    cluster: async () => ({ settings: { max_connections: String(2 * MOST) } }),
    async act(stage) {
      const { cluster, expect } = stage;
      await terminate(cluster, 'true');
      const taken: pg.Client[] = [];
      const begun = performance.now();
      // However busy the machine is: most of them, and for a while.
      const isOver = () => {
        const since = performance.now() - begun;
        return taken.length > MOST ? since > AWAY : since > 10 * AWAY;
      };
      while (!isOver()) {
        const client = new pg.Client({ connectionString: cluster.url() });
        client.on('error', () => {});
        const connected = await client.connect().then(
          () => true,
          () => false,
        );
        if (connected) taken.push(client);
        else await pause(20);
        // What they come back with is taken from them, too.
        await terminate(cluster, `datname <> 'postgres'`).catch(() => {});
      }
      expect(taken.length > MOST, 'Most connections were taken away.');
      await Promise.all(taken.map((client) => client.end()));
    },
  },
  {
    name: 'out of disk space',
    async cluster(afterwards) {
      const folder = `/tmp/gateway-small-disk-${process.pid}`;
      await mkdir(folder);
      afterwards(() => rm(folder, { recursive: true, force: true }));
      await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', folder]).catch(
        (error) => {
          throw new Cannot(`A small file system can’t be mounted here: ${error.stderr || error.message}`);
        },
      );
      afterwards(() => promisify(execFile)('umount', ['-l', folder]));
      return { folder, settings: { min_wal_size: '32MB', max_wal_size: '64MB' } };
    },
    async act({ cluster, expect }) {
      const ballast = `${cluster.folder}/ballast`;
      // As much as there is room for.
      for (let size = 256; size > 0; size = Math.floor(size / 2)) {
        const piece = Buffer.alloc(size * MEBIBYTE);
        await writeFile(ballast, piece, { flag: 'a' }).catch(() => {});
      }
      await writeFile(`${ballast}.rest`, Buffer.alloc(MEBIBYTE)).catch(() => {});
      await pause(2 * AWAY);
      const full = await onServer(cluster.url(), (client) =>
        client.query(
          'CREATE TABLE filling AS SELECT repeat(md5(n::text), 30) FROM generate_series(1, 50000) n',
        ),
      ).then(
        () => false,
        () => true,
      );
      expect(full, 'The disk was full.');
      await rm(ballast);
      await rm(`${ballast}.rest`, { force: true });
      // Where there was no room for its journal, it stopped.
      await cluster.start().catch(() => {});
    },
  },
  {
    name: 'cut in the middle of transactions',
    async act({ cluster }) {
      for (let times = 0; times < 60; times += 1) {
        await terminate(cluster, `state <> 'idle' AND query NOT LIKE 'LISTEN %' AND random() < 0.5`);
        await pause(100);
      }
    },
  },
  {
    name: 'deaf: LISTEN lost again and again',
    async act({ cluster }) {
      for (let times = 0; times < 15; times += 1) {
        await terminate(cluster, `query LIKE 'LISTEN %' OR query = 'SELECT'`);
        await pause(400);
      }
    },
  },
  {
    name: 'behind PgBouncer, which is restarted, and then the database',
    pooled: true,
    async act(stage) {
      const { pooler, cluster } = stage;
      await pooler!.stop();
      await expectNotReady(stage);
      await pooler!.start();
      await pause(AWAY);
      await cluster.stop('fast');
      await cluster.start();
    },
  },
  {
    name: 'behind PgBouncer without a direct connection: the clock polls',
    pooled: 'without a direct connection',
    act: () => pause(AWAY),
  },
];

/** This machine does not allow it. */
export class Cannot extends Error {}
