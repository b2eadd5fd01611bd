/**
 * The upper bound: a bare `node:http` server in which PostgreSQL builds the JSON, with one prepared statement for each
 * request. It does not authenticate callers and checks nothing. No server on this database can be faster.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  // The JIT is off, because PostgreSQL compiles such a statement ten times as long as it runs it.
  onConnect: async (client) => {
    await client.query('SET jit TO off');
  },
});

const at = (column: string, format: string) => `to_char(${column} at time zone 'UTC', '${format}')`;
const MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US';
const SECONDS = 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
/** The format of the graph: no decimals if the seconds are whole. */
const rfc3339 = (column: string) => `replace(${at(column, MICROSECONDS)}, '.000000', '') || 'Z'`;

/** The computers of each distinct target are counted once, and those of each tag are looked up once. */
const page = (row: string, more = '') => `
  with page as (
    select p.*, g.name as group_name, c.name as creator_name, c.email as creator_email, c.id as creator_id
    from script_profile p
    join access_group g on g.account_id = p.account_id and g.id = p.access_group_id
    left join person c on c.account_id = p.account_id and c.id = p.created_by_id
    where p.account_id = 1 and not p.archived
    order by p.created_at desc, p.id desc limit <limit>
  ), targets as materialized (
    select distinct access_group_id, all_computers, tags from page where trigger_kind <> 'event'
  ), by_group as materialized (
    select access_group_id, count(*) as number from computer where account_id = 1 and status = 'accepted' group by 1
  ), by_tag as materialized (
    select ct.tag, m.access_group_id, array_agg(m.id) as ids from computer_tag ct
    join computer m on m.account_id = 1 and m.id = ct.computer_id and m.status = 'accepted'
    where ct.account_id = 1 and ct.tag = any(array(select distinct unnest(tags) from targets where not all_computers))
    group by 1, 2
  ), counts as (
    select t.*, case when t.all_computers then (
      select sum(by_group.number) from access_group_reach reach join by_group on by_group.access_group_id = reach.below_id
      where reach.account_id = 1 and reach.above_id = t.access_group_id)
    else (
      select count(distinct id) from by_tag
      join access_group_reach reach on reach.account_id = 1 and reach.below_id = by_tag.access_group_id
      cross join unnest(by_tag.ids) as computer(id)
      where by_tag.tag = any(t.tags) and reach.above_id = t.access_group_id) end as number
    from targets t
  )
  select json_agg(${row} order by p.created_at desc, p.id desc) as rows ${more}
  from page p
  left join counts n on n.access_group_id = p.access_group_id and n.all_computers = p.all_computers and n.tags = p.tags
    and p.trigger_kind <> 'event'
  left join lateral (
    select a.*, c.name as creator_name, c.email as creator_email
    from activity a left join person c on c.account_id = 1 and c.id = a.creator_id
    where a.account_id = 1 and a.script_profile_id = p.id
    order by a.creation_time desc, a.id desc limit 1) a on true`;

const graphRow = `json_build_object(
  'databaseId', p.id, 'title', p.title, 'scriptId', p.script_id, 'accessGroup', json_build_object('name', p.group_name),
  'createdBy', json_build_object('databaseId', p.creator_id, 'name', p.creator_name),
  'createdAt', ${rfc3339('p.created_at')}, 'lastEditedAt', ${rfc3339('p.last_edited_at')},
  'trigger', case p.trigger_kind
    when 'event' then json_build_object('__typename', 'EventTrigger', 'eventType', upper(p.event_type))
    when 'one_time' then json_build_object('__typename', 'OneTimeTrigger', 'timestamp', ${rfc3339('p.timestamp')},
      'isFinished', p.is_finished, 'nextRun', ${rfc3339('p.next_run')}, 'lastRun', ${rfc3339('p.last_run')})
    else json_build_object('__typename', 'RecurringTrigger', 'interval', p.interval, 'startAfter', ${rfc3339('p.start_after')},
      'nextRun', ${rfc3339('p.next_run')}, 'lastRun', ${rfc3339('p.last_run')}) end,
  'allComputers', p.all_computers, 'tags', p.tags, 'timeLimit', p.time_limit, 'username', p.username,
  'numAssociatedComputers', coalesce(n.number, 0),
  'lastActivity', case when a.id is not null then json_build_object('databaseId', a.id,
    'creationTime', ${rfc3339('a.creation_time')},
    'creator', json_build_object('databaseId', a.creator_id, 'name', a.creator_name, 'email', a.creator_email),
    'summary', a.summary, 'completionTime', ${rfc3339('a.completion_time')}, 'status', upper(a.status),
    'resultText', a.result_text, 'resultCode', a.result_code) end,
  'archived', p.archived)`;

const restRow = `json_build_object(
  'id', p.id, 'title', p.title, 'script_id', p.script_id, 'access_group', p.group_name,
  'created_by', json_build_object('name', p.creator_name, 'id', p.creator_id),
  'created_at', ${at('p.created_at', MICROSECONDS)}, 'last_edited_at', ${at('p.last_edited_at', MICROSECONDS)},
  'trigger', case p.trigger_kind
    when 'event' then json_build_object('trigger_type', 'event', 'event_type', p.event_type)
    when 'one_time' then json_build_object('trigger_type', 'one_time', 'timestamp', ${at('p.timestamp', SECONDS)},
      'is_finished', p.is_finished, 'next_run', ${at('p.next_run', SECONDS)}, 'last_run', ${at('p.last_run', SECONDS)})
    else json_build_object('trigger_type', 'recurring', 'interval', p.interval, 'start_after', ${at('p.start_after', SECONDS)},
      'last_run', ${at('p.last_run', SECONDS)}, 'next_run', ${at('p.next_run', SECONDS)}) end,
  'all_computers', p.all_computers, 'tags', p.tags, 'time_limit', p.time_limit, 'username', p.username,
  'computers', json_build_object('num_associated_computers', coalesce(n.number, 0)),
  'activities', json_build_object('last_activity', case when a.id is not null then json_build_object(
    'id', a.id, 'creation_time', ${at('a.creation_time', SECONDS)},
    'creator', json_build_object('name', a.creator_name, 'email', a.creator_email, 'id', a.creator_id),
    'type', a.type, 'summary', a.summary, 'completion_time', ${at('a.completion_time', SECONDS)}, 'parent_id', null,
    'deliver_delay_window', a.deliver_delay_window, 'result_text', a.result_text, 'result_code', a.result_code,
    'activity_status', a.status) end),
  'archived', p.archived)`;

/** The answers are built around the rows here. In PostgreSQL, each level of the JSON would copy the whole text. */
const answers = {
  graph: {
    text: page(graphRow),
    around: (_count: number, _limit: number) => ['{"data":{"scriptProfiles":{"nodes":', '}}}'],
  },
  rest: {
    text: page(
      restRow,
      ', (select count(*) from script_profile where account_id = 1 and not archived)::int as count',
    ),
    around: (count: number, limit: number) => {
      const next = count > limit ? `"/api/v2/script-profiles?limit=${limit}&offset=${limit}"` : null;
      return ['{"results":', `,"count":${count},"next":${next},"previous":null}`];
    },
  },
};

// Sends PostgreSQL's JSON unchanged.
pg.types.setTypeParser(pg.types.builtins.JSON, (text) => text);

const server = createServer(async (request, reply) => {
  const url = new URL(request.url!, 'http://limit');
  const name = url.pathname.startsWith('/api') ? 'rest' : 'graph';
  const limit = Number(url.searchParams.get('limit'));
  request.resume();
  const { text, around } = answers[name];
  // The limit is part of the text. With a parameter, PostgreSQL would plan the statement each time.
  const found = await pool.query({ name: `${name} ${limit}`, text: text.replace('<limit>', String(limit)) });
  const [{ rows, count }] = found.rows;
  const [before, after] = around(count, limit);
  const body = [before!, rows ?? '[]', after!].map((part) => Buffer.from(part));
  reply.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.reduce((length, part) => length + part.length, 0),
  });
  // Sends the answer in one packet without concatenating its parts.
  reply.cork();
  for (const part of body) reply.write(part);
  reply.end();
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  console.log(`ready at http://127.0.0.1:${port}`);
});
