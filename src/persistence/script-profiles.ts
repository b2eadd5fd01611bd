import { type Scope, type SearchScope, wholeAccount } from '../domain/access.ts';
import { toSlice } from '../domain/page.ts';
import type { ScriptProfile } from '../domain/script-profile.ts';
import type { Columns, Listing, Sorted } from '../services/ports.ts';
import type {
  ScriptProfileFilter,
  ScriptProfileOrderField,
  ScriptProfileRepository,
  Standing,
  WantedExtras,
} from '../services/script-profile-ports.ts';
import { accessGroupJson } from './access-groups.ts';
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
import { countedBy, withExtras } from './script-profile-extras.ts';
import { matchingProfiles, withNumComputers } from './script-profile-filter.ts';
import {
  and,
  assignments,
  bigints,
  type Connection,
  empty,
  inOrderOf,
  insertInto,
  instant,
  oneRow,
  rows,
  type Shape,
  type Sql,
  shaped,
  sql,
  texts,
  timestamp,
  type Columns as Values,
} from './sql.ts';

// Where the nullable trigger columns become a union.
const triggerJson = sql`
  case p.trigger_kind
    when 'event' then json_build_object('kind', 'event', 'eventType', p.event_type)
    when 'one_time' then json_build_object('kind', 'one_time', 'timestamp', ${instant('p.timestamp')}, 'isFinished', p.is_finished)
    when 'recurring' then json_build_object('kind', 'recurring', 'interval', p.interval, 'startAfter', ${instant('p.start_after')})
  end`;

const shape: Shape<ScriptProfile> = {
  id: sql`p.id`,
  title: sql`p.title`,
  scriptId: sql`p.script_id`,
  accessGroup: (wanted) => accessGroupJson('g', wanted),
  createdBy: (wanted) => personJson('c', wanted),
  createdAt: instant('p.created_at'),
  lastEditedAt: instant('p.last_edited_at'),
  trigger: triggerJson,
  allComputers: sql`p.all_computers`,
  tags: sql`p.tags`,
  timeLimit: sql`p.time_limit`,
  username: sql`p.username`,
  archived: sql`p.archived`,
  version: sql`p.version`,
  arming: sql`p.arming`,
  nextRun: instant('p.next_run'),
  lastRun: instant('p.last_run'),
  spacedFrom: instant('p.spaced_from'),
  slotsFrom: instant('p.slots_from'),
  pausedAt: instant('p.paused_at'),
  pauseNote: sql`p.pause_note`,
  overlap: sql`p.overlap`,
};

const allColumns = shaped(shape);

const table = sql`script_profile p`;
const joins = sql`
  join access_group g on g.account_id = p.account_id and g.id = p.access_group_id
  left join person c on c.account_id = p.account_id and c.id = p.created_by_id`;

const sortColumns: SortColumns<ScriptProfileOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  LAST_EDITED_AT: { name: 'last_edited_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
  NEXT_RUN: { name: 'next_run', type: 'timestamptz', nullable: true },
  LAST_RUN: { name: 'last_run', type: 'timestamptz', nullable: true },
  NUM_COMPUTERS: { name: 'num_computers', type: 'bigint' },
};

/** Both the way in and the way back of an edit: what is not in it never changes. */
function mutableColumns(profile: Omit<ScriptProfile, 'id'>): Values {
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
  const those = (columns: Sql, scope: Scope, condition: Sql, lock = empty) =>
    sql`select ${columns} from ${table} ${joins} where ${and([...inScope(scope, 'p'), condition])} order by p.id ${lock}`;
  const select = (scope: Scope, condition: Sql, lock?: Sql) =>
    rows<ScriptProfile>(connection, those(allColumns, scope, condition, lock));
  /** For the account's own work, whoever set it off. */
  const selectAny = (accountId: number, condition: Sql, lock: Sql) =>
    select(wholeAccount(accountId), condition, lock);
  const lock = sql`for update of p`;
  return {
    async page(scope, { filter, order, window }, { columns, total, ...wanted } = {}) {
      const matching = list(scope, { filter, order }, columnsOf(wanted, columns));
      const keyed = columns && 'sortKey' in columns;
      const { rows, total: number } = await withExtras<Sorted<ScriptProfile>>(
        connection,
        pageQuery(matching, sortColumns[order.field], order.direction, window, keyed),
        { ...wanted, ...(total && { total: countQuery({ ...matching, from: table }) }) },
      );
      return { ...toSlice(window, rows), total: number };
    },

    async one(scope, id, { columns, ...wanted }) {
      const query = those(columnsOf(wanted, columns), scope, sql`p.id = ${id}::bigint`);
      return (await withExtras<ScriptProfile>(connection, query, wanted)).rows[0];
    },

    pagesOfScripts: (scope, scriptIds, { filter, ...listing }) =>
      pagesOf<Sorted<ScriptProfile>, ScriptProfileOrderField>(
        connection,
        owners(scriptIds),
        scriptIds.length,
        ofScript(list(scope, { filter, order: listing.order })),
        sortColumns,
        listing,
      ),

    countsOfScripts: (scope, scriptIds, filter) =>
      countsOf(connection, scriptIds, {
        from: table,
        where: [...matchingProfiles(scope, filter), sql`p.script_id = owner.id`],
      }),

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

    largestReach: async (accountId) => {
      const all = withNumComputers(wholeAccount(accountId));
      const largest = await oneRow<{ number: number }>(
        connection,
        sql`select coalesce(max(p.num_computers), 0) as number from ${all}`,
      );
      return largest!.number;
    },

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

const ofScript = (profiles: List): List => ({
  ...profiles,
  where: [...profiles.where, sql`p.script_id = owner.id`],
});

/** Those that are wanted, and those by which what is fetched along with them is found. */
function columnsOf({ reached }: WantedExtras, wanted: Columns<ScriptProfile> | undefined): Sql {
  if (!wanted) return allColumns;
  return shaped(shape, { ...wanted, id: true, ...(reached && countedBy(wanted)) });
}

function list(
  scope: SearchScope,
  { filter, order }: Pick<Listing<ScriptProfileFilter, ScriptProfileOrderField>, 'filter' | 'order'>,
  columns = allColumns,
): List {
  const from = order.field === 'NUM_COMPUTERS' ? withNumComputers(scope) : table;
  return { columns, from, joins, alias: 'p', where: matchingProfiles(scope, filter), isShort: true };
}
