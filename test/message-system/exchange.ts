import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/time.ts';
import type { SimulatedAgent, Transport } from '../../tools/simulated-agent.ts';
import { waitUntil } from '../support/waiting.ts';
import { type AgentsWorld, computerIdOf, type Execution, sharedAgentsWorld } from './agents-world.ts';

// Exchanges between a client and the server one after the other, and the outcome of scripts if answers are lost.
export function exchanges() {
  let world: AgentsWorld;
  beforeAll(async () => {
    world = await sharedAgentsWorld();
  });
  afterAll(() => expect(world?.app.faults()).toEqual([]));

  /** An agent whose answers can be lost after the server has done its work. */
  async function unreliable(options: Parameters<AgentsWorld['acceptedAgent']>[0] = {}) {
    const line = { losesAnswers: false };
    const send: Transport = async (request) => {
      const answer = await world.send(request);
      return line.losesAnswers ? undefined : answer;
    };
    const agent = await world.acceptedAgent({ send, ...options });
    return { agent, line };
  }
  const runOn = (agent: SimulatedAgent) => world.run({}, [computerIdOf(agent)]);
  const statusOf = async (runId: number) => (await world.executions(runId)).map(({ status }) => status);
  const metric = async (name: string, label: string) => {
    const text = await (await fetch(`${world.app.url}/metrics`)).text();
    return Number(new RegExp(`^${name}\\{[^}]*"${label}"[^}]*\\} (\\d+)`, 'm').exec(text)?.[1]);
  };
  /** A change is published shortly after its answer. */
  const pingSaysYes = (agent: SimulatedAgent) => waitUntil('a ping says yes', () => agent.ping());
  const pingCostsNothing = (agent: SimulatedAgent) =>
    waitUntil(
      'a ping costs no statement',
      () => world.app.statements(() => agent.ping()),
      (statements) => statements === 0,
    );
  const exchangeTimes = async (agent: SimulatedAgent, times: number) => {
    for (let n = 0; n < times; n += 1) await agent.exchange();
  };

  describe('a script', () => {
    test('is delivered once, and its result counts', async () => {
      const agent = await world.acceptedAgent();
      const run = await runOn(agent);
      await agent.exchange();
      expect(await statusOf(run)).toEqual(['DELIVERED']);
      await exchangeTimes(agent, 3);
      expect([...agent.started.values()]).toEqual([1]);
      expect(await world.executions(run)).toMatchObject([{ status: 'SUCCEEDED', resultText: 'done' }]);
    });

    test('whose answer was lost is sent again under the same number, and runs once', async () => {
      const { agent, line } = await unreliable();
      const run = await runOn(agent);
      line.losesAnswers = true;
      await exchangeTimes(agent, 2);
      const before = agent.nextExpected;
      line.losesAnswers = false;
      await agent.exchange();
      expect([agent.nextExpected - before, [...agent.started.values()]]).toEqual([1, [1]]);
      await agent.exchange();
      expect(await statusOf(run)).toEqual(['SUCCEEDED']);
    });

    test('whose result’s acknowledgement was lost is reported once, because the repeat changes nothing', async () => {
      const { agent, line } = await unreliable();
      const run = await runOn(agent);
      await agent.exchange();
      line.losesAnswers = true;
      await agent.exchange();
      expect(agent.waiting).toHaveLength(1);
      line.losesAnswers = false;
      await agent.exchange();
      expect(agent.waiting).toHaveLength(0);
      expect([await statusOf(run), [...agent.started.values()]]).toEqual([['SUCCEEDED'], [1]]);
    });

    test('is delivered only after the client has announced that it accepts scripts', async () => {
      const agent = world.agent();
      agent.runsScripts = false;
      await agent.configure();
      await agent.exchange();
      await world.accept(agent);
      const run = await runOn(agent);
      await exchangeTimes(agent, 3);
      expect(await statusOf(run)).toEqual(['UNDELIVERED']);
      agent.runsScripts = true;
      await exchangeTimes(agent, 2);
      expect(await statusOf(run)).toEqual(['SUCCEEDED']);
    });

    test('that is late is not delivered, and does not delay those in time, however many are late', async () => {
      const agent = await world.acceptedAgent();
      const within = (deliverWithin: number) => world.run({ deliverWithin }, [computerIdOf(agent)]);
      const late = [];
      for (let number = 0; number < 11; number += 1) late.push(await within(60));
      const inTime = await within(120);
      world.time.now = addMinutes(world.time.now, 1);
      await exchangeTimes(agent, 2);
      expect(await statusOf(inTime)).toEqual(['SUCCEEDED']);
      expect((await Promise.all(late.map(statusOf))).flat()).toEqual(Array(11).fill('UNDELIVERED'));
      expect(agent.started.size).toBe(1);
      // No scheduler runs on this server that would cancel them.
      await world.mutate('cancelActivities', { query: 'status:undelivered type:ActivityGroup' });
    });

    test('that blocks the client’s queue is replaced after three repeats, and fails with the reason', async () => {
      const agent = await world.acceptedAgent();
      const [blocking, next] = [await runOn(agent), await runOn(agent)];
      const [{ id }] = (await world.executions(blocking)) as [Execution];
      agent.blockedBy.add(id);
      await exchangeTimes(agent, 4);
      expect(await statusOf(blocking)).toEqual(['DELIVERED']);
      await agent.exchange();
      expect(await world.executions(blocking)).toMatchObject([
        {
          status: 'FAILED',
          resultText: 'The computer requested this script repeatedly, but could not start it.',
        },
      ]);
      await agent.exchange();
      expect([await statusOf(next), agent.started.has(id)]).toEqual([['SUCCEEDED'], false]);
    });

    test('whose answer is lost many times in a row does not count as blocking', async () => {
      const { agent, line } = await unreliable();
      const run = await runOn(agent);
      line.losesAnswers = true;
      await exchangeTimes(agent, 20);
      line.losesAnswers = false;
      await exchangeTimes(agent, 2);
      expect([await statusOf(run), [...agent.started.values()]]).toEqual([['SUCCEEDED'], [1]]);
    });

    test('that is canceled before the client has confirmed it is not sent again, but the following ones are', async () => {
      const { agent, line } = await unreliable();
      const [canceled, next] = [await runOn(agent), await runOn(agent)];
      line.losesAnswers = true;
      await agent.exchange();
      await world.mutate('cancelActivity', { id: canceled });
      line.losesAnswers = false;
      await exchangeTimes(agent, 2);
      expect([await statusOf(canceled), await statusOf(next)]).toEqual([['CANCELED'], ['SUCCEEDED']]);
      expect(agent.started.size).toBe(1);
    });

    test('that is canceled while it runs keeps the result that arrives late', async () => {
      const agent = await world.acceptedAgent({ run: () => undefined });
      const run = await runOn(agent);
      await agent.exchange();
      await world.mutate('cancelActivity', { id: run });
      const [operation] = agent.started.keys();
      agent.report(operation!, { succeeded: false, code: 103, text: 'late' });
      await agent.exchange();
      expect(await world.executions(run)).toMatchObject([
        { status: 'FAILED', resultCode: 103, resultText: 'late' },
      ]);
    });

    test('of many that wait is sent only while fewer than ten run, because a client starts all at once', async () => {
      const running: number[] = [];
      const agent = await world.acceptedAgent({
        run: ({ operationId }) => {
          running.push(operationId);
          return undefined;
        },
      });
      for (let n = 0; n < 23; n += 1) await runOn(agent);
      await exchangeTimes(agent, 2);
      expect(running).toHaveLength(10);
      for (const operation of running.splice(0, 4)) agent.report(operation, { succeeded: true });
      await agent.exchange();
      expect(running).toHaveLength(10);
      while (running.length > 0) {
        for (const operation of running.splice(0)) agent.report(operation, { succeeded: true });
        await agent.exchange();
      }
      expect([agent.started.size, new Set(agent.started.values())]).toEqual([23, new Set([1])]);
    });
  });

  describe('an invalid message', () => {
    test('is skipped and counted, and the exchange continues with the others', async () => {
      const agent = await world.acceptedAgent();
      const other = await world.acceptedAgent({ run: () => undefined });
      const foreign = await runOn(other);
      await other.exchange();
      const [{ id }] = (await world.executions(foreign)) as [Execution];
      const run = await runOn(agent);
      await agent.exchange();
      const before = await metric('gateway_agent_messages_total', 'skipped');
      agent.report(id, { succeeded: true });
      agent.report(999_999_999, { succeeded: true });
      agent.say({ type: 'operation-result' });
      agent.say({ type: 'operation-result', 'operation-id': Buffer.from('1'), status: 6 });
      agent.say({ type: 'operation-result', 'operation-id': 2n ** 60n, status: 6 });
      agent.say({ type: 'operation-result', 'operation-id': id, status: 7 });
      agent.say({ nothing: true });
      agent.say({ type: 'computer-info', 'total-memory': 'much' });
      const [own] = agent.started.keys();
      agent.report(own!, { succeeded: true });
      expect(await agent.exchange()).toBe(true);
      expect(agent.waiting).toHaveLength(0);
      expect([await statusOf(run), await statusOf(foreign)]).toEqual([['SUCCEEDED'], ['DELIVERED']]);
      expect((await metric('gateway_agent_messages_total', 'skipped')) - before).toBe(8);
    });

    test('must not have an unknown result code', async () => {
      const agent = await world.acceptedAgent({ run: () => ({ succeeded: false, code: 42, text: 'a\0b' }) });
      const run = await runOn(agent);
      await exchangeTimes(agent, 2);
      expect(await world.executions(run)).toMatchObject([
        { status: 'FAILED', resultCode: null, resultText: 'a\uFFFDb' },
      ]);
    });
  });

  describe('wrong message numbers', () => {
    test('of a client that is ahead are answered with the expected number, and its messages are not accepted', async () => {
      const agent = await world.acceptedAgent();
      const expected = agent.sequence;
      agent.sequence += 5;
      const run = await runOn(agent);
      await agent.exchange();
      expect(agent.sequence).toBe(expected);
      await agent.exchange();
      expect(await statusOf(run)).toEqual(['SUCCEEDED']);
    });

    test('of a client that is behind lead to known messages, which are skipped', async () => {
      const agent = await world.acceptedAgent({ run: () => undefined });
      const run = await runOn(agent);
      await agent.exchange();
      const [operation] = agent.started.keys();
      agent.say({ type: 'computer-tags', tags: null });
      await agent.exchange();
      const { sequence } = agent;
      agent.sequence -= 1;
      agent.say({ type: 'computer-tags', tags: null });
      agent.report(operation!, { succeeded: true });
      await agent.exchange();
      expect([agent.sequence, await statusOf(run)]).toEqual([sequence + 1, ['SUCCEEDED']]);
    });

    test('of a client with messages from before a restore: scripts that it may have run do not run again', async () => {
      const agent = await world.acceptedAgent({ run: () => undefined });
      const [first, second, third] = [await runOn(agent), await runOn(agent), await runOn(agent)];
      // The client had two messages that this database does not contain.
      agent.nextExpected += 2;
      await agent.exchange();
      expect(agent.started.size).toBe(1);
      const [operation] = agent.started.keys();
      expect(await world.executions(third)).toMatchObject([{ id: operation, status: 'DELIVERED' }]);
      const [maybe] = await world.executions(first);
      expect(await world.executions(second)).toMatchObject([
        { status: 'FAILED', resultText: expect.stringContaining('It may have run this script.') },
      ]);
      // A result that it still has is accepted.
      agent.report(maybe!.id, { succeeded: true });
      await agent.exchange();
      expect(await statusOf(first)).toEqual(['SUCCEEDED']);
    });
  });

  test('an exchange token that differs from the last one is counted, because a clone or a restored database has it', async () => {
    const agent = await world.acceptedAgent();
    const clone = world.agent();
    Object.assign(clone, { secureId: agent.secureId, token: 'x', sequence: agent.sequence });
    const before = await metric('gateway_agent_messages_total', 'wrong_token');
    await clone.exchange();
    expect((await metric('gateway_agent_messages_total', 'wrong_token')) - before).toBe(1);
    await agent.exchange();
    expect((await metric('gateway_agent_messages_total', 'wrong_token')) - before).toBe(2);
  });

  test('an exchange without messages in either direction takes one statement', async () => {
    const agent = await world.acceptedAgent();
    await agent.exchange();
    expect(await world.app.statements(() => agent.exchange())).toBe(1);
    expect(await world.app.statements(() => agent.exchange())).toBe(1);
  });

  describe('a computer that is removed', () => {
    test('receives no messages for a day, and then the answer that it is unknown, and registers again by itself', async () => {
      const agent = await world.acceptedAgent();
      const { secureId } = agent;
      await world.mutate('removeComputer', { id: computerIdOf(agent) });
      expect(await agent.ping()).toBe(false);
      world.time.now = addMinutes(world.time.now, 1439);
      await agent.exchange();
      expect(agent.secureId).toBe(secureId);
      world.time.now = addMinutes(world.time.now, 1);
      await agent.exchange();
      expect([agent.secureId, agent.accepts, agent.waiting.length]).toEqual([undefined, ['register'], 1]);
      await agent.exchange();
      expect(agent.secureId).not.toBe(secureId);
      const { computers } = await world.ask(
        '{ computers(filter: { status: PENDING }) { nodes { databaseId } } }',
      );
      expect(computers.nodes).toContainEqual({ databaseId: computerIdOf(agent) });
    });

    test('while it is pending gets the same answers', async () => {
      const agent = world.agent();
      await agent.configure();
      await world.mutate('rejectComputers', { ids: [computerIdOf(agent)] });
      const { secureId } = agent;
      await agent.exchange();
      expect(agent.secureId).toBe(secureId);
    });
  });

  describe('a ping', () => {
    test('takes no statement while nothing has changed, and is answered with yes once a script waits', async () => {
      const agent = await world.acceptedAgent();
      await pingCostsNothing(agent);
      expect(await agent.ping()).toBe(false);
      await runOn(agent);
      await pingSaysYes(agent);
      // The script is delivered, and then confirmed with its result.
      await exchangeTimes(agent, 2);
      expect(await agent.ping()).toBe(false);
      await pingCostsNothing(agent);
    });

    test('is answered with yes until a delivered script is confirmed, because its answer may be lost', async () => {
      const { agent, line } = await unreliable();
      await runOn(agent);
      line.losesAnswers = true;
      await agent.exchange();
      line.losesAnswers = false;
      await pingSaysYes(agent);
    });

    test('of a pending computer is answered with yes once it is accepted', async () => {
      const agent = world.agent();
      await agent.configure();
      await agent.exchange();
      expect(await agent.ping()).toBe(false);
      await world.accept(agent);
      await pingSaysYes(agent);
    });

    test.each(['', '1', '99000000001', 'x'.repeat(30), '1'.repeat(30)])(
      'with the unknown id %j is answered with yes, because its client learns the reason in the exchange',
      async (id) => {
        const agent = world.agent();
        agent.insecureId = id;
        expect(await agent.ping()).toBe(true);
      },
    );
  });
}
