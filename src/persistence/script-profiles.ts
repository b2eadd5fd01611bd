import type { ScriptProfile } from '../domain/script-profile.ts';
import type {
  ScriptProfileFilter,
  ScriptProfileOrderField,
  ScriptProfileRepository,
  Sorted,
} from '../services/ports.ts';
import { accessGroupJson, inGroups } from './access-groups.ts';
import { count, type List, page, type SortColumns } from './listing.ts';
import { personJson } from './people.ts';
import {
  assignments,
  bigints,
  type Columns,
  type Connection,
  contains,
  inOrderOf,
  insertedId,
  insertInto,
  instant,
  oneRow,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
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
  ${instant('p.paused_at')} as "pausedAt", p.pause_note as "pauseNote", p.overlap`;

const from = sql`
  script_profile p
  join access_group g on g.account_id = p.account_id and g.id = p.access_group_id
  left join person c on c.account_id = p.account_id and c.id = p.created_by_id`;

const sortColumns: SortColumns<ScriptProfileOrderField> = {
  CREATED_AT: { name: 'created_at', type: 'timestamptz' },
  LAST_EDITED_AT: { name: 'last_edited_at', type: 'timestamptz' },
  TITLE: { name: 'title', type: 'text' },
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
    paused_at: timestamp(profile.pausedAt),
    pause_note: sql`${profile.pauseNote}::text`,
    overlap: sql`${profile.overlap}`,
  };
}

export const scriptProfileRepository = (connection: Connection): ScriptProfileRepository => {
  const select = (accountId: number, condition: Sql, lock = sql``) =>
    rows<ScriptProfile>(
      connection,
      sql`select ${columns} from ${from} where p.account_id = ${accountId}::bigint and ${condition} order by p.id ${lock}`,
    );
  const lock = sql`for update of p`;
  return {
    page: (accountId, { filter, ...listing }) =>
      page<Sorted<ScriptProfile>, ScriptProfileOrderField>(
        connection,
        list(accountId, filter),
        sortColumns,
        listing,
      ),

    count: (accountId, filter) => count(connection, list(accountId, filter)),

    byIds: async (accountId, ids) =>
      inOrderOf(ids, await select(accountId, sql`p.id = any(${bigints(ids)})`)),

    forUpdate: async (accountId, id) => (await select(accountId, sql`p.id = ${id}::bigint`, lock))[0],

    ofScriptForUpdate: (accountId, scriptId) =>
      select(accountId, sql`p.script_id = ${scriptId}::bigint and not p.archived`, lock),

    scheduledForUpdate: (accountId) => select(accountId, sql`p.next_run is not null`, lock),

    titleHolder: (accountId, title) =>
      oneRow(
        connection,
        sql`select id, archived from script_profile where account_id = ${accountId}::bigint and title = ${title}`,
      ),

    countActive: (accountId) =>
      count(connection, {
        from: sql`script_profile`,
        where: [sql`account_id = ${accountId}::bigint`, sql`not archived`],
      }),

    insert: (accountId, profile) =>
      insertedId(
        connection,
        insertInto('script_profile', {
          account_id: sql`${accountId}::bigint`,
          script_id: sql`${profile.scriptId}::bigint`,
          access_group_id: sql`${profile.accessGroup.id}::bigint`,
          created_by_id: sql`${profile.createdBy?.id ?? null}::bigint`,
          created_at: timestamp(profile.createdAt),
          trigger_kind: sql`${profile.trigger.kind}`,
          event_type: sql`${profile.trigger.kind === 'event' ? profile.trigger.eventType : null}::text`,
          ...mutableColumns(profile),
        }),
      ),

    async save(accountId, profile) {
      await connection.$executeRaw(sql`
        update script_profile set ${assignments(mutableColumns(profile))}
        where account_id = ${accountId}::bigint and id = ${profile.id}::bigint`);
    },
  };
};

function list(accountId: number, filter: ScriptProfileFilter): List {
  const { status, search, titles, triggerKinds, tags, scriptIds, accessGroups } = filter;
  const where = [sql`p.account_id = ${accountId}::bigint`];
  if (status !== 'ALL') where.push(sql`p.archived = ${status === 'ARCHIVED'}::boolean`);
  if (search) where.push(contains(sql`p.title`, search));
  if (titles) where.push(sql`p.title = any(${texts(titles)})`);
  if (triggerKinds) where.push(sql`p.trigger_kind = any(${texts(triggerKinds)})`);
  if (tags) where.push(sql`p.tags && ${texts(tags)}`);
  if (scriptIds) where.push(sql`p.script_id = any(${bigints(scriptIds)})`);
  if (accessGroups) where.push(inGroups(accountId, sql`p.access_group_id`, accessGroups));
  return { columns, from, alias: 'p', where };
}
