import {
  and,
  bigints,
  type Connection,
  raw,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
} from '../../database/sql.ts';
import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import { countedStatuses, undeliveredStatuses } from '../../domain/activities/activity.ts';
import {
  type ComputerTotals,
  type CountedRuns,
  type DailyTotals,
  MAX_FAILURES_COUNTED,
  type ProfileTotals,
  type StatisticsPeriod,
} from '../../domain/activities/run-statistics.ts';
import { inScope, seenActivity } from '../scope.ts';

// Statistics of runs. They use the counters that each run stores, and do not read the executions.

/** Counted columns of the rows that `runs` selects. */
const totals = sql`
  count(*) as runs,
  count(*) filter (where status = 'succeeded') as succeeded,
  count(*) filter (where status = 'failed') as failed,
  count(*) filter (where status = 'canceled') as canceled,
  count(*) filter (where seconds is null) as "inProgress",
  json_build_object(${raw(countedStatuses.map((status) => `'${status}', sum(num_${status})`).join(', '))}) as executions,
  case when count(seconds) > 0 then json_build_object(
    'shortest', min(seconds), 'median', percentile_cont(0.5) within group (order by seconds), 'longest', max(seconds)
  ) end as durations`;

/** Duration of an activity `a`, and the number of its day in the period. */
const timesIn = ({ days }: StatisticsPeriod): Sql => sql`
  extract(epoch from a.completion_time - a.creation_time)::double precision as seconds,
  greatest(width_bucket(a.creation_time, ${texts(days)}::timestamptz[]), 1) as day`;

const madeIn = ({ from, to }: StatisticsPeriod): Sql =>
  sql`a.creation_time >= ${timestamp(from)} and a.creation_time < ${timestamp(to)}`;

/** Uses an array instead of a join, so PostgreSQL must use an index that is sorted by time. */
const ofSeenProfiles = (scope: Scope): Sql[] =>
  scope.groups === 'all'
    ? []
    : [
        sql`a.script_profile_id = any(array(
          select seen.id from script_profile seen where ${and(inScope(scope, 'seen'))}))`,
      ];

/** Visible runs of the account. */
const runs = (scope: Scope, period: StatisticsPeriod): Sql => sql`
  select a.*, ${timesIn(period)}
  from activity a
  where a.account_id = ${scope.accountId}::bigint and a.parent_id is null and ${madeIn(period)}
    and ${and(ofSeenProfiles(scope))}`;

interface Group extends Omit<DailyTotals, 'startsAt'> {
  readonly n: number;
  /** Null for the total of all days. */
  readonly day: number | null;
}

const counted = (groups: readonly Group[], { days }: StatisticsPeriod): CountedRuns => ({
  total: groups.find(({ day }) => day === null),
  days: groups.flatMap((group) => (group.day === null ? [] : [{ ...group, startsAt: days[group.day - 1]! }])),
});

export async function countRunsOfProfiles(
  connection: Connection,
  accountId: number,
  scriptProfileIds: readonly number[],
  period: StatisticsPeriod,
): Promise<CountedRuns[]> {
  const groups = await rows<Group>(
    connection,
    sql`
      select n, day, ${totals}
      from (
        select owner.n, a.*, ${timesIn(period)}
        from unnest(${bigints(scriptProfileIds)}) with ordinality as owner(id, n)
        join activity a on a.account_id = ${accountId}::bigint and a.script_profile_id = owner.id and ${madeIn(period)}) run
      group by grouping sets ((n), (n, day))`,
  );
  return scriptProfileIds.map((_, index) =>
    counted(
      groups.filter(({ n }) => n === index + 1),
      period,
    ),
  );
}

export async function countRuns(
  connection: Connection,
  scope: Scope,
  period: StatisticsPeriod,
): Promise<CountedRuns> {
  const groups = await rows<Group>(
    connection,
    sql`
      select day, ${totals} from (${runs(scope, period)}) run
      group by grouping sets ((), (day)) having count(*) > 0`,
  );
  return counted(groups, period);
}

export const worstProfiles = (
  connection: Connection,
  scope: Scope,
  period: StatisticsPeriod,
  most: number,
): Promise<ProfileTotals[]> =>
  rows<ProfileTotals>(
    connection,
    sql`
      select script_profile_id as "scriptProfileId", ${totals}
      from (${runs(scope, period)}) run
      where script_profile_id is not null
      group by script_profile_id having sum(num_failed) > 0
      order by sum(num_failed) desc, script_profile_id limit ${most}::int`,
  );

/** Number of executions on a computer by status. Executions that were not delivered count as undelivered. */
const executionsJson = raw(
  `json_build_object(${countedStatuses
    .map((status) => {
      const statuses: readonly string[] = status === 'undelivered' ? undeliveredStatuses : [status];
      return `'${status}', count(*) filter (where a.status in (${statuses.map((each) => `'${each}'`).join(', ')}))`;
    })
    .join(', ')})`,
);

export const worstComputers = (
  connection: Connection,
  scope: SearchScope,
  period: StatisticsPeriod,
  most: number,
): Promise<ComputerTotals[]> =>
  rows<ComputerTotals>(
    connection,
    sql`
      select worst.computer_id as "computerId", (
        select ${executionsJson} from activity a
        where ${and(seenActivity(scope))} and a.computer_id = worst.computer_id and a.parent_id is not null
          and ${madeIn(period)}) as executions
      from (
        select failure.computer_id, count(*) as number
        from (
          select a.computer_id
          from activity a
          join computer m on ${and(inScope({ ...scope, groups: scope.computers }, 'm'))} and m.id = a.computer_id
          where ${and(seenActivity(scope))} and a.status = 'failed' and a.parent_id is not null and ${madeIn(period)}
          order by a.creation_time desc limit ${MAX_FAILURES_COUNTED}::int) failure
        group by failure.computer_id order by number desc, failure.computer_id limit ${most}::int) worst
      order by worst.number desc, worst.computer_id`,
  );
