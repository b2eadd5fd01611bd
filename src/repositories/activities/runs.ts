import {
  and,
  apartFrom,
  bigints,
  type Connection,
  insertedId,
  insertInto,
  instant,
  oneRow,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
} from '../../database/sql.ts';
import type { Scope } from '../../domain/accounts/access.ts';
import { countedStatuses } from '../../domain/activities/activity.ts';
import { missedReasons } from '../../domain/schedule/slot-ledger.ts';
import type {
  Due,
  LedgerEntry,
  MissedSlots,
  RunRepository,
  SlotOrderField,
} from '../../services/activities/run-ports.ts';
import type { Sorted } from '../../services/listing.ts';
import { computersInQuery } from '../computers/computer-query.ts';
import { reachedBy } from '../computers/reach.ts';
import { dueAt, limitTime, nextDueAt, ofOne } from '../due-rows.ts';
import { countsOf, type List, owners, pagesOf, type SortColumns } from '../listing.ts';
import { inScope, ofSeenProfile } from '../scope.ts';
import { ofRun } from './ran-script.ts';

/** The channel on which schedulers listen for work that falls due earlier than they expect. */
export const CLOCK_CHANNEL = 'script_profile_clock';

const TO_RELEASE = { table: 'activity', column: 'release_at' } as const;

export const runRepository = (connection: Connection): RunRepository => ({
  async due(now, most, except, bounds) {
    await limitTime(connection, bounds);
    return rows<Due>(
      connection,
      sql`
        select account_id as "accountId", id
        from (
          select account_id, id, next_run, row_number() over (partition by account_id order by next_run, id) as turn
          from script_profile
          where next_run <= ${timestamp(now)} ${apartFrom('script_profile', except)} ${ofOne('script_profile', bounds)}) due
        order by turn, next_run, account_id limit ${most}::int`,
    );
  },

  nextDue: (except, bounds) =>
    nextDueAt(connection, { table: 'script_profile', column: 'next_run' }, { except, ...bounds }),

  async insert(accountId, run) {
    const made = await connection.$queryRaw<{ id: bigint }[]>(sql`
      ${insertInto('run', {
        account_id: sql`${accountId}::bigint`,
        script_profile_id: sql`${run.scriptProfileId}::bigint`,
        occasion: sql`${run.occasion}`,
        slot: timestamp(run.slot),
        created_at: timestamp(run.createdAt),
      })}
      on conflict (account_id, script_profile_id, occasion) do nothing returning id`);
    return made[0] && Number(made[0].id);
  },

  async open(accountId, run, { target, computerIds, search, most }) {
    const { script } = run;
    const status = script?.deliverAfter ? 'scheduled' : 'undelivered';
    const common = {
      account_id: sql`${accountId}::bigint`,
      summary: sql`${script ? `Run script: ${script.title}` : 'Run script'}::text`,
      creator_id: sql`${run.creatorId}::bigint`,
      creation_time: timestamp(run.createdAt),
    };
    const parentId = await insertedId(
      connection,
      insertInto('activity', {
        ...common,
        type: sql`'ActivityGroup'`,
        status: sql`'undelivered'`,
        script_profile_id: sql`${run.scriptProfileId}::bigint`,
        ...(script && {
          script_id: sql`${script.scriptId}::bigint`,
          username: sql`${script.username}`,
          time_limit: sql`${script.timeLimit}::int`,
          release_at: timestamp(script.deliverAfter),
        }),
        ...Object.fromEntries(countedStatuses.map((status) => [`num_${status}`, sql`0`])),
      }),
    );
    const reach = reachedBy(accountId, target);
    const where = and([
      reach.where,
      ...(computerIds ? [sql`m.id = any(${bigints(computerIds)})`] : []),
      ...(search ? [sql`m.id in (${computersInQuery(search.scope, search.query)})`] : []),
    ]);
    const opened = await connection.$executeRaw(sql`
      insert into activity (account_id, summary, creator_id, creation_time, parent_id, type, status, computer_id, deliver_after)
      select ${common.account_id}, ${common.summary}, ${common.creator_id}, ${common.creation_time},
        ${parentId}::bigint, 'ExecuteScriptRequest', ${status}::text, reached.id, ${timestamp(script?.deliverAfter ?? null)}
      -- A subquery, because Citus sends a SELECT to all shards if its rows get numbers of a sequence.
      from (select m.id from ${reach.from} where ${where} order by m.id limit ${most}::int) reached`);
    const leftOut = opened < most ? 0 : (await countReached(connection, reach.from, where)) - opened;
    await connection.$executeRaw(sql`
      update activity set
        num_undelivered = ${opened}::int,
        -- A run that reaches no computer has succeeded.
        status = ${opened > 0 ? 'undelivered' : 'succeeded'},
        completion_time = ${timestamp(opened > 0 ? null : run.createdAt)},
        deliver_by = ${timestamp(opened > 0 ? run.deliverBy : null)},
        result_text = ${leftOut > 0 ? `The run omits ${leftOut} computers, because a run covers at most ${most}.` : null}::text
      where account_id = ${accountId}::bigint and id = ${parentId}::bigint`);
    await connection.$executeRaw(sql`
      update run set activity_id = ${parentId}::bigint
      where account_id = ${accountId}::bigint and id = ${run.id}::bigint`);
    return parentId;
  },

  ran: (accountId, activityIds) =>
    rows(
      connection,
      sql`
        select r.id, r.script_profile_id as "scriptProfileId", case when r.script_id is not null then json_build_object(
          'scriptId', r.script_id, 'title', s.title, 'username', r.username, 'timeLimit', r.time_limit, 'deliverAfter', null) end as script
        from activity r left join script s on s.account_id = r.account_id and s.id = r.script_id
        where r.account_id = ${accountId}::bigint and r.parent_id is null and r.id = any(${bigints(activityIds)})`,
    ),

  sources: (accountId, activityIds) =>
    rows(
      connection,
      sql`
        select r.id,
          case when p.id is not null then json_build_object('id', p.id, 'archived', p.archived) end as "scriptProfile",
          case when s.id is not null then json_build_object('id', s.id, 'status', s.status) end as script
        from activity r ${ofRun}
        left join script s on s.account_id = r.account_id and s.id = r.script_id
        where r.account_id = ${accountId}::bigint and r.parent_id is null and r.id = any(${bigints(activityIds)})`,
    ),

  async computersOf(accountId, activityId, most) {
    const found = await rows<{ id: number }>(
      connection,
      sql`
        select a.computer_id as id from activity a
        where a.account_id = ${accountId}::bigint and a.parent_id = ${activityId}::bigint and a.computer_id is not null
        order by a.id limit ${most}::int`,
    );
    return found.map(({ id }) => id);
  },

  toRelease: (now, most, except, bounds) => dueAt(connection, TO_RELEASE, { now, most, except, ...bounds }),

  nextRelease: (except, bounds) => nextDueAt(connection, TO_RELEASE, { except, ...bounds }),

  async release(accountId, id, now) {
    const released = await connection.$executeRaw(sql`
      update activity set release_at = null
      where account_id = ${accountId}::bigint and id = ${id}::bigint and release_at <= ${timestamp(now)}`);
    if (released === 0) return false;
    await connection.$executeRaw(sql`
      update activity set status = 'undelivered'
      where account_id = ${accountId}::bigint and parent_id = ${id}::bigint and status = 'scheduled'`);
    return true;
  },

  async lastInProgress(accountId, scriptProfileId) {
    const last = await oneRow<{ delivered: number | null }>(
      connection,
      sql`
        select num_delivered as delivered from activity
        where account_id = ${accountId}::bigint and script_profile_id = ${scriptProfileId}::bigint
        order by creation_time desc, id desc limit 1`,
    );
    return (last?.delivered ?? 0) > 0;
  },

  async enterSlots(accountId, scriptProfileId, entries, runId) {
    if (entries.length === 0) return;
    await connection.$executeRaw(sql`
      insert into slot_entry (account_id, script_profile_id, status, reason, first_slot, last_slot, number, run_id)
      select ${accountId}::bigint, ${scriptProfileId}::bigint, status, reason, "firstSlot", "lastSlot", number,
        case when status in ('fired', 'coalesced') then ${runId}::bigint end
      from json_to_recordset(${JSON.stringify(entries)}::json)
        as entries(status text, reason text, "firstSlot" timestamptz, "lastSlot" timestamptz, number int)`);
  },

  async forgetRuns(accountId, before, most) {
    const old = await rows<{ id: number; activityId: number | null }>(
      connection,
      sql`
        select run.id, run.activity_id as "activityId"
        from run left join activity a on a.account_id = run.account_id and a.id = run.activity_id
        where run.account_id = ${accountId}::bigint and run.created_at < ${timestamp(before)}
          and (a.id is null or a.completion_time < ${timestamp(before)})
        order by run.created_at limit ${most}::int`,
    );
    if (old.length === 0) return 0;
    const activities = bigints(old.flatMap(({ activityId }) => activityId ?? []));
    // Lock in the common order, runs before their executions, because a late report may be in progress.
    await connection.$queryRaw(
      sql`select id from activity where account_id = ${accountId}::bigint and id = any(${activities}) order by id for update`,
    );
    await connection.$executeRaw(
      sql`delete from activity where account_id = ${accountId}::bigint and parent_id = any(${activities})`,
    );
    await connection.$executeRaw(
      sql`delete from activity where account_id = ${accountId}::bigint and id = any(${activities})`,
    );
    return connection.$executeRaw(
      sql`delete from run where account_id = ${accountId}::bigint and id = any(${bigints(old.map(({ id }) => id))})`,
    );
  },

  forgetSlots: (accountId, before, most) =>
    connection.$executeRaw(sql`
      delete from slot_entry where account_id = ${accountId}::bigint and id in (
        select id from slot_entry
        where account_id = ${accountId}::bigint and last_slot < ${timestamp(before)} order by id limit ${most}::int)`),

  slotsOf: (scope, ids, listing) =>
    pagesOf<Sorted<LedgerEntry>, SlotOrderField>(
      connection,
      owners(ids),
      ids.length,
      ledgerOf(scope),
      slotSortColumns,
      listing,
    ),

  missedSlots: (scope, { from, to }, most) =>
    rows<MissedSlots>(
      connection,
      // The array makes PostgreSQL read the index of each profile's ledger, from the start of the period.
      sql`
        select l.script_profile_id as "scriptProfileId", sum(l.number)::int as number,
          ${instant('max(l.last_slot)')} as "lastSlot",
          (array_agg(l.reason order by l.last_slot desc))[1] as reason
        from slot_entry l
        where l.account_id = ${scope.accountId}::bigint
          and l.script_profile_id = any(array(
            select p.id from script_profile p where ${and(inScope(scope, 'p'))} and not p.archived))
          and l.first_slot >= ${timestamp(from)} and l.first_slot < ${timestamp(to)}
          and l.reason = any(${texts(missedReasons)})
        group by l.script_profile_id
        order by sum(l.number) desc, l.script_profile_id limit ${most}::int`,
    ),

  slotCountsOf: (scope, ids) => countsOf(connection, ids, ledgerOf(scope)),
});

/** A ledger is visible to callers who may see its profile. */
const ledgerOf = (scope: Scope): List => ({
  columns: sql`
    l.id, l.status, l.reason, ${instant('l.first_slot')} as "firstSlot", ${instant('l.last_slot')} as "lastSlot",
    l.number, run.activity_id as "activityId"`,
  from: sql`slot_entry l left join run on run.account_id = l.account_id and run.id = l.run_id`,
  alias: 'l',
  where: [
    sql`l.account_id = ${scope.accountId}::bigint`,
    sql`l.script_profile_id = owner.id`,
    ...ofSeenProfile(scope, sql`owner.id`),
  ],
});

const slotSortColumns: SortColumns<SlotOrderField> = {
  FIRST_SLOT: { name: 'first_slot', type: 'timestamptz' },
};

async function countReached(connection: Connection, from: Sql, where: Sql): Promise<number> {
  const reached = await oneRow<{ count: number }>(
    connection,
    sql`select count(*) from ${from} where ${where}`,
  );
  return reached!.count;
}
