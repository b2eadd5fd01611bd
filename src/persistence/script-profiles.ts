import { type Scope, wholeAccount } from '../domain/access.ts';
import { toSlice } from '../domain/page.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import type { Sorted } from '../services/ports.ts';
import type {
  ScriptProfileFilter,
  ScriptProfileOrderField,
  ScriptProfileRepository,
  Standing,
} from '../services/script-profile-ports.ts';
import { accessGroupJson, inGroups } from './access-groups.ts';
import {
  count,
  countQuery,
  countsOf,
  type List,
  owners,
  pageQuery,
  pagesOf,
  type SortColumns,
} from './listing.ts';
import { personJson } from './people.ts';
import { countsReached, targetRows } from './reach.ts';
import { inScope } from './scope.ts';
import { withExtras } from './script-profile-extras.ts';
import {
  and,
  assignments,
  bigints,
  type Columns,
  type Connection,
  contains,
  inOrderOf,
  insertInto,
  instant,
  oneRow,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
  within,
} from './sql.ts';

// Where the nullable trigger columns become a union.
const triggerJson = sql`
  case p.trigger_kind
    when 'event' then json_build_object('kind', 'event', 'eventType', p.event_type)
    when 'one_time' then json_build_object('kind', 'one_time', 'timestamp', ${instant('p.timestamp')}, 'isFinished', p.is_finished)
    when 'recurring' then json_build_object('kind', 'recurring', 'interval', p.interval, 'startAfter', ${instant('p.start_after')})
  end`;

const columns = sql`
  p.id, p.title, p.script_id as "scriptId", ${accessGroupJson('g')} as "accessGroup", ${personJson('c')} as "createdBy",
  ${instant('p.created_at')} as "createdAt", ${instant('p.last_edited_at')} as "lastEditedAt", ${triggerJson} as trigger,
  p.all_computers as "allComputers", p.tags, p.time_limit as "timeLimit", p.username, p.archived, p.version, p.arming,
  ${instant('p.next_run')} as "nextRun", ${instant('p.last_run')} as "lastRun", ${instant('p.spaced_from')} as "spacedFrom",
  ${instant('p.slots_from')} as "slotsFrom", ${instant('p.paused_at')} as "pausedAt", p.pause_note as "pauseNote", p.overlap`;

const table = sql`script_profile p`;
const from = sql`
  ${table}
  join access_group g on g.account_id = p.account_id and g.id = p.access_group_id
  left join person c on c.account_id = p.account_id and c.id = p.created_by_id`;

const sortColumns: SortColumns<ScriptProfileOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  LAST_EDITED_AT: { name: 'last_edited_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
  NEXT_RUN: { name: 'next_run', type: 'timestamptz', nullable: true },
  LAST_RUN: { name: 'last_run', type: 'timestamptz', nullable: true },
};

/** Both the way in and the way back of an edit: what is not in it never changes. */
function mutableColumns(profile: Omit<ScriptProfile, 'id'>): Columns {
  const { trigger } = profile;
  const oneTime = trigger.kind === 'one_time' ? trigger : null;
  const recurring = trigger.kind === 'recurring' ? trigger : null;
  return {
    title: sql`${profile.title}`,
    last_edited_at: timestamp(profile.lastEditedAt),
    all_computers: sql`${profile.allComputers}::boolean`,
    tags: texts(profile.tags),
    time_limit: sql`${profile.timeLimit}::int`,
    username: sql`${profile.username}`,
    archived: sql`${profile.archived}::boolean`,
    version: sql`${profile.version}::int`,
    timestamp: timestamp(oneTime?.timestamp ?? null),
    is_finished: sql`${oneTime?.isFinished ?? null}::boolean`,
    interval: sql`${recurring?.interval ?? null}::text`,
    start_after: timestamp(recurring?.startAfter ?? null),
    arming: sql`${profile.arming}::int`,
    next_run: timestamp(profile.nextRun),
    last_run: timestamp(profile.lastRun),
    spaced_from: timestamp(profile.spacedFrom),
    slots_from: timestamp(profile.slotsFrom),
    paused_at: timestamp(profile.pausedAt),
    pause_note: sql`${profile.pauseNote}::text`,
    overlap: sql`${profile.overlap}`,
  };
}

export const scriptProfileRepository = (connection: Connection): ScriptProfileRepository => {
  const those = (scope: Scope, condition: Sql, lock = sql``) =>
    sql`select ${columns} from ${from} where ${and([...inScope(scope, 'p'), condition])} order by p.id ${lock}`;
  const select = (scope: Scope, condition: Sql, lock?: Sql) =>
    rows<ScriptProfile>(connection, those(scope, condition, lock));
  /** For the account's own work, whoever set it off. */
  const selectAny = (accountId: number, condition: Sql, lock: Sql) =>
    select(wholeAccount(accountId), condition, lock);
  const lock = sql`for update of p`;
  return {
    async page(scope, { filter, order, window }, { total, ...wanted } = {}) {
      const matching = list(scope, filter);
      const found = await withExtras<Sorted<ScriptProfile>>(
        connection,
        pageQuery(matching, sortColumns[order.field], order.direction, window),
        { ...wanted, ...(total && { total: countQuery(withoutJoins(matching)) }) },
      );
      return {
        ...toSlice(window, found.rows),
        total: found.total,
        ...(found.reached && { reached: toSlice(window, found.reached).rows }),
        ...(found.lastActivity && { lastActivity: toSlice(window, found.lastActivity).rows }),
      };
    },

    async one(scope, id, wanted) {
      const query = those(scope, sql`p.id = ${id}::bigint`);
      const { rows, ...extras } = await withExtras<ScriptProfile>(connection, query, wanted);
      return rows[0] && { profile: rows[0], ...extras };
    },

    pagesOfScripts: (scope, scriptIds, { filter, ...listing }) =>
      pagesOf<Sorted<ScriptProfile>, ScriptProfileOrderField>(
        connection,
        owners(scriptIds),
        scriptIds.length,
        ofScript(list(scope, filter)),
        sortColumns,
        listing,
      ),

    countsOfScripts: (scope, scriptIds, filter) =>
      countsOf(connection, scriptIds, withoutJoins(ofScript(list(scope, filter)))),

    byIds: async (scope, ids) => inOrderOf(ids, await select(scope, sql`p.id = any(${bigints(ids)})`)),

    forUpdate: async (scope, id) => (await select(scope, sql`p.id = ${id}::bigint`, lock))[0],

    claim: async (accountId, id) =>
      (await selectAny(accountId, sql`p.id = ${id}::bigint`, sql`for update of p skip locked`))[0],

    setOffBy: (accountId, { accessGroupId, tags }) =>
      selectAny(
        accountId,
        sql`
          p.trigger_kind = 'event' and not p.archived and p.paused_at is null
          and exists (
            select from access_group_reach reach
            where reach.account_id = p.account_id and reach.above_id = p.access_group_id
              and reach.below_id = ${accessGroupId}::bigint)
          and (p.all_computers or p.tags && ${texts(tags)})`,
        lock,
      ),

    eventsForUpdate: (accountId) =>
      selectAny(accountId, sql`p.trigger_kind = 'event' and not p.archived`, lock),

    ofScriptForUpdate: (accountId, scriptId) =>
      selectAny(accountId, sql`p.script_id = ${scriptId}::bigint and not p.archived`, lock),

    active: (scope) => select(scope, sql`not p.archived`),

    scheduled: (scope) => select(scope, sql`p.next_run is not null`),

    scheduledForUpdate: (accountId) => selectAny(accountId, sql`p.next_run is not null`, lock),

    standing: async (accountId, title, target) => {
      const ofAccount = sql`from script_profile where account_id = ${accountId}::bigint`;
      const reached = countsReached(wholeAccount(accountId), targetRows([target]));
      const standing = await oneRow<Standing>(
        connection,
        sql`select
          (select json_build_object('id', id, 'archived', archived, 'accessGroupId', access_group_id)
            ${ofAccount} and title = ${title}) as "titleHolder",
          (select count(*) ${ofAccount} and not archived) as "numActive",
          coalesce((select reached.all from (${reached}) reached), 0) as "numReached"`,
      );
      return standing!;
    },

    countActive: (accountId) =>
      count(connection, {
        from: sql`script_profile`,
        where: [sql`account_id = ${accountId}::bigint`, sql`not archived`],
      }),

    nextId: async () =>
      (await oneRow<{ id: number }>(connection, sql`select nextval('script_profile_id_seq') as id`))!.id,

    async insert(accountId, profile) {
      await connection.$executeRaw(
        insertInto('script_profile', {
          account_id: sql`${accountId}::bigint`,
          id: sql`${profile.id}::bigint`,
          script_id: sql`${profile.scriptId}::bigint`,
          access_group_id: sql`${profile.accessGroup.id}::bigint`,
          created_by_id: sql`${profile.createdBy?.id ?? null}::bigint`,
          created_at: timestamp(profile.createdAt),
          trigger_kind: sql`${profile.trigger.kind}`,
          event_type: sql`${profile.trigger.kind === 'event' ? profile.trigger.eventType : null}::text`,
          ...mutableColumns(profile),
        }),
      );
    },

    async save(accountId, profile) {
      await connection.$executeRaw(sql`
        update script_profile set ${assignments(mutableColumns(profile))}
        where account_id = ${accountId}::bigint and id = ${profile.id}::bigint`);
    },
  };
};

/** For counting: they bring columns only, and no condition is about them. */
const withoutJoins = (profiles: List): List => ({ ...profiles, from: table });

const ofScript = (profiles: List): List => ({
  ...profiles,
  where: [...profiles.where, sql`p.script_id = owner.id`],
});

function list(scope: Scope, filter: ScriptProfileFilter): List {
  const { status, search, titles, triggerKinds, tags, scriptIds, accessGroups } = filter;
  const where = [
    ...inScope(scope, 'p'),
    ...within(sql`p.created_at`, filter.createdAt),
    ...within(sql`p.last_edited_at`, filter.lastEditedAt),
    ...within(sql`p.next_run`, filter.nextRun),
    ...within(sql`p.last_run`, filter.lastRun),
  ];
  if (status !== 'ALL') where.push(sql`p.archived = ${status === 'ARCHIVED'}::boolean`);
  if (search) where.push(contains(sql`p.title`, search));
  if (titles) where.push(sql`p.title = any(${texts(titles)})`);
  if (triggerKinds) where.push(sql`p.trigger_kind = any(${texts(triggerKinds)})`);
  if (tags) where.push(sql`p.tags && ${texts(tags)}`);
  if (scriptIds) where.push(sql`p.script_id = any(${bigints(scriptIds)})`);
  if (accessGroups) where.push(inGroups(scope, sql`p.access_group_id`, accessGroups));
  return { columns, from, alias: 'p', where };
}
