import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { between, type Chance } from '../../tools/seeded.ts';
import { onServer } from '../support/server.ts';
import type { Wire } from '../support/wire.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import { holdsWithin } from './load.ts';
import type { PgBouncer } from './pgbouncer.ts';
import type { Server } from './server.ts';

/** The components that a scenario may break. */
export interface Stage {
  readonly cluster: Cluster;
  /** The network between the servers and the cluster. */
  readonly wire: Wire;
  /** Undefined in scenarios without a pooler. */
  readonly pooler?: PgBouncer;
  readonly servers: readonly Server[];
  readonly chance: Chance;
  /** Registers a cleanup for the end. */
  afterwards(work: () => Promise<unknown>): void;
  expect(holds: boolean, what: string): void;
  /** Waits until the load is affected by the fault. Otherwise the scenario would prove nothing. */
  untilRefused(): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** A request that takes longer counts as hanging. */
  readonly slowestMs?: number;
  readonly pooled?: boolean | 'without a direct connection';
  cluster?(afterwards: (work: () => Promise<unknown>) => void): Promise<ClusterOptions>;
  /** Causes the fault, and ends it. */
  act(stage: Stage): Promise<void>;
}

const AWAY_MS = 4_000;
const CONNECTIONS = 20;
const CUT_WITHIN_MS = 60_000;
const MEBIBYTE = 1024 * 1024;

const expectNotReady = async ({ servers, expect }: Stage) => {
  for (const server of servers) {
    expect((await server.status('/readyz')) === 503, 'While the database is away, /readyz is 503.');
    expect((await server.status('/healthz')) === 200, 'While the database is away, /healthz is 200.');
  }
};

/** Ends some or all sessions, and returns their number. */
const terminate = (cluster: Cluster, which: string, isChosen = () => true) =>
  onServer(cluster.url(), async (client) => {
    const { rows } = await client.query(
      `SELECT pid FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND ${which} ORDER BY pid`,
    );
    const pids = rows.filter(isChosen).map(({ pid }) => pid);
    const ended = await client.query('SELECT FROM unnest($1::int[]) pid WHERE pg_terminate_backend(pid)', [
      pids,
    ]);
    return ended.rowCount ?? 0;
  });

interface Cuts {
  readonly which: string;
  /** Share of the sessions that are ended each time. */
  readonly share: number;
  readonly sessions: number;
  readonly restMs: readonly [number, number];
}

/** Ends sessions repeatedly until the given number is reached. */
async function cut({ cluster, expect, chance }: Stage, { which, share, sessions, restMs }: Cuts) {
  let ended = 0;
  const isEnough = async () => {
    ended += await terminate(cluster, which, () => chance() < share);
    await pause(between(chance, ...restMs));
    return ended >= sessions;
  };
  expect(await holdsWithin(CUT_WITHIN_MS, isEnough), `${sessions} sessions were cut; only ${ended} were.`);
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'restarted',
    async act({ cluster, untilRefused }) {
      await cluster.stop('fast');
      await untilRefused();
      await cluster.start();
    },
  },
  {
    name: 'crashed',
    async act({ cluster, untilRefused }) {
      await cluster.stop('immediate');
      await untilRefused();
      await cluster.start();
    },
  },
  {
    name: 'unreachable for a while',
    async act(stage) {
      await stage.cluster.stop('fast');
      await expectNotReady(stage);
      await pause(AWAY_MS);
      await stage.untilRefused();
      await stage.cluster.start();
    },
  },
  {
    name: 'failed over to its standby',
    async act({ cluster, wire, afterwards, untilRefused }) {
      const standby = await cluster.standby();
      afterwards(standby.remove);
      await pause(AWAY_MS);
      await cluster.stop('immediate');
      await untilRefused();
      await standby.promote();
      wire.leadTo(standby.port);
    },
  },
  {
    name: 'slow',
    async act({ wire }) {
      wire.delay(150);
      await pause(2 * AWAY_MS);
      wire.delay(0);
    },
  },
  {
    name: 'suspended',
    // A statement in progress is given up if the server sends nothing for 40 seconds.
    slowestMs: 45_000,
    async act(stage) {
      await stage.cluster.freeze();
      await expectNotReady(stage);
      await pause(3 * AWAY_MS);
      await stage.cluster.thaw();
    },
  },
  {
    name: 'out of connections',
    cluster: async () => ({ settings: { max_connections: String(2 * CONNECTIONS) } }),
    async act(stage) {
      const { cluster, expect } = stage;
      await terminate(cluster, 'true');
      const taken: pg.Client[] = [];
      const begun = performance.now();
      // Takes most connections for a while. On a busy machine this may take longer.
      const isOver = () => {
        const since = performance.now() - begun;
        return taken.length > CONNECTIONS ? since > AWAY_MS : since > 10 * AWAY_MS;
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
        // Ends the connections that the servers have opened again.
        await terminate(cluster, `datname <> 'postgres'`).catch(() => {});
      }
      expect(taken.length > CONNECTIONS, 'Most connections were taken away.');
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
      // Fills the remaining space.
      for (let size = 256; size > 0; size = Math.floor(size / 2)) {
        const piece = Buffer.alloc(size * MEBIBYTE);
        await writeFile(ballast, piece, { flag: 'a' }).catch(() => {});
      }
      await writeFile(`${ballast}.rest`, Buffer.alloc(MEBIBYTE)).catch(() => {});
      await pause(2 * AWAY_MS);
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
      // PostgreSQL stops if its journal has no space.
      await cluster.start().catch(() => {});
    },
  },
  {
    name: 'cut in the middle of transactions',
    act: (stage) =>
      cut(stage, {
        which: `state <> 'idle' AND query NOT LIKE 'LISTEN %'`,
        share: 0.5,
        sessions: 30,
        restMs: [50, 150],
      }),
  },
  {
    name: 'losing its LISTEN connections repeatedly',
    act: (stage) =>
      cut(stage, {
        which: `(query LIKE 'LISTEN %' OR query = 'SELECT')`,
        share: 1,
        sessions: 30,
        restMs: [300, 500],
      }),
  },
  {
    name: 'behind PgBouncer, which is restarted, and then the database',
    pooled: true,
    async act(stage) {
      const { pooler, cluster } = stage;
      await pooler!.stop();
      await expectNotReady(stage);
      await stage.untilRefused();
      await pooler!.start();
      await pause(AWAY_MS);
      await cluster.stop('fast');
      await cluster.start();
    },
  },
  {
    name: 'behind PgBouncer without a direct connection, so the scheduler polls',
    pooled: 'without a direct connection',
    act: () => pause(AWAY_MS),
  },
];

/** Thrown if this machine does not support a scenario. */
export class Cannot extends Error {}
