import { readMigrations } from '../database/migrations/migrations-folder.ts';
import type { Session } from '../database/session.ts';
import { placedTables } from './citus.ts';
import { migrationsOf } from './examination.ts';

/** Returns what prevents the distribution of the database over Citus' workers, each with advice. */
export async function obstaclesToDistribution(session: Session): Promise<string[]> {
  const others = await otherSessions(session);
  return [
    ...(await migrationObstacles(session)),
    ...(others.length === 0
      ? []
      : [
          `Other sessions use the database (${others.join(', ')}). Stop all servers, and close the other sessions.`,
        ]),
    ...((await placedTables(session)) === undefined
      ? [
          'The database has no extension "citus". Run CREATE EXTENSION citus in it, on the coordinator and on each worker.',
        ]
      : await clusterObstacles(session)),
  ];
}

async function migrationObstacles(session: Session): Promise<string[]> {
  const applied = await migrationsOf(session);
  const all = await readMigrations();
  const isCurrent =
    applied.length === all.length &&
    all.every(({ name }, index) => applied[index]?.name === name && applied[index].finished);
  return isCurrent
    ? []
    : [
        'The database does not have exactly the migrations of this release. Start a server of this release once.',
      ];
}

async function otherSessions(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ session: string }>(`
    select format('%s from %s', coalesce(nullif(application_name, ''), usename), coalesce(host(client_addr), 'this machine')) as session
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and application_name not like 'citus%'
    order by backend_start`);
  return rows.map((row) => row.session);
}

async function clusterObstacles(session: Session): Promise<string[]> {
  const { rows: nodes } = await session.query<{ place: string; coordinator: boolean }>(`
    select format('%s:%s', nodename, nodeport) as place, groupid = 0 as coordinator
    from pg_dist_node where isactive and (groupid = 0 or shouldhaveshards)`);
  const obstacles: string[] = [];
  if (!nodes.some(({ coordinator }) => coordinator))
    obstacles.push(
      "The coordinator is not registered, so the workers cannot reach it. Run SELECT citus_set_coordinator_host('<its host>').",
    );
  if (nodes.every(({ coordinator }) => coordinator))
    obstacles.push("There is no worker. Run SELECT citus_add_node('<host>', 5432) for each worker.");
  if (obstacles.length > 0) return obstacles;
  const { rows: unreachable } = await session.query<{ place: string }>(`
    select format('%s:%s from %s:%s', to_nodename, to_nodeport, from_nodename, from_nodeport) as place
    from citus_check_cluster_node_health() where result is not true`);
  return unreachable.map(
    ({ place }) => `A machine does not answer: ${place}. Start it, and check pg_hba.conf.`,
  );
}
