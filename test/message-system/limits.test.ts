import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { encode } from '../../src/message-system/bpickle.ts';
import { setMachineClock } from '../support/machine-clock.ts';
import { type AgentsWorld, agentsWorld } from './agents-world.ts';

// Limits on the load of one computer, one address and one body.

const A_MINUTE = 12;
let world: AgentsWorld;
beforeAll(async () => {
  // The test moves the time, so a minute passes only then.
  setMachineClock(Date.now());
  world = await agentsWorld({ environment: { RATE_LIMIT: String(A_MINUTE) } });
});
afterAll(async () => {
  jest.useRealTimers();
  expect(world?.app.faults()).toEqual([]);
  await world?.close();
});

const nextMinute = () => setMachineClock(Date.now() + 60_000);
const post = async (
  path: string,
  headers: Record<string, string> = {},
  body: Uint8Array | string = encode({}),
) => {
  const answer = await fetch(world.app.url + path, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
};
const statuses = async (times: number, headers?: () => Record<string, string>) => {
  const found: number[] = [];
  for (let n = 0; n < times; n += 1) found.push((await post('/message-system', headers?.())).status);
  return found;
};
const all = (times: number, status: number) => Array<number>(times).fill(status);

test('each computer has its own limit, however many others at its address exchange messages', async () => {
  const [first, second] = [world.agent(), world.agent()];
  for (const agent of [first, second]) {
    await agent.configure();
    await agent.exchange();
  }
  const of = (secureId: string) => () => ({ 'x-computer-id': secureId });
  expect(await statuses(A_MINUTE + 1, of(first.secureId!))).toEqual([...all(A_MINUTE, 200), 429]);
  expect(await statuses(A_MINUTE, of(second.secureId!))).toEqual(all(A_MINUTE, 200));
  const refused = await post('/message-system', of(first.secureId!)());
  expect([refused.status, Number(refused.retryAfter) > 0]).toEqual([429, true]);
  nextMinute();
  expect(await statuses(1, of(first.secureId!))).toEqual([200]);
});

test('invented ids and registrations are counted by network', async () => {
  nextMinute();
  let number = 0;
  const madeUp = (): Record<string, string> => {
    number += 1;
    return number % 2 === 0 ? {} : { 'x-computer-id': `computer_1_${number}` };
  };
  expect(await statuses(A_MINUTE + 2, madeUp)).toEqual([...all(A_MINUTE, 200), 429, 429]);
  nextMinute();
});

test('pings that are answered from memory are not limited. Above the limit, all others are answered with no, without a statement', async () => {
  const agent = world.agent();
  await agent.configure();
  await agent.exchange();
  await agent.ping();
  nextMinute();
  for (let n = 0; n < 3 * A_MINUTE; n += 1) expect(await agent.ping()).toBe(false);
  const unknown = async (n: number) => (await post('/ping', {}, `insecure_id=${n}000000001`)).text;
  const answers: string[] = [];
  for (let n = 100; n <= 100 + A_MINUTE; n += 1) answers.push(await unknown(n));
  expect(answers).toEqual([...Array(A_MINUTE).fill('du8:messagesb1;'), 'du8:messagesb0;']);
  expect(await world.app.statements(() => unknown(200))).toBe(0);
  nextMinute();
});

describe('a body', () => {
  const MIB = 1024 * 1024;
  const large = (bytes: number) => encode({ messages: [], padding: Buffer.alloc(bytes) });

  test('of a client without a computer may have 1 MiB', async () => {
    expect((await post('/message-system', {}, large(MIB / 2))).status).toBe(200);
    for (const headers of [{}, { 'x-computer-id': 'computer_1_none' }] as Record<string, string>[])
      expect((await post('/message-system', headers, large(MIB))).status).toBe(413);
  });

  test('of a computer may have 64 MiB, also in the first request after a restart', async () => {
    nextMinute();
    const agent = world.agent();
    await agent.configure();
    // The server has not seen this secure id in an exchange.
    const headers = { 'x-computer-id': agent.secureId! };
    expect((await post('/message-system', headers, large(8 * MIB))).status).toBe(200);
    expect((await post('/message-system', headers, large(64 * MIB))).status).toBe(413);
  });

  test('that is truncated is refused, with no further effect', async () => {
    nextMinute();
    const cut = encode({ messages: [{ type: 'register' }] });
    expect((await post('/message-system', {}, cut.subarray(0, -1))).status).toBe(400);
  });

  test('of a ping may have 1 KiB', async () => {
    expect((await post('/ping', {}, 'x'.repeat(1025))).status).toBe(413);
  });
});
