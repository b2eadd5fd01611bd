import {
  and,
  assignments,
  bigints,
  type Connection,
  inOrderOf,
  instant,
  oneRow,
  raw,
  rows,
  rowsOfChange,
  type Sql,
  sql,
  timestamp,
} from '../../database/sql.ts';
import { deliverableStatuses, undeliveredStatuses } from '../../domain/activities/activity.ts';
import { type AgentFacts, type AgentState, MAX_OPEN } from '../../domain/computers/agent.ts';
import type { Instant } from '../../domain/time.ts';
import type { AgentRepository, AgentTwin, LockedAgent } from '../../services/computers/agent-ports.ts';
import { ofRun, ranScript } from '../activities/ran-script.ts';
import { inScope, ofAccount } from '../scope.ts';
import { isOffline } from './computer-query.ts';

const isDeliverable = raw(`a.status in (${deliverableStatuses.map((status) => `'${status}'`).join(', ')})`);
// This text must equal the predicate of activity_open_idx word for word, because PostgreSQL compares them.
const isOpen = raw(
  `a.status in (${[...undeliveredStatuses, 'delivered'].map((status) => `'${status}'`).join(', ')}) and a.parent_id is not null`,
);

/** Open executions of computer `m` with a status. */
const openOf = (accountId: number, status: Sql): Sql => sql`
  from activity a
  where ${ofAccount(accountId, 'a')} and a.computer_id = m.id and ${isOpen} and ${status}`;

/** The run of `a` may still deliver it. */
const isInTime = (accountId: number, now: Instant): Sql => sql`
  not exists (
    select from activity r
    where ${ofAccount(accountId, 'r')} and r.id = a.parent_id and r.deliver_by <= ${timestamp(now)})`;

export const agentRepository = (
  connection: Connection,
  currentTime: () => Promise<Sql>,
): AgentRepository => ({
  async forUpdate(accountId, tokenHash, now) {
    // Lock both rows, so that a statement that waited reads both as they are after the wait.
    const locked = await oneRow<LockedAgent>(
      connection,
      sql`
        select m.id as "computerId", m.title, m.status, g.expected, g.unconfirmed_from as "unconfirmedFrom", g.unconfirmed,
          g.sent, g.asked_again as "askedAgain", g.in_doubt_until as "inDoubtUntil", g.runs_scripts as "runsScripts", g.types_hash as "typesHash",
          g.exchange_token as "exchangeToken",
          array(
            select a.id ${openOf(accountId, isDeliverable)} and m.status = 'accepted' and ${isInTime(accountId, now)}
            order by a.id limit ${MAX_OPEN}::int) as waiting,
          array(select a.id ${openOf(accountId, sql`a.status = 'delivered'`)} order by a.id) as delivered
        from computer m
        join agent g on g.account_id = m.account_id and g.computer_id = m.id
        where m.account_id = ${accountId}::bigint and m.token_hash = ${tokenHash}
        for update of m, g`,
    );
    return locked;
  },

  async saveIdle(accountId, tokenHash, agent) {
    const [saved] = await rowsOfChange<{ computerId: number; typesHash: string | null }>(
      connection,
      sql`saved as (
        update agent g set asked_again = 0, in_doubt_until = null, exchange_token = ${agent.exchangeToken}, last_seen_at = ${await currentTime()},
          version = coalesce(${agent.version}::text, g.version)
        from computer m
        where m.account_id = ${accountId}::bigint and m.token_hash = ${tokenHash}
          and g.account_id = ${accountId}::bigint and g.computer_id = m.id
          and m.status = ${agent.status} and g.told_status = ${agent.status}
          and g.expected = ${agent.expected}::bigint and g.unconfirmed_from = ${agent.unconfirmedFrom}::bigint and g.sent = 0
          and coalesce(g.exchange_token = ${agent.shownToken}::text, ${agent.shownToken}::text is null)
          and not exists (select ${openOf(accountId, isDeliverable)})
        returning m.id, g.types_hash)`,
      sql`select id as "computerId", types_hash as "typesHash" from saved`,
    );
    return saved;
  },

  async deliverable(accountId, computerId, { until, most, now }) {
    const found = await rows<{ id: number }>(
      connection,
      sql`
        select a.id from activity a
        where a.account_id = ${accountId}::bigint and a.computer_id = ${computerId}::bigint and ${isOpen}
          and a.status <> 'delivered' and (a.deliver_after is null or a.deliver_after <= ${timestamp(now)})
          and a.id <= coalesce(${until}::bigint, a.id)
        order by a.id limit ${most}::int`,
    );
    return found.map(({ id }) => id);
  },

  async insert(accountId, computerId, machineId) {
    await connection.$executeRaw(sql`
      insert into agent (account_id, computer_id, machine_id)
      values (${accountId}::bigint, ${computerId}::bigint, ${machineId}::text)
      on conflict (account_id, computer_id) do nothing`);
  },

  async introduce(accountId, computerId, distribution) {
    await connection.$executeRaw(sql`
      insert into agent (account_id, computer_id, distribution)
      values (${accountId}::bigint, ${computerId}::bigint, ${JSON.stringify(distribution)}::json)`);
  },

  async save(accountId, computerId, agent) {
    const { version, facts } = agent;
    const changes = assignments({
      expected: sql`${agent.expected}::bigint`,
      unconfirmed_from: sql`${agent.unconfirmedFrom}::bigint`,
      unconfirmed: bigints(agent.unconfirmed),
      sent: sql`${agent.sent}::int`,
      asked_again: sql`${agent.askedAgain}::int`,
      in_doubt_until: sql`${agent.inDoubtUntil}::bigint`,
      told_status: sql`${agent.notifiedStatus}`,
      runs_scripts: sql`${agent.runsScripts}::boolean`,
      types_hash: sql`${agent.typesHash}::text`,
      exchange_token: sql`${agent.exchangeToken}`,
      last_seen_at: timestamp(agent.lastSeenAt),
      ...(version !== null && { version: sql`${version}` }),
      ...columnsOf(facts),
    });
    await connection.$executeRaw(sql`
      update agent set ${changes}
      where account_id = ${accountId}::bigint and computer_id = ${computerId}::bigint`);
  },

  async lockMachine(accountId, machineId) {
    await connection.$queryRaw(sql`
      select pg_advisory_xact_lock(hashtextextended(${`machine ${machineId}`}, ${accountId}::bigint))::text`);
  },

  twins: (accountId, machineId) =>
    rows<AgentTwin>(
      connection,
      sql`
        select m.id as "computerId", m.title, m.status
        from agent g
        join computer m on m.account_id = g.account_id and m.id = g.computer_id
        where g.account_id = ${accountId}::bigint and g.machine_id = ${machineId}
        order by m.id`,
    ),

  async machineIds(accountId, computerIds) {
    const found = await rows<{ id: number; machineId: string }>(
      connection,
      sql`
        select computer_id as id, machine_id as "machineId" from agent
        where account_id = ${accountId}::bigint and computer_id = any(${bigints(computerIds)}) and machine_id is not null`,
    );
    return new Map(found.map(({ id, machineId }) => [id, machineId]));
  },

  async moveHistory(accountId, from, to) {
    await connection.$executeRaw(sql`
      update activity set computer_id = ${to}::bigint
      where account_id = ${accountId}::bigint and computer_id = ${from}::bigint`);
  },

  async offlineAmong(scope, ids, since) {
    const found = await rows<{ id: number }>(
      connection,
      sql`
        select m.id from computer m
        where ${and(inScope(scope, 'm'))} and m.id = any(${bigints(ids)}) and ${isOffline(scope.accountId, since)}`,
    );
    return found.map(({ id }) => id);
  },

  async statesOf(scope, ids, since) {
    const found = await rows<AgentState & { id: number }>(
      connection,
      sql`
        select m.id, ${instant('s.last_seen_at')} as "lastSeenAt", ${instant('s.last_ping_at')} as "lastPingAt",
          s.version as "agentVersion", s.distribution, s.total_memory as "totalMemory", s.total_swap as "totalSwap",
          coalesce(s.last_seen_at > ${timestamp(since)}, false) as "isOnline",
          case when m.status = 'pending' then (
            select min(o.computer_id) from agent o
            join computer other on other.account_id = o.account_id and other.id = o.computer_id
            where ${ofAccount(scope.accountId, 'o')} and o.machine_id = s.machine_id and other.status = 'accepted') end
            as "possibleDuplicateOfId"
        from computer m
        join agent s on s.account_id = m.account_id and s.computer_id = m.id
        where ${and(inScope(scope, 'm'))} and m.id = any(${bigints(ids)})`,
    );
    return inOrderOf(ids, found);
  },

  async hasNews(accountId, computerId) {
    const found = await oneRow<{ news: boolean }>(
      connection,
      sql`
        select g.told_status is distinct from m.status or g.sent > 0 or (
          g.runs_scripts and m.status = 'accepted' and exists (select ${openOf(accountId, isDeliverable)})
          and (select count(*) ${openOf(accountId, sql`a.status = 'delivered'`)}) < ${MAX_OPEN}::int) as news
        from computer m
        left join agent g on g.account_id = m.account_id and g.computer_id = m.id
        where m.account_id = ${accountId}::bigint and m.id = ${computerId}::bigint`,
    );
    return found?.news;
  },

  async rememberRemoved(accountId, computerIds, at) {
    await connection.$executeRaw(sql`
      insert into removed_agent (account_id, token_hash, computer_id, removed_at)
      select m.account_id, m.token_hash, m.id, ${timestamp(at)}
      from computer m
      join agent g on g.account_id = m.account_id and g.computer_id = m.id
      where m.account_id = ${accountId}::bigint and m.id = any(${bigints(computerIds)}) and m.token_hash is not null
      on conflict (account_id, token_hash) do nothing`);
  },

  async wasRemoved(accountId, tokenHash, since) {
    const found = await oneRow(
      connection,
      sql`
        select 1 as removed from removed_agent
        where account_id = ${accountId}::bigint and token_hash = ${tokenHash} and removed_at > ${timestamp(since)}`,
    );
    return found !== undefined;
  },

  async wasComputerRemoved(accountId, computerId) {
    const found = await rows(
      connection,
      sql`
        select 1 as removed from removed_agent
        where account_id = ${accountId}::bigint and computer_id = ${computerId}::bigint limit 1`,
    );
    return found.length > 0;
  },

  async forgetRemoved(accountId, before, most) {
    return connection.$executeRaw(sql`
      delete from removed_agent where account_id = ${accountId}::bigint and token_hash in (
        select token_hash from removed_agent
        where account_id = ${accountId}::bigint and removed_at < ${timestamp(before)}
        order by removed_at limit ${most}::int)`);
  },

  attachment: (accountId, tokenHash, id, { from, most }) =>
    oneRow(
      connection,
      sql`
        select octet_length(f.content) as size,
          -- PostgreSQL breaks base64 into lines.
          translate(encode(substring(f.content from ${from + 1}::int for ${most}::int), 'base64'), chr(10), '') as part
        from script_attachment f
        where f.account_id = ${accountId}::bigint and f.id = ${id}::bigint and exists (
          select from computer m
          join activity a on a.account_id = m.account_id and a.computer_id = m.id and ${isOpen} and a.status = 'delivered'
          join activity r on r.account_id = a.account_id and r.id = a.parent_id
          ${ofRun}
          where m.account_id = ${accountId}::bigint and m.token_hash = ${tokenHash} and ${ranScript} = f.script_id)`,
    ),

  async savePings(accountId, computerIds, at) {
    await connection.$executeRaw(sql`
      update agent set last_ping_at = ${timestamp(at)}
      where account_id = ${accountId}::bigint and computer_id in (
        select computer_id from agent
        where account_id = ${accountId}::bigint and computer_id = any(${bigints(computerIds)})
        for update skip locked)`);
  },

  async installation() {
    const found = await oneRow<{ id: string }>(
      connection,
      sql`select concat(id, ' ', created_at at time zone 'UTC') as id from account order by account.id limit 1`,
    );
    return found?.id;
  },
});

/** The columns of known facts. Unknown facts keep their stored values. */
const columnsOf = (facts: AgentFacts): Record<string, Sql> => ({
  ...(facts.machineId !== undefined && { machine_id: sql`${facts.machineId}` }),
  ...(facts.distribution && { distribution: sql`${JSON.stringify(facts.distribution)}::json` }),
  ...(facts.totalMemory !== undefined && { total_memory: sql`${facts.totalMemory}::int` }),
  ...(facts.totalSwap !== undefined && { total_swap: sql`${facts.totalSwap}::int` }),
  ...(facts.configuredTags !== undefined && { configured_tags: sql`${facts.configuredTags}::text` }),
});
