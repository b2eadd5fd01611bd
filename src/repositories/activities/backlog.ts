import { type Connection, sql, timestamp } from '../../database/sql.ts';
import { onlineSince } from '../../domain/computers/agent.ts';
import type { Instant } from '../../domain/time.ts';

/** Waiting work of all accounts together, for the operator. Contains no data of a single account. */
export interface Backlog {
  /** Number of profiles whose slot is due. `late` counts those that have been due for more than a minute. */
  readonly due: number;
  readonly late: number;
  /** Seconds since the earliest of these slots was due. */
  readonly oldestDueSeconds: number;
  /** Number of executions that should have been reported by now. */
  readonly overdue: number;
  /** Number of executions that no computer has taken. */
  readonly undelivered: number;
  /** Number of computers whose client exchanged messages in the last 30 minutes. */
  readonly agentsSeen: number;
  /** Number of accounts with at least this many undelivered executions. */
  readonly accounts: Readonly<Record<(typeof queueSizes)[number], number>>;
}

export const queueSizes = [1, 100, 1_000, 10_000] as const;

export async function backlogAt(connection: Connection, now: Instant): Promise<Backlog> {
  const at = timestamp(now);
  const [found] = await connection.$queryRaw<[{ json: Backlog }]>(sql`
    with due as (select next_run from script_profile where next_run <= ${at}),
    -- Uses the index of each account's activities by status, so finished activities are not read.
    queue as (
      select (
        select count(*) from activity a
        where a.account_id = limits.account_id and a.status = 'undelivered' and a.parent_id is not null) as length
      -- Has one row for each account, and Citus stores it beside the account's activities.
      from script_profile_limits limits)
    select json_build_object(
      'due', (select count(*) from due),
      'late', (select count(*) from due where next_run <= ${at} - interval '1 minute'),
      'oldestDueSeconds', (select coalesce(extract(epoch from ${at} - min(next_run)), 0) from due),
      'overdue', (select count(*) from activity where overdue_at <= ${at}),
      'undelivered', (select coalesce(sum(length), 0) from queue),
      'agentsSeen', (select count(*) from agent where last_seen_at > ${timestamp(onlineSince(now))}),
      'accounts', (
        select json_object_agg(size, (select count(*) from queue where length >= size))
        from unnest(${[...queueSizes]}::bigint[]) as size)) as json`);
  return found.json;
}
