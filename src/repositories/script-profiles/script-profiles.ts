import {
  and,
  bigints,
  type Connection,
  empty,
  inOrderOf,
  instant,
  oneRow,
  rows,
  type Shape,
  type Sql,
  shaped,
  sql,
  texts,
} from '../../database/sql.ts';
import { type Scope, type SearchScope, wholeAccount } from '../../domain/accounts/access.ts';
import { toSlice } from '../../domain/page.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Columns, Listing, Sorted } from '../../services/listing.ts';
import type {
  CreationContext,
  ScriptProfileFilter,
  ScriptProfileOrderField,
  ScriptProfileRepository,
  WantedExtras,
} from '../../services/script-profiles/script-profile-ports.ts';
import { accessGroupJson } from '../accounts/access-groups.ts';
import { personJson } from '../accounts/people.ts';
import { changedColumns } from '../changed-columns.ts';
import { countsReached, targetRows } from '../computers/reach.ts';
import { countQuery, countsOf, type List, owners, pageQuery, pagesOf, type SortColumns } from '../listing.ts';
import { inScope, ofAccount } from '../scope.ts';
import { matchingProfiles, withNumComputers } from './script-profile-filter.ts';
import { countedBy, readProfiles } from './script-profile-statement.ts';

// Converts the nullable trigger columns to a union.
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
  deliverWithin: sql`p.deliver_within`,
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

/** The columns that edits and runs change. */
function mutableColumns(profile: Omit<ScriptProfile, 'id'>) {
  const { trigger } = profile;
  const oneTime = trigger.kind === 'one_time' ? trigger : null;
  const recurring = trigger.kind === 'recurring' ? trigger : null;
  return {
    title: profile.title,
    lastEditedAt: profile.lastEditedAt,
    allComputers: profile.allComputers,
    tags: [...profile.tags],
    timeLimit: profile.timeLimit,
    username: profile.username,
    archived: profile.archived,
    version: profile.version,
    timestamp: oneTime?.timestamp ?? null,
    isFinished: oneTime?.isFinished ?? null,
    interval: recurring?.interval ?? null,
    startAfter: recurring?.startAfter ?? null,
    arming: profile.arming,
    nextRun: profile.nextRun,
    lastRun: profile.lastRun,
    spacedFrom: profile.spacedFrom,
    slotsFrom: profile.slotsFrom,
    pausedAt: profile.pausedAt,
    pauseNote: profile.pauseNote,
    overlap: profile.overlap,
    deliverWithin: profile.deliverWithin,
  } satisfies Record<MutableField, unknown> & Record<string, unknown>;
}

/** Code with a new profile field does not compile until the field has a column above. */
type MutableField = Exclude<
  keyof ScriptProfile,
  'id' | 'scriptId' | 'accessGroup' | 'createdBy' | 'createdAt' | 'trigger'
>;

/** The columns of a new profile. The demonstration uses them too. */
export const scriptProfileColumns = (profile: Omit<ScriptProfile, 'id'>) => ({
  scriptId: profile.scriptId,
  accessGroupId: profile.accessGroup.id,
  createdById: profile.createdBy?.id ?? null,
  createdAt: profile.createdAt,
  triggerKind: profile.trigger.kind,
  eventType: profile.trigger.kind === 'event' ? profile.trigger.eventType : null,
  ...mutableColumns(profile),
});

export const scriptProfileRepository = (connection: Connection): ScriptProfileRepository => {
  const those = (columns: Sql, scope: Scope, condition: Sql, lock = empty) =>
    sql`select ${columns} from ${table} ${joins} where ${and([...inScope(scope, 'p'), condition])} order by p.id ${lock}`;
  const select = (scope: Scope, condition: Sql, lock?: Sql) =>
    rows<ScriptProfile>(connection, those(allColumns, scope, condition, lock));
  /** Selects without a caller's scope, for work of the account itself. */
  const selectAny = (accountId: number, condition: Sql, lock: Sql) =>
    select(wholeAccount(accountId), condition, lock);
  const lock = sql`for update of p`;
  return {
    async page(scope, { filter, order, window }, { columns, total, ...wanted } = {}) {
      const matching = list(scope, { filter, order }, columnsOf(wanted, columns));
      const keyed = columns && 'sortKey' in columns;
      const { rows, total: number } = await readProfiles<Sorted<ScriptProfile>>(
        connection,
        pageQuery(matching, sortColumns[order.field], order.direction, window, keyed),
        { ...wanted, ...(total && { total: countQuery({ ...matching, from: table }) }) },
      );
      return { ...toSlice(window, rows), total: number };
    },

    async one(scope, id, { columns, ...wanted }) {
      const query = those(columnsOf(wanted, columns), scope, sql`p.id = ${id}::bigint`);
      return (await readProfiles<ScriptProfile>(connection, query, wanted)).rows[0];
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
            where ${ofAccount(accountId, 'reach')} and reach.above_id = p.access_group_id
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

    creationContext: async (accountId, title, target) => {
      const ofAccount = sql`from script_profile where account_id = ${accountId}::bigint`;
      const reached = countsReached(wholeAccount(accountId), targetRows([target]));
      const context = await oneRow<CreationContext>(
        connection,
        sql`select
          (select json_build_object('id', id, 'archived', archived, 'accessGroupId', access_group_id)
            ${ofAccount} and title = ${title}) as "titleHolder",
          (select count(*) ${ofAccount} and not archived) as "numActive",
          coalesce((select reached.all from (${reached}) reached), 0) as "numReached"`,
      );
      return context!;
    },

    countActive: (accountId) => connection.scriptProfile.count({ where: { accountId, archived: false } }),

    largestReach: async (accountId) => {
      const all = withNumComputers(wholeAccount(accountId));
      const largest = await oneRow<{ number: number }>(
        connection,
        sql`select coalesce(max(p.num_computers), 0) as number from ${all}`,
      );
      return largest!.number;
    },

    async insert(accountId, profile) {
      const { id } = await connection.scriptProfile.create({
        data: { accountId, ...scriptProfileColumns(profile) },
        select: { id: true },
      });
      return Number(id);
    },

    async save(accountId, before, after) {
      await connection.scriptProfile.update({
        where: { accountId_id: { accountId, id: after.id } },
        data: changedColumns(mutableColumns(before), mutableColumns(after)),
        select: { id: true },
      });
    },
  };
};

const ofScript = (profiles: List): List => ({
  ...profiles,
  where: [...profiles.where, sql`p.script_id = owner.id`],
});

/** The requested columns, and those that the extras need. */
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
