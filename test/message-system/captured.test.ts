import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Dictionary, decode, encode, Text, type Value } from '../../src/message-system/bpickle.ts';
import { send as sendRaw } from '../rest/raw.ts';
import { waitUntil } from '../support/waiting.ts';
import { type AgentsWorld, agentsWorld, type Execution } from './agents-world.ts';
import { harmIn } from './client-rules.ts';
import { type Exchange, fixture } from './fixtures.ts';

// The captured requests of a stock client, sent to this server byte for byte and in order. Only the secure ids, tokens
// and operation ids are replaced by those of this server. The answers must equal those that the client accepted when
// the requests were captured.

let world: AgentsWorld;
let secureId: string;
let token: string | undefined;
beforeAll(async () => {
  world = await agentsWorld({ environment: { LANDSCAPE_URL: 'https://landscape.example.com' } });
});
afterAll(async () => {
  expect(world?.app.faults()).toEqual([]);
  await world?.close();
});

/** Converts an answer to plain values: unicode to strings, and bytes to Buffers. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
function plain(value: Value): any {
  if (value instanceof Text) return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && 'entries' in value)
    return Object.fromEntries((value as Dictionary).entries.map(([key, item]) => [plain(key), plain(item)]));
  return value;
}

/** Sends the request of a captured exchange, with this server's ids instead of those of the captured server. */
async function replay(exchange: Exchange, operationIds: Readonly<Record<number, number>> = {}) {
  const { request } = exchange;
  const shown = new Map(request.headers.map((line) => line.split(': ') as [string, string]));
  const headers: Record<string, string> = {};
  for (const [name, value] of shown)
    if (!['Host', 'Content-Length', 'Accept-Encoding'].includes(name)) headers[name] = value;
  if (headers['X-Computer-ID']) headers['X-Computer-ID'] = secureId;
  if (headers['X-Exchange-Token']) headers['X-Exchange-Token'] = token!;
  const body = Object.entries(operationIds).reduce(
    (hex, [theirs, ours]) =>
      hex.replaceAll(encode(Number(theirs)).toString('hex'), encode(ours).toString('hex')),
    request.hex!,
  );
  const answer = await world.send({ path: request.url, headers, body: Buffer.from(body, 'hex') });
  expect(answer!.status).toBe(200);
  expect(harmIn(answer!.body)).toEqual([]);
  const read = plain(decode(answer!.body));
  token = read['next-exchange-token']?.toString();
  return read;
}

const typesHash = Buffer.from('6a70025e7737b29e1ba5ea51c31bfb2c', 'hex');
const idle = (next: number) => ({
  'server-api': '3.3',
  'server-uuid': expect.any(Buffer),
  messages: [] as unknown[],
  'next-expected-sequence': next,
  'next-exchange-token': expect.any(Buffer),
  'client-accepted-types-hash': typesHash,
});
const computers = async (status: string) =>
  (
    await world.ask(
      `{ computers(filter: { status: ${status} }) { nodes { databaseId title hostname status tags accessGroup { name } } } }`,
    )
  ).computers.nodes;

let serverUuid: string;

test('01: landscape-config registers and receives its ids, the secure one as bytes', async () => {
  const answer = await replay(fixture('01'));
  expect(answer).toEqual({
    'server-api': '3.3',
    'server-uuid': expect.any(Buffer),
    messages: [{ type: 'set-id', id: expect.any(Buffer), 'insecure-id': expect.any(Number) }],
  });
  secureId = answer.messages[0].id.toString();
  serverUuid = answer['server-uuid'].toString();
  expect(serverUuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await computers('PENDING')).toEqual([
    {
      databaseId: expect.any(Number),
      title: 'agent-1',
      hostname: 'vm',
      status: 'PENDING',
      tags: ['web', 'laptop-1'],
      // The group "desktops" does not exist.
      accessGroup: { name: 'global' },
    },
  ]);
});

test('02: a pending client receives no request for data, only the accepted types of its messages', async () => {
  const answer = await replay(fixture('02'));
  expect(answer).toEqual(idle(0));
  expect(answer['server-uuid'].toString()).toBe(serverUuid);
});

let first: Execution;
test('03: an accepted client receives its script, and then the requested types of messages', async () => {
  const [{ databaseId }] = await computers('PENDING');
  await world.mutate('acceptComputers', { ids: [databaseId] });
  const runId = await world.run({
    code: 'echo "$LANDSCAPE_COMPUTER_TAGS"; echo héllo ✓',
    username: 'nobody',
    timeLimit: 30,
  });
  [first] = (await world.executions(runId)) as [Execution];
  expect(await replay(fixture('03'))).toEqual({
    ...idle(0),
    messages: [
      {
        type: 'execute-script',
        interpreter: '/bin/sh',
        code: 'echo "$LANDSCAPE_COMPUTER_TAGS"; echo héllo ✓',
        username: 'nobody',
        'time-limit': 30,
        'operation-id': first.id,
        attachments: {},
        env: {
          LANDSCAPE_ACCOUNT: 'standalone',
          LANDSCAPE_COMPUTER_ID: String(databaseId),
          LANDSCAPE_COMPUTER_TAGS: 'web,laptop-1',
          LANDSCAPE_URL: 'https://landscape.example.com',
          LANDSCAPE_ACTIVITY_ID: String(first.id),
          LANDSCAPE_ACTIVITY_CREATOR_ID: expect.stringMatching(/^\d+$/),
          LANDSCAPE_ACTIVITY_CREATION_TIME: '2025-04-10T12:00:30Z',
        },
      },
      {
        type: 'accepted-types',
        types: ['computer-info', 'computer-tags', 'distribution-info', 'operation-result', 'resynchronize'],
      },
    ],
  });
});

test('04: its result is reported, and its message confirmed', async () => {
  expect(await replay(fixture('04'), { 501: first.id })).toEqual(idle(2));
  const { activity } = await world.ask(
    'query ($id: ID!) { activity(id: $id) { status resultText resultCode } }',
    { id: String(first.id) },
  );
  expect(activity).toEqual({
    status: 'SUCCEEDED',
    resultText: 'web,laptop-1\nhéllo ✓\n',
    resultCode: null,
  });
});

const five: number[] = [];
let file: number;
const large = 'ü'.repeat(200_000);
test('05: five scripts arrive at once, with the numbers of their files', async () => {
  const [{ databaseId }] = await computers('ACCEPTED');
  const attached = { attachments: { 'ü.txt': 'inside', large } };
  for (const script of [{}, {}, {}, attached, {}]) {
    const [execution] = await world.executions(await world.run(script, [databaseId]));
    five.push(execution!.id);
  }
  const answer = await replay(fixture('05'));
  // biome-ignore lint/suspicious/noExplicitAny: a decoded message
  expect(answer.messages.map((message: any) => message['operation-id'])).toEqual(five);
  expect(answer['next-expected-sequence']).toBe(2);
  file = answer.messages[3].attachments['ü.txt'];
  expect(answer.messages[3].attachments).toEqual({ 'ü.txt': file, large: file + 1 });
});

test('12: a file of a script that it runs is sent to it', async () => {
  const fetched = async (id: number, as: string | undefined) => {
    const headers: Record<string, string> = as === undefined ? {} : { 'X-Computer-ID': as };
    const answer = await fetch(`${world.app.url}/attachment/${id}`, { headers });
    return [answer.status, answer.status === 200 ? await answer.text() : ''];
  };
  expect(await fetched(file, secureId)).toEqual([200, 'inside']);
  // Only one part of a larger file is in memory at a time.
  const statements = world.app.statements(async () =>
    expect(await fetched(file + 1, secureId)).toEqual([200, large]),
  );
  expect(await statements).toBe(4);
  // 13: no other file is sent, and this one to no other client.
  expect(await fetched(file + 2, secureId)).toEqual([404, '']);
  expect(await fetched(file, undefined)).toEqual([404, '']);
  expect(await fetched(file, `${secureId}x`)).toEqual([404, '']);
});

test('06: results arrive in any order, with a result code, a time limit, a missing file and a traceback', async () => {
  const ids = Object.fromEntries(five.map((id, index) => [502 + index, id]));
  expect(await replay(fixture('06'), ids)).toEqual(idle(7));
  const found = [];
  for (const id of five) {
    const { activity } = await world.ask(
      'query ($id: ID!) { activity(id: $id) { status resultCode resultText } }',
      { id: String(id) },
    );
    found.push([activity.status, activity.resultCode, activity.resultText.slice(0, 20)]);
  }
  expect(found).toEqual([
    ['FAILED', 103, 'before\n'],
    ['FAILED', 102, 'started\n'],
    ['SUCCEEDED', null, 'seven\n'],
    ['FAILED', 104, 'Server returned HTTP'],
    ['FAILED', null, '[Failure instance: T'],
  ]);
});

test('12, again: after the report of its script, a file is no longer sent', async () => {
  const answer = await fetch(`${world.app.url}/attachment/${file}`, {
    headers: { 'X-Computer-ID': secureId },
  });
  expect(answer.status).toBe(404);
});

test('07 and 08: a resynchronisation that this server did not request has no effect', async () => {
  expect(await replay(fixture('07'))).toEqual(idle(7));
  expect(await replay(fixture('08'))).toEqual(idle(9));
});

test('14: a ping is answered with no if nothing waits, and 15: with yes if something does', async () => {
  const [{ databaseId }] = await computers('ACCEPTED');
  const insecureId = `${databaseId}${String((await accountId()) as number).padStart(9, '0')}`;
  const ping = async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await world.send({
      path: '/ping',
      headers,
      body: Buffer.from(`insecure_id=${insecureId}`),
    });
    return Buffer.from(answer!.body).toString('hex');
  };
  expect(await ping()).toBe(fixture('14').response.hex);
  await world.run({}, [databaseId]);
  // A change is published shortly after its answer.
  await waitUntil('a ping says yes', ping, (hex) => hex === fixture('15').response.hex);
});
const accountId = async () =>
  Number((await world.app.database.prisma.account.findFirstOrThrow({ where: { name: 'standalone' } })).id);

test('09: a client with an unknown secure id is asked to register, in one answer', async () => {
  const ours = secureId;
  secureId = 'secure-1-362d1abfc5380ad2';
  token = 'a token of before';
  expect(await replay(fixture('09'))).toEqual({
    'server-api': '3.3',
    'server-uuid': Buffer.from(serverUuid),
    messages: [{ type: 'unknown-id' }, { type: 'accepted-types', types: ['register'] }],
  });
  secureId = ours;
});

test('10: the broker registers by itself, within its sequences', async () => {
  const answer = await replay(fixture('10'));
  expect(answer).toEqual({
    'server-api': '3.3',
    'server-uuid': Buffer.from(serverUuid),
    messages: [{ type: 'set-id', id: expect.any(Buffer), 'insecure-id': expect.any(Number) }],
  });
  secureId = answer.messages[0].id.toString();
});

test('11: the numbers of a new session start at the client’s numbers', async () => {
  expect(await replay(fixture('11'))).toEqual({
    ...idle(10),
    messages: [{ type: 'accepted-types', types: [] }],
  });
});

describe('over HTTP', () => {
  test.each([
    ['GET', '/message-system', 'POST'],
    ['GET', '/ping', 'POST'],
    ['POST', '/attachment/1', 'GET'],
  ])('%s %s is refused with the allowed method', async (method, path, allowed) => {
    const answer = await sendRaw(world.app, method, path);
    // The table of methods does not contain a path with a number.
    if (path.startsWith('/attachment')) return expect(answer.status).toBe(404);
    expect([answer.status, answer.headers.allow]).toEqual([405, allowed]);
  });

  test('a body that cannot be decoded is refused with the position, and logged', async () => {
    const answer = await sendRaw(world.app, 'POST', '/message-system', { body: 'du8:messages' });
    expect([answer.status, answer.body.message]).toEqual([
      400,
      'The body has an error at byte 12: found the end. Expected a value: n, b, i, f, s, u, l, t or d.',
    ]);
  });

  test.each([
    ['a value that is not a dictionary', 'li1;;', 400],
    ['an empty dictionary', 'd;', 200],
    ['invalid messages', 'du8:messagesi1;;', 200],
    ['messages of other types', 'du8:messagesli1;nu1:ad;;;', 200],
  ])('a body with %s is answered with %s', async (_what, body, status) => {
    for (const headers of [{}, { 'x-computer-id': secureId }] as Record<string, string>[])
      expect((await sendRaw(world.app, 'POST', '/message-system', { body, headers })).status).toBe(status);
  });

  test('a client without a computer is asked to register, and once it knows that, receives nothing more', async () => {
    const post = async (payload: Parameters<typeof encode>[0]) => {
      const answer = await world.send({ path: '/message-system', headers: {}, body: encode(payload) });
      return plain(decode(answer!.body)).messages;
    };
    expect(await post({ messages: [] })).toEqual([{ type: 'accepted-types', types: ['register'] }]);
    const digest = Buffer.from('9de4a97425678c5b1288aa70c1669a64', 'hex');
    expect(await post({ messages: [], 'accepted-types': digest })).toEqual([]);
  });
});
