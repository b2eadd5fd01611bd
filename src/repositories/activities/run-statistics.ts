import { bigints, type Connection, raw, rows, sql, timestamp } from '../../database/sql.ts';
import { countedStatuses } from '../../domain/activities/activity.ts';
import type { DailyTotals } from '../../domain/activities/run-statistics.ts';
import type { Instant } from '../../domain/time.ts';
import type { ActivityRepository } from '../../services/activities/activity-ports.ts';

interface Group extends Omit<DailyTotals, 'startsAt'> {
  readonly n: number;
  /** Null for the total of all days. */
  readonly startsAt: Instant | null;
}

/** Computes totals from the counters that each run stores, without reading its executions. */
export async function countRuns(
  connection: Connection,
  accountId: number,
  scriptProfileIds: readonly number[],
  { from, to }: { from: Instant; to: Instant },
): ReturnType<ActivityRepository['runTotalsOf']> {
  const executions = raw(countedStatuses.map((status) => `'${status}', sum(num_${status})`).join(', '));
  const groups = await rows<Group>(
    connection,
    sql`
      select n, day as "startsAt", count(*) as runs,
        count(*) filter (where status = 'succeeded') as succeeded,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where status = 'canceled') as canceled,
        count(*) filter (where seconds is null) as "inProgress",
        json_build_object(${executions}) as executions,
        case when count(seconds) > 0 then json_build_object(
          'shortest', min(seconds), 'median', percentile_cont(0.5) within group (order by seconds), 'longest', max(seconds)
        ) end as durations
      from (
        select owner.n, a.*,
          extract(epoch from a.completion_time - a.creation_time)::double precision as seconds,
          to_char(a.creation_time at time zone 'UTC', 'YYYY-MM-DD"T00:00:00.000000Z"') as day
        from unnest(${bigints(scriptProfileIds)}) with ordinality as owner(id, n)
        join activity a on a.account_id = ${accountId}::bigint and a.script_profile_id = owner.id
          and a.creation_time >= ${timestamp(from)} and a.creation_time < ${timestamp(to)}) run
      group by grouping sets ((n), (n, day))`,
  );
  return scriptProfileIds.map((_, index) => {
    const own = groups.filter(({ n }) => n === index + 1);
    return {
      total: own.find(({ startsAt }) => startsAt === null),
      days: own.filter((group): group is Group & DailyTotals => group.startsAt !== null),
    };
  });
}
