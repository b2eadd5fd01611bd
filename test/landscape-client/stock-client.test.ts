import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentsWorld, agentsWorld, type Execution, KEY } from '../message-system/agents-world.ts';
import { waitUntil } from '../support/waiting.ts';
import { lossyWay, StockClient, type StockClientOptions } from './stock-client.ts';

// The unmodified landscape-client against a running server. Requires LANDSCAPE_CLIENT, the path of a checkout that can
// run here: as root, with its Python packages.

let world: AgentsWorld;
const clients: StockClient[] = [];
beforeAll(async () => {
  world = await agentsWorld();
});
afterAll(async () => {
  for (const client of clients) await client.stop();
  expect(world?.app.faults()).toEqual([]);
  await world?.close();
});

async function stockClient(options: Partial<StockClientOptions> & { title: string }): Promise<StockClient> {
  const client = await StockClient.in({ url: world.app.url, key: KEY, ...options });
  clients.push(client);
  return client;
}
const computers = async (search: string, status = 'ACCEPTED') =>
  (
    await world.ask(
      'query ($search: String!, $status: ComputerStatus!) { computers(first: 100, filter: { search: $search, status: $status }) { nodes { databaseId title tags lastSeenAt } } }',
      { search, status },
    )
  ).computers.nodes;
const ended = (runId: number): Promise<Execution[]> =>
  waitUntil(
    `run ${runId} is reported`,
    () => world.executions(runId),
    (executions) => executions.every(({ status }) => ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status)),
  );

describe('a client that landscape-config registers', () => {
  let client: StockClient;
  let id: number;
  beforeAll(async () => {
    client = await stockClient({ title: 'stock', tags: 'web, laptop-1' });
    expect(await client.configure()).toBe(0);
    [{ databaseId: id }] = await computers('stock', 'PENDING');
    await client.start();
    await world.mutate('acceptComputers', { ids: [id] });
  });

  test('runs a script with its environment, and reports its output', async () => {
    const code = 'echo "$LANDSCAPE_COMPUTER_TAGS"; echo héllo ✓';
    expect(await ended(await world.run({ code }, [id]))).toMatchObject([
      { status: 'SUCCEEDED', resultCode: null, resultText: 'web,laptop-1\nhéllo ✓\n' },
    ]);
  });

  test.each([
    ['exits with another code', { code: 'echo before; exit 3' }, 'FAILED', 103, 'before\n'],
    ['takes too long', { code: 'echo started; sleep 60', timeLimit: 1 }, 'FAILED', 102, 'started\n'],
    ['has no interpreter', { interpreter: '/no/such/one' }, 'FAILED', null, 'Unknown interpreter'],
    ['has an unknown user', { username: 'nosuchuser' }, 'FAILED', null, 'nosuchuser'],
    [
      'reads its attachment',
      { code: 'cat "$LANDSCAPE_ATTACHMENTS/ü.txt"', attachments: { 'ü.txt': 'inside' } },
      'SUCCEEDED',
      null,
      'inside',
    ],
    [
      'prints more than the client sends',
      { code: 'head -c 2000000 /dev/zero | tr "\\0" x' },
      'SUCCEEDED',
      null,
      'MESSAGE TRUNCATED DUE TO SIZE',
    ],
  ])('reports a script that %s with the cause', async (_what, script, status, resultCode, text) => {
    expect(await ended(await world.run(script as object, [id]))).toMatchObject([
      { status, resultCode, resultText: expect.stringContaining(text) },
    ]);
  });

  test('runs each of thirty waiting scripts once', async () => {
    const runs = [];
    for (let n = 0; n < 30; n += 1) runs.push(await world.run({ code: 'echo one' }, [id]));
    for (const run of runs)
      expect(await ended(run)).toMatchObject([{ status: 'SUCCEEDED', resultText: 'one\n' }]);
  });

  test('continues with the next operation after one that blocks it has failed', async () => {
    // The state after a crash at a bad moment: the client has the operation, and never finishes it.
    const insert =
      'import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1]); db.execute("insert into message_context (timestamp, secure_id, operation_id, message_type) values (?, ?, ?, ?)", (int(time.time()), "x", int(sys.argv[2]), "execute-script")); db.commit()';
    const [{ id: last }] = (await ended(await world.run({}, [id]))) as [Execution];
    // Each run takes two numbers: one for itself and one for its execution.
    const next = last + 2;
    await promisify(execFile)('python3', ['-c', insert, client.database, String(next)]);
    const [blocking, after] = [await world.run({}, [id]), await world.run({}, [id])];
    expect(await ended(blocking)).toMatchObject([
      { id: next, status: 'FAILED', resultText: expect.stringContaining('requested this script repeatedly') },
    ]);
    expect(await ended(after)).toMatchObject([{ status: 'SUCCEEDED' }]);
  });
});

test('landscape-config reports a wrong key, and exits with 2', async () => {
  const client = await stockClient({ title: 'refused', key: 'wrong' });
  expect(await client.configure()).toBe(2);
});

test('a client and its clones register by themselves, and run each script once, although answers are lost', async () => {
  await world.mutate('updatePreferences', { autoRegisterNewComputers: true });
  const way = await lossyWay(world.app.url);
  const client = await stockClient({ title: 'many', clones: 5, url: way.url });
  await client.start();
  const titles = async () => new Set((await computers('many')).map(({ title }: { title: string }) => title));
  await waitUntil('all have registered', titles, ({ size }) => size === 6);
  // A registration whose answer was lost has left a computer that will never be seen again.
  const seen = () =>
    computers('many').then((all) => all.filter((one: { lastSeenAt: string | null }) => one.lastSeenAt));
  const alive = await waitUntil('all have exchanged', seen, ({ length }) => length >= 6);
  const ids = alive.map(({ databaseId }: { databaseId: number }) => databaseId);
  const runs = [];
  for (let n = 0; n < 5; n += 1) runs.push(await world.run({ code: 'echo one' }, ids));
  for (const run of runs)
    for (const execution of await ended(run))
      expect(execution).toMatchObject({ status: 'SUCCEEDED', resultText: 'one\n' });
  expect(way.lost()).toBeGreaterThan(0);
  await way.close();
});
