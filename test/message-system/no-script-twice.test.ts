import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMinutes } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import type { SimulatedAgent, Transport } from '../../tools/simulated-agent.ts';
import { mortal } from '../support/crash.ts';
import { thorough } from '../support/seed.ts';
import { type AgentsWorld, agentsWorld, computerIdOf, type Execution } from './agents-world.ts';
import { type Backup, backUp, restore } from './backup.ts';

// Requests and answers are lost, events happen in any order, and backups are restored. Each script still runs at most
// once, and the server knows its result.

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
  'cancel the first',
  'cancel the last',
  'back up',
  'restore',
  'say something',
  'stop the manager',
  'start the manager',
] as const;
type Step = (typeof steps)[number];

/** Maximum number of statements of an exchange. */
const MAX_STATEMENTS = 12;
let deaths = 0;
let runs = 0;
async function run(agent: SimulatedAgent): Promise<number> {
  runs += 1;
  const input = { id: profileId, computerIds: [computerIdOf(agent)], idempotencyKey: `run ${runs}` };
  const { activity } = await world.mutate('runScriptProfile', input, 'activity { databaseId }');
  return activity.databaseId;
}

/** Fails overdue executions, so that other scripts can be delivered. */
async function failOverdue(): Promise<void> {
  world.time.now = addMinutes(world.time.now, 1440);
  const { executions } = createServices(createStore(world.app.database.prisma, async () => world.time.now));
  for (const each of await executions.overdue(1000, [])) await executions.failOverdue(each);
}

const FINAL = ['SUCCEEDED', 'FAILED', 'CANCELED'];

async function story(plan: readonly Step[]): Promise<void> {
  const { prisma } = world.app.database;
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
  const computerId = computerIdOf(agent);
  let made: number[] = [];
  let backup: Backup | undefined;
  /** Runs that had not ended in the restored backup, and that the agent may have received later. */
  const inDoubt = new Set<number>();
  /** Executions of these runs that the agent reported to the lost database. */
  const forgotten = new Set<number>();
  const canceled = new Set<number>();
  const end = (operations: readonly number[]) => {
    for (const operation of operations) agent.report(operation, { succeeded: true, text: String(operation) });
  };
  const losing = async (what: typeof loses) => {
    loses = what;
    await agent.exchange();
    loses = undefined;
  };
  const cancel = async (run: number | undefined) => {
    if (run === undefined) return;
    canceled.add(run);
    await world.mutate('cancelActivity', { id: run });
  };
  const acts: Record<Step, () => unknown> = {
    run: async () => made.push(await run(agent)),
    exchange: () => agent.exchange(),
    async 'die between two statements'() {
      server.diesAfter(deaths % MAX_STATEMENTS);
      deaths += 1;
      await agent.exchange();
      server.revive();
    },
    'lose the request': () => losing('request'),
    'lose the answer': () => losing('answer'),
    'end a script': () => end(running.splice(0, 1)),
    'end all scripts': () => end(running.splice(0)),
    'cancel the first': () => cancel(made[0]),
    'cancel the last': () => cancel(made.at(-1)),
    async 'back up'() {
      backup = await backUp(prisma, computerId, made);
    },
    async restore() {
      if (!backup) return;
      await restore(prisma, backup, computerId, made);
      made = [...backup.runs];
      const held = [...running, ...agent.waiting.map((message) => message['operation-id'])];
      for (const run of made) {
        const [{ id, status }] = (await world.executions(run)) as [Execution];
        if (FINAL.includes(status)) continue;
        inDoubt.add(run);
        if (agent.started.has(id) && !held.includes(id)) forgotten.add(run);
      }
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
  await agent.exchange();
  await failOverdue();
  const last = await run(agent);
  made.push(last);
  for (let n = 0; n < 4 + made.length / 5; n += 1) {
    await agent.exchange();
    end(running.splice(0));
  }
  await agent.exchange();

  expect(agent.waiting).toEqual([]);
  expect([...agent.started.values()].every((times) => times === 1)).toBe(true);
  for (const runId of made) {
    const [execution] = (await world.executions(runId)) as [Execution];
    const started = agent.started.has(execution.id);
    const { status, resultText } = execution;
    // If a waiting execution of the backup is canceled, it stays canceled even if the client reports a result.
    const isForgotten = forgotten.has(runId) || (inDoubt.has(runId) && canceled.has(runId));
    if (started && !isForgotten) expect([status, resultText]).toEqual(['SUCCEEDED', String(execution.id)]);
    else if (started) expect(FINAL).toContain(status);
    // No other reason prevents a script from running.
    else if (status === 'FAILED')
      expect(resultText).toMatch(inDoubt.has(runId) ? MAY_HAVE_RUN : /requested this script repeatedly/);
    else expect([status, canceled.has(runId)]).toEqual(['CANCELED', true]);
  }
  expect(agent.started.size).toBeGreaterThan(0);
  await world.mutate('removeComputer', { id: computerId });
}

/** Result texts of a script that was delivered before the backup, or that may have been delivered after it. */
const MAY_HAVE_RUN = /It may have run this script|did not report|requested this script repeatedly/;

test('if requests and answers are lost, no script runs twice, none is lost, and no client keeps messages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 40 }), story),
    { numRuns: thorough(40) },
  );
});

test('if a client loses every other answer, no script runs twice and none is lost', async () => {
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

test.each<[string, Step[]]>([
  [
    'new scripts are delivered, although the client has received messages that the server does not know',
    ['back up', 'run', 'exchange', 'end all scripts', 'exchange', 'exchange', 'restore', 'run', 'run'],
  ],
  [
    'a script that waited in the backup and was delivered after it does not run again',
    ['run', 'back up', 'exchange', 'end all scripts', 'exchange', 'exchange', 'restore', 'run'],
  ],
  [
    'a script that was delivered after the backup is reported',
    ['run', 'back up', 'exchange', 'restore', 'end all scripts'],
  ],
  [
    'a script that got the message number of a canceled script does not run again',
    ['run', 'lose the answer', 'run', 'back up', 'cancel the first', 'exchange', 'restore'],
  ],
  [
    'a script that waited behind another one does not run again if that one was canceled after the backup',
    ['run', 'run', 'back up', 'cancel the first', 'exchange', 'end all scripts', 'exchange', 'restore'],
  ],
])('after a backup is restored, %s', (_what, plan) => story(plan));
