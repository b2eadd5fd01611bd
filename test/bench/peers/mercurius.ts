/**
 * Mercurius with its JIT and its loaders, and hand-written resolvers over `pg`: the fastest setup in its documentation.
 */
import { createHash } from 'node:crypto';
import fastify from 'fastify';
import { DateTimeResolver } from 'graphql-scalars';
import mercurius from 'mercurius';
import pg from 'pg';
import { ready } from './ready.ts';
import { typeDefs } from './schema.graphql.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
/** Name under which a connection prepares the statement. PostgreSQL allows 63 characters. */
const nameOf = (text: string) => createHash('sha1').update(text).digest('hex');
const names = new Map<string, string>();
async function rows(text: string, values: unknown[]) {
  const name = names.get(text) ?? nameOf(text);
  names.set(text, name);
  return (await pool.query({ name, text, values })).rows;
}
const byId = <Row extends { id: string }>(found: Row[], ids: string[]) => {
  const map = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => map.get(id));
};

interface Profile {
  id: string;
  access_group_id: string;
  created_by_id: string;
  trigger_kind: string;
  all_computers: boolean;
  tags: string[];
}
type Queries = { obj: Profile }[];

const app = fastify();
app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  resolvers: {
    DateTime: DateTimeResolver,
    Query: {
      scriptProfiles: async (_: unknown, { first }: { first: number }) => ({
        nodes: await rows(
          `select *, id::int as "databaseId", script_id::int as "scriptId", created_at as "createdAt",
             last_edited_at as "lastEditedAt", all_computers as "allComputers", time_limit as "timeLimit"
           from script_profile where account_id = 1 and not archived order by created_at desc, id desc limit $1`,
          [first],
        ),
      }),
    },
    Trigger: { resolveType: ({ kind }: { kind: string }) => kind },
    ScriptProfile: {
      // biome-ignore lint/suspicious/noExplicitAny: a row of the database
      trigger: (row: any) => ({
        kind: { event: 'EventTrigger', one_time: 'OneTimeTrigger', recurring: 'RecurringTrigger' }[
          row.trigger_kind as string
        ],
        eventType: row.event_type?.toUpperCase(),
        timestamp: row.timestamp,
        isFinished: row.is_finished,
        interval: row.interval,
        startAfter: row.start_after,
        nextRun: row.next_run,
        lastRun: row.last_run,
      }),
    },
  },
  loaders: {
    ScriptProfile: {
      accessGroup: async (queries: Queries) => {
        const ids = queries.map(({ obj }) => obj.access_group_id);
        return byId(
          await rows('select id, name from access_group where account_id = 1 and id = any($1)', [ids]),
          ids,
        );
      },
      createdBy: async (queries: Queries) => people(queries.map(({ obj }) => obj.created_by_id)),
      numAssociatedComputers: async (queries: Queries) => {
        const targets = queries.map(({ obj }, n) => ({ n, ...obj }));
        const counted = await rows(
          `select n, (
             select count(*)::int from computer m
             join access_group_reach r on r.account_id = 1 and r.below_id = m.access_group_id and r.above_id = t.access_group_id
             where m.account_id = 1 and m.status = 'accepted' and (t.all_computers or exists (
               select from computer_tag ct where ct.account_id = 1 and ct.computer_id = m.id and ct.tag = any(t.tags)))) as number
           from json_to_recordset($1) as t(n int, access_group_id bigint, all_computers boolean, tags text[], trigger_kind text)
           where t.trigger_kind <> 'event'`,
          [
            JSON.stringify(
              targets.map(({ n, access_group_id, all_computers, tags, trigger_kind }) => ({
                n,
                access_group_id,
                all_computers,
                tags,
                trigger_kind,
              })),
            ),
          ],
        );
        const numbers = new Map(counted.map(({ n, number }) => [n, number]));
        return targets.map(({ n }) => numbers.get(n) ?? 0);
      },
      lastActivity: async (queries: Queries) => {
        const ids = queries.map(({ obj }) => obj.id);
        const found = await rows(
          `select a.*, a.id::int as "databaseId", p.id as owner, a.creation_time as "creationTime",
             a.completion_time as "completionTime", upper(a.status) as status, a.result_text as "resultText",
             a.result_code as "resultCode"
           from unnest($1::bigint[]) p(id) cross join lateral (
             select * from activity where account_id = 1 and script_profile_id = p.id
             order by creation_time desc, id desc limit 1) a`,
          [ids],
        );
        const byOwner = new Map(found.map((row) => [row.owner, row]));
        return ids.map((id) => byOwner.get(id) ?? null);
      },
    },
    Activity: {
      creator: async (queries: { obj: { creator_id: string } }[]) =>
        people(queries.map(({ obj }) => obj.creator_id)),
    },
  },
});

async function people(ids: string[]) {
  const found = await rows(
    'select id, id::int as "databaseId", name, email from person where account_id = 1 and id = any($1)',
    [[...new Set(ids)]],
  );
  return byId(found, ids);
}

ready(Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port));
