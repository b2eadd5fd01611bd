import { openPool } from '../../src/database/postgresql/postgresql-session.ts';
import { onServer } from './server.ts';
import { type WatchedDatabase, watchedDatabase } from './visited-partitions.ts';

/** Opens a database on Citus, whose coordinator reports each command that it sends to a worker. */
export async function watchShards(url: string): Promise<WatchedDatabase> {
  const groups = await groupsOf(url);
  const visits: { readonly statement: string; readonly groups: Set<number> }[] = [];
  const pool = openPool(url, () => {});
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    let current: (typeof visits)[number] | undefined;
    const watched = (...args: unknown[]) => {
      const [asked] = args as [string | { text: string }];
      current = { statement: typeof asked === 'string' ? asked : asked.text, groups: new Set() };
      visits.push(current);
      return query(...args);
    };
    Object.assign(client, { query: watched });
    client.on('notice', ({ message = '' }) => {
      if (!message.startsWith('issuing ')) return;
      for (const [, shard] of message.matchAll(/_(\d{6,})\b/g)) {
        const group = groups.get(Number(shard));
        if (group !== undefined) current?.groups.add(group);
      }
    });
    query('SET citus.log_remote_commands TO on');
  });
  return watchedDatabase(url, pool, () =>
    visits
      .splice(0)
      .map(({ statement, groups: visited }) => ({ statement, partitions: [...visited].sort() })),
  );
}

/** The shards of tables that are spread by account, with the number of their group. A group has the same accounts. */
async function groupsOf(url: string): Promise<ReadonlyMap<number, number>> {
  const { rows } = await onServer(url, (client) =>
    client.query<{ shard: number; group: number }>(`
      SELECT shardid::int AS shard, dense_rank() OVER (ORDER BY shardminvalue::int)::int AS group
      FROM pg_dist_shard WHERE shardminvalue IS NOT NULL`),
  );
  return new Map(rows.map(({ shard, group }) => [shard, group]));
}

/** The group of shards with an account's rows. */
export async function shardGroupOf(url: string, accountId: number): Promise<number> {
  const { rows } = await onServer(url, (client) =>
    client.query<{ shard: number }>(
      `SELECT get_shard_id_for_distribution_column('script_profile_limits', $1::bigint)::int AS shard`,
      [accountId],
    ),
  );
  return (await groupsOf(url)).get(rows[0]!.shard)!;
}
