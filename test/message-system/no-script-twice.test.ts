import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SimulatedAgent, Transport } from '../../tools/simulated-agent.ts';
import { mortal } from '../support/crash.ts';
import { thorough } from '../support/seed.ts';
import { type AgentsWorld, agentsWorld, computerIdOf, type Execution } from './agents-world.ts';

// Whatever is lost in either direction, and in any order of events: each script runs at most once, and the server knows
// the outcome.

let world: AgentsWorld;
let profileId: number;
let server: ReturnType<typeof mortal>;
beforeAll(async () => {
  world = await agentsWorld({
    through: async (fresh) => {
      server = mortal(fresh.prisma);
      return { ...fresh, prisma: server.prisma, close: async () => {} };
    },
  });
  const { script } = await world.mutate(
    'createScript',
    { title: 'any', code: 'true', interpreter: '/bin/sh' },
    'script { databaseId }',
  );
  const profile = {
    title: 'any',
    scriptId: script.databaseId,
    username: 'root',
    timeLimit: 60,
    allComputers: true,
    trigger: { oneTime: { timestamp: '2099-01-01T00:00:00Z' } },
  };
  const saved = await world.mutate('createScriptProfile', profile, 'scriptProfile { databaseId }');
  profileId = saved.scriptProfile.databaseId;
});
afterAll(async () => {
  const faults = world?.app.faults() ?? [];
  expect(faults.filter((fault) => !fault.includes('It broke off.'))).toEqual([]);
  // Otherwise the test would prove nothing.
  expect(faults.length).toBeGreaterThan(0);
  await world?.close();
});

const steps = [
  'run',
  'run',
  'exchange',
  'exchange',
  'lose the request',
  'lose the answer',
  'die between two statements',
  'end a script',
  'end all scripts',
  'cancel',
  'say something',
  'stop the manager',
  'start the manager',
] as const;
type Step = (typeof steps)[number];

/** Maximum number of statements of an exchange. */
const MOST_STATEMENTS = 12;
let deaths = 0;
let runs = 0;
async function run(agent: SimulatedAgent): Promise<number> {
  runs += 1;
  const input = { id: profileId, computerIds: [computerIdOf(agent)], idempotencyKey: `run ${runs}` };
  const { activity } = await world.mutate('runScriptProfile', input, 'activity { databaseId }');
  return activity.databaseId;
}

async function story(plan: readonly Step[]): Promise<void> {
  let loses: 'request' | 'answer' | undefined;
  const send: Transport = async (request) => {
    if (loses === 'request') return undefined;
    const answer = await world.send(request);
    return loses === 'answer' ? undefined : answer;
  };
  const running: number[] = [];
  const agent = await world.acceptedAgent({
    send,
    run: ({ operationId }) => {
      running.push(operationId);
      return undefined;
    },
  });
  const made: number[] = [];
  const canceled = new Set<number>();
  const end = (operations: readonly number[]) => {
    for (const operation of operations) agent.report(operation, { succeeded: true, text: String(operation) });
  };
  const losing = async (what: typeof loses) => {
    loses = what;
    await agent.exchange();
    loses = undefined;
  };
  const acts: Record<Step, () => unknown> = {
    run: async () => made.push(await run(agent)),
    exchange: () => agent.exchange(),
    async 'die between two statements'() {
      server.diesAfter(deaths % MOST_STATEMENTS);
      deaths += 1;
      await agent.exchange();
      server.revive();
    },
    'lose the request': () => losing('request'),
    'lose the answer': () => losing('answer'),
    'end a script': () => end(running.splice(0, 1)),
    'end all scripts': () => end(running.splice(0)),
    async cancel() {
      const last = made.at(-1);
      if (last === undefined) return;
      canceled.add(last);
      await world.mutate('cancelActivity', { id: last });
    },
    'say something': () => agent.say({ type: 'computer-tags', tags: 'web' }),
    'stop the manager': () => {
      agent.runsScripts = false;
    },
    'start the manager': () => {
      agent.runsScripts = true;
    },
  };
  for (const step of plan) await acts[step]();

  // From now on nothing is lost, and all scripts end.
  agent.runsScripts = true;
  for (let n = 0; n < 3 + made.length / 5; n += 1) {
    await agent.exchange();
    end(running.splice(0));
  }
  await agent.exchange();

  expect(agent.waiting).toEqual([]);
  expect([...agent.started.values()].every((times) => times === 1)).toBe(true);
  for (const runId of made) {
    const [execution] = (await world.executions(runId)) as [Execution];
    const started = agent.started.has(execution.id);
    const { status } = execution;
    if (started) expect([status, execution.resultText]).toEqual(['SUCCEEDED', String(execution.id)]);
    // Only a cancellation, or a message that was requested more than three times, prevents a script from running.
    else if (status === 'FAILED')
      expect(execution.resultText).toMatch(/asked for this script again and again/);
    else expect([status, canceled.has(runId)]).toEqual(['CANCELED', true]);
  }
  await world.mutate('removeComputer', { id: computerIdOf(agent) });
}

test('no script runs twice, none is lost, and no client keeps undelivered messages, whatever is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 40 }), story),
    { numRuns: thorough(40) },
  );
});

test('also for a client that loses every other answer', async () => {
  await story([
    'run',
    'run',
    'lose the answer',
    'exchange',
    'lose the answer',
    'end all scripts',
    'lose the answer',
  ]);
});
