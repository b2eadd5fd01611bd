import pg from 'pg';
import { insecureIdOf } from '../../src/domain/computers/agent.ts';
import { type Encodable, encode } from '../../src/message-system/bpickle.ts';
import { digestOf, typesOf } from '../../src/message-system/messages.ts';
import { computerToken } from '../../src/services/computers/computer-token.ts';
import { hashOf } from '../../src/services/secrets.ts';
import type { Request } from './load.ts';
import { inTurns } from './measure.ts';
import { against, type Row } from './report.ts';
import { serveGateway, serveScript } from './servers.ts';

/** Large enough that concurrent requests rarely use the same agent. */
const AGENTS = 256;

/** Enrols a client on each of the first computers, as after an exchange. Returns their secure ids. */
async function enrolAgents(url: string): Promise<{ id: number; secureId: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    `select id from computer where account_id = 1 and status = 'accepted' order by id limit ${AGENTS}`,
  );
  const agents = rows.map(({ id }) => ({ id: Number(id), secureId: computerToken(1, `bench-${id}`) }));
  for (const { id, secureId } of agents) {
    await client.query('update computer set token_hash = $2 where account_id = 1 and id = $1', [
      id,
      hashOf(secureId),
    ]);
    await client.query(
      `insert into agent (account_id, computer_id, expected, told_status, runs_scripts)
       values (1, $1, 0, 'accepted', true)`,
      [id],
    );
  }
  await client.query(
    `delete from activity where account_id = 1 and parent_id is not null
       and status in ('undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved', 'delivered')`,
  );
  await client.query('vacuum analyze');
  await client.end();
  return agents;
}

const hex = (payload: Encodable) => encode(payload).toString('hex');

/** The most frequent requests of a fleet: a ping without news, and an exchange without messages. */
export async function agentRows(url: string, progress: (text: string) => void): Promise<readonly Row[]> {
  const agents = await enrolAgents(url);
  const [gateway, limit] = await Promise.all([serveGateway(url), serveScript('agent-limit.ts', url)]);
  const ping = (base: string): Request => ({
    url: `${base}/ping`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `insecure_id=${insecureIdOf(1, agents[0]!.id)}`,
  });
  const idle = hex({
    'accepted-types': Buffer.from(digestOf(typesOf.accepted), 'hex'),
    'client-api': Buffer.from('3.8'),
    messages: [],
    'next-expected-sequence': 0,
    sequence: 0,
    'server-api': Buffer.from('3.3'),
    'total-messages': 0,
  });
  const exchange = (base: string): Request => ({
    url: `${base}/message-system`,
    bodyHex: idle,
    inTurn: agents.map(({ secureId }) => ({
      'content-type': 'application/octet-stream',
      'x-computer-id': secureId,
      'x-token-hash': hashOf(secureId),
    })),
  });
  const pings = await inTurns({ gateway: ping(gateway.url), limit: ping(limit.url) }, progress);
  const exchanges = await inTurns({ gateway: exchange(gateway.url), limit: exchange(limit.url) }, progress);
  return [
    { what: 'ping: gateway', figure: pings.gateway },
    { what: 'ping: bare server that answers a constant', figure: pings.limit },
    against('  ping, against the bare server', pings.gateway, pings.limit, { atLeast: 0.5 }),
    { what: 'idle exchange: gateway', figure: exchanges.gateway },
    { what: 'idle exchange: bare server with two statements', figure: exchanges.limit },
    against('  idle exchange, against the bare server', exchanges.gateway, exchanges.limit, { atLeast: 0.5 }),
  ];
}
