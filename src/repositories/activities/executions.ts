import {
  assignments,
  bigints,
  type Connection,
  empty,
  instant,
  jsonObject,
  oneRow,
  raw,
  rows,
  rowsOfChange,
  type Sql,
  sql,
  texts,
  timestamp,
} from '../../database/sql.ts';
import {
  countedStatuses,
  deliverableStatuses,
  finalStatuses,
  type Transition,
  undeliveredStatuses,
} from '../../domain/activities/activity.ts';
import type { Execution, TakenExecution } from '../../domain/activities/execution.ts';
import type { ExecutionChoice, ExecutionRepository, RunState } from '../../services/activities/run-ports.ts';
import { personJson } from '../accounts/people.ts';
import { dueAt, nextDueAt } from '../due-rows.ts';
import { ofAccount } from '../scope.ts';
import { ofRun, ranAs, ranFor, ranScript } from './ran-script.ts';

const countColumns = Object.fromEntries(countedStatuses.map((status) => [status, `num_${status}`]));

/** A run's counters as one object. Null for an execution. */
export const countsJson = (alias: string): Sql =>
  raw(`case when ${alias}.num_undelivered is not null then ${jsonObject(alias, countColumns)} end`);

/** Bytes of code that a computer gets at a time. It gets the rest after it has reported some of these executions. */
const MAX_CODE_BYTES = 16 * 1024 * 1024;

/** Joins an execution `a` with its run, its profile and its script version. */
const withCode = (accountId: number): Sql => sql`
  join activity r on ${ofAccount(accountId, 'r')} and r.id = a.parent_id
  ${ofRun}
  join script_version v on v.account_id = r.account_id and v.script_id = ${ranScript} and v.number = a.script_version`;

/** The attachments of the script of version `v`, without their content, which agents request separately. */
const attachmentsJson = (accountId: number): Sql => sql`coalesce(
  (select json_agg(json_build_object('id', f.id, 'scriptId', f.script_id, 'filename', f.filename, 'size', octet_length(f.content)) order by f.id)
   from script_attachment f where ${ofAccount(accountId, 'f')} and f.script_id = v.script_id),
  '[]')`;

const executions = sql`
  select a.id, a.parent_id as "parentId", a.computer_id as "computerId", a.status,
    ${instant('a.delivery_time')} as "deliveryTime", ${instant('a.reported_at')} as "reportedAt"
  from activity a`;

const named = (ids: readonly number[]): Sql => sql`and a.id = any(${bigints(ids)})`;

/**
 * Executions `a` by number, read by the primary key regardless of other conditions. Shortly after a run is created, the
 * statistics do not include it, and PostgreSQL would read all open executions of the account.
 */
const byKey = (accountId: number, ids: readonly number[]): Sql => sql`(
  select account_id, id, parent_id, computer_id, status from activity a
  where a.account_id = ${accountId}::bigint ${named(ids)} offset 0) a`;

const OVERDUE = { table: 'activity', column: 'overdue_at' } as const;

// An earlier release leaves the time of a run that has delivered all of its executions.
const LATE_DELIVERIES = {
  table: 'activity',
  column: 'deliver_by',
  restriction: sql`and num_undelivered > 0`,
} as const;

type Changed = Transition & { readonly parentId: number };

export const executionRepository = (connection: Connection): ExecutionRepository => {
  /** Executions `a` that match the choice, in locked runs. */
  const chosen = (
    accountId: number,
    runs: readonly RunState[],
    which: ExecutionChoice,
    ids = 'ids' in which ? which.ids : undefined,
  ): Sql => sql`
    from ${ids ? byKey(accountId, ids) : sql`activity a`}
    where a.account_id = ${accountId}::bigint and a.parent_id = any(${bigints(runs.map(({ id }) => id))})
      and a.status = any(${texts(which.in)}) ${restriction(which)}`;

  /**
   * Changes executions, and counts the changes by run, old status and new status. Their runs are locked, so no other
   * transaction changes them.
   */
  const transition = (accountId: number, executions: Sql, change: Sql): Promise<Changed[]> =>
    rowsOfChange<Changed>(
      connection,
      sql`
        before as (select a.id, a.parent_id, a.status ${executions}),
        changed as (
          update activity a set ${change}
          from before where a.account_id = ${accountId}::bigint and a.id = before.id
          returning before.parent_id, before.status as from_status, a.status as to_status)`,
      sql`
        select parent_id as "parentId", from_status as "from", to_status as "to", count(*) as number
        from changed group by parent_id, from_status, to_status`,
    );

  return {
    byId: (accountId, id) =>
      oneRow<Execution>(
        connection,
        sql`${executions} where a.account_id = ${accountId}::bigint and a.id = ${id}::bigint and a.parent_id is not null`,
      ),

    ofComputer: (accountId, computerId, ids) =>
      rows<Execution>(
        connection,
        sql`
          ${executions}
          where a.account_id = ${accountId}::bigint and a.computer_id = ${computerId}::bigint and a.parent_id is not null ${named(ids)}
          order by a.id`,
      ),

    lockRuns: (accountId, which) =>
      rows<RunState>(
        connection,
        sql`
          select r.id, r.status, ${instant('r.completion_time')} as "completionTime", ${instant('r.deliver_by')} as "deliverBy",
            ${countsJson('r')} as counts
          from activity r
          where r.account_id = ${accountId}::bigint and r.parent_id is null and ${runsOf(accountId, which)}
          order by r.id for update`,
      ),

    change: (accountId, runs, which, { status, completionTime, resultText, resultCode, reportedAt }) =>
      transition(
        accountId,
        chosen(accountId, runs, which),
        assignments({
          status: sql`${status}`,
          completion_time: timestamp(completionTime),
          overdue_at: sql`null`,
          ...(resultText !== undefined && { result_text: sql`${resultText}::text` }),
          ...(resultCode !== undefined && { result_code: sql`${resultCode}::int` }),
          ...(reportedAt !== undefined && { reported_at: timestamp(reportedAt) }),
        }),
      ),

    deliver: (accountId, runs, { computerId, ids, most, at, graceMinutes }) =>
      transition(
        accountId,
        sql`
          ${chosen(accountId, runs, { computerIds: [computerId], in: ids ? undeliveredStatuses : deliverableStatuses }, ids)}
          order by a.id limit ${most}::int`,
        sql`
          status = 'delivered', delivery_time = ${timestamp(at)},
          (overdue_at, script_version, username, time_limit) = (
            select ${timestamp(at)} + make_interval(secs => ${ranFor}, mins => ${graceMinutes}::int), s.version_number,
              ${ranAs}, ${ranFor}
            from activity r
            ${ofRun}
            join script s on s.account_id = r.account_id and s.id = ${ranScript}
            where r.account_id = ${accountId}::bigint and r.id = a.parent_id)`,
      ),

    taken: (accountId, computerId, ids) =>
      rows<TakenExecution>(
        connection,
        sql`
          select a.id, v.interpreter, v.code, coalesce(a.username, ${ranAs}) as username,
            coalesce(a.time_limit, ${ranFor}) as "timeLimit",
            a.status = 'canceled' as "cancelRequested",
            ${attachmentsJson(accountId)} as attachments,
            json_build_object(
              'accountName', account.name, 'computerId', a.computer_id,
              'computerTags', coalesce(
                (select json_agg(t.tag order by t.position) from computer_tag t
                 where ${ofAccount(accountId, 't')} and t.computer_id = a.computer_id), '[]'),
              'activityId', a.id, 'activityCreator', ${personJson('c')},
              'activityCreationTime', ${instant('a.creation_time')}) as environment
          from (
            select a.*, row_number() over oldest as place, sum(octet_length(v.code)) over oldest as bytes
            from activity a ${withCode(accountId)}
            where a.account_id = ${accountId}::bigint and a.computer_id = ${computerId}::bigint
              and a.status in ('delivered', 'canceled') and a.delivery_time is not null and a.reported_at is null
              ${ids ? named(ids) : empty}
            window oldest as (order by a.id)) a
          ${withCode(accountId)}
          join account on account.id = a.account_id
          left join person c on c.account_id = a.account_id and c.id = a.creator_id
          where a.place = 1 or a.bytes <= ${MAX_CODE_BYTES}::bigint
          order by a.id`,
      ),

    async saveRuns(accountId, runs) {
      const json = JSON.stringify(
        runs.map(({ id, status, completionTime, deliverBy, counts }) => ({
          id,
          status,
          completion_time: completionTime,
          deliver_by: deliverBy,
          ...counts,
        })),
      );
      const counters = raw(countedStatuses.map((status) => `num_${status} = saved.${status}`).join(', '));
      const columns = raw(countedStatuses.map((status) => `${status} int`).join(', '));
      await connection.$executeRaw(sql`
        update activity r
        set status = saved.status, completion_time = saved.completion_time, deliver_by = saved.deliver_by, ${counters}
        from json_to_recordset(${json}::json)
          as saved(id bigint, status text, completion_time timestamptz, deliver_by timestamptz, ${columns})
        where r.account_id = ${accountId}::bigint and r.id = saved.id`);
    },

    overdue: (now, most, except, bounds) => dueAt(connection, OVERDUE, { now, most, except, ...bounds }),

    nextOverdue: (except, bounds) => nextDueAt(connection, OVERDUE, { except, ...bounds }),

    lateDeliveries: (now, most, except, bounds) =>
      dueAt(connection, LATE_DELIVERIES, { now, most, except, ...bounds }),

    nextLateDelivery: (except, bounds) => nextDueAt(connection, LATE_DELIVERIES, { except, ...bounds }),
  };
};

function runsOf(accountId: number, which: ExecutionChoice): Sql {
  const open = sql`not r.status = any(${texts(finalStatuses)})`;
  if ('scriptProfileIds' in which)
    return sql`r.script_profile_id = any(${bigints(which.scriptProfileIds)}) and ${open}`;
  if ('scriptIds' in which) return sql`r.script_id = any(${bigints(which.scriptIds)}) and ${open}`;
  if ('runIds' in which) return sql`r.id = any(${bigints(which.runIds)}) and ${open}`;
  return sql`r.id in (
    select a.parent_id from activity a
    where a.account_id = ${accountId}::bigint and a.status = any(${texts(which.in)}) ${restriction(which)})`;
}

function restriction(which: ExecutionChoice): Sql {
  if ('computerIds' in which) return sql`and a.computer_id = any(${bigints(which.computerIds)})`;
  return 'ids' in which ? named(which.ids) : empty;
}
