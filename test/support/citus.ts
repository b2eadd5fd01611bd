import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../src/database/database.ts';
import { onServer as withSession } from '../../src/database/session.ts';
import { distribute, undistributed } from '../../src/maintenance/distribute.ts';
import { citusServer, databaseUrl, machinePrefix, onServer } from './server.ts';

// Databases on Citus, for the project `citus`. TEST_CITUS_URL names a database on the coordinator that knows the workers.
// Each database exists on all machines under one name, as Citus requires.

/** The default of 32 would make each of a thousand tests create hundreds of tables. */
export const SHARDS = 4;

export interface Machine {
  readonly host: string;
  readonly port: number;
  readonly isCoordinator: boolean;
}

export async function machines(): Promise<readonly Machine[]> {
  const { rows } = await onServer(citusServer(), (client) =>
    client.query<Machine>(`
      SELECT nodename AS host, nodeport AS port, groupid = 0 AS "isCoordinator" FROM pg_dist_node ORDER BY groupid`),
  );
  return rows;
}

export function urlOn({ host, port }: Pick<Machine, 'host' | 'port'>, database: string): string {
  const url = new URL(databaseUrl(citusServer(), database));
  url.host = `${host}:${port}`;
  return url.href;
}

/** Creates an empty database of all machines, whose coordinator knows the workers. */
export async function createUndistributed(): Promise<string> {
  const name = `${machinePrefix}${process.ppid}_${randomBytes(6).toString('hex')}`;
  const all = await machines();
  for (const machine of all) {
    await onServer(urlOn(machine, 'postgres'), (client) => client.query(`CREATE DATABASE "${name}"`));
    await onServer(urlOn(machine, name), (client) => client.query('CREATE EXTENSION citus'));
  }
  const url = urlOn(all.find(({ isCoordinator }) => isCoordinator)!, name);
  await onServer(url, async (client) => {
    for (const { host, port, isCoordinator } of all)
      if (isCoordinator) await client.query('SELECT citus_set_coordinator_host($1, $2)', [host, port]);
      else await client.query('SELECT citus_add_node($1, $2)', [host, port]);
    await client.query(`ALTER DATABASE "${name}" SET citus.shard_count TO ${SHARDS}`);
    // Tests make triggers that let a statement fail.
    await client.query(`ALTER DATABASE "${name}" SET citus.enable_unsafe_triggers TO on`);
  });
  return url;
}

/** Creates a migrated database, and distributes it as the command does. */
export async function createDistributed(): Promise<string> {
  const url = await createUndistributed();
  const database = await openDatabase({ url });
  await database.close();
  await withSession({ url, log: () => {} }, async (session) =>
    distribute(session, await undistributed(session), () => {}),
  );
  return url;
}

export async function dropOnCitus(url: string, drop: (server: string, name: string) => Promise<unknown>) {
  const name = new URL(url).pathname.slice(1);
  for (const machine of await machines()) await drop(urlOn(machine, 'postgres'), name);
}
