import { expect, test } from '@jest/globals';
import type { AgentAnswer, AgentTurn } from '../../src/services/computers/agents.ts';
import { agentCaller } from '../../src/services/computers/agents.ts';
import type { Services } from '../../src/services/index.ts';
import { atOnce, tally, times } from '../services/at-once.ts';
import { ReplicaWorld } from '../support/replicas.ts';
import { insert } from '../support/rows.ts';

// Only on PostgreSQL, like the other races: agents exchange messages through two replicas while people change data. A
// deadlock fails these tests.

const AGENTS = 12;

interface Agent {
  readonly id: number;
  readonly secureId: string;
  sequence: number;
  nextExpected: number;
  /** Number of times that each execution was delivered to it. */
  readonly started: Map<number, number>;
  results: number[];
}
let agents: Agent[];
let runs: number[];

const world = new ReplicaWorld(async ({ database, account, replicas: [services] }) => {
  await insert(database.prisma, 'script', account, [{ id: 1000 }]);
  await insert(database.prisma, 'script_profile', account, [{ id: 1000 }]);
  agents = [];
  runs = [];
  for (const number of times(AGENTS, (index) => index)) {
    const by = { kind: 'person', caller: account.caller } as const;
    const { computer, token } = await services.computers.enrol(by, { hostname: `agent-${number}` });
    const { id } = computer;
    agents.push({ id, secureId: token, sequence: 0, nextExpected: 0, started: new Map(), results: [] });
  }
  await services.computers.accept(
    account.caller,
    agents.map(({ id }) => id),
    {},
  );
});

const fire = async (services: Services) => {
  const key = { idempotencyKey: crypto.randomUUID() };
  runs.push((await services.runs.runNow(world.account.caller, 1000, key)).id);
};

/** One exchange, as a client performs it: delivered scripts run, and are reported in the next exchange. */
async function exchange(services: Services, agent: Agent, reversed = false): Promise<AgentAnswer> {
  const results = reversed ? agent.results.toReversed() : agent.results;
  agent.results = [];
  const turn: AgentTurn = {
    sequence: agent.sequence,
    nextExpected: agent.nextExpected,
    messages: results.map((executionId) => ({
      kind: 'result',
      executionId,
      report: () => ({ succeeded: true, resultText: 'done' }),
    })),
    knownStatus: 'accepted',
    types: { hash: '00', runsScripts: true },
    exchangeToken: null,
    version: null,
  };
  const answer = await services.agents.exchange(agentCaller(agent.secureId)!, turn);
  if (answer.kind !== 'known') return answer;
  agent.sequence = answer.expected;
  agent.nextExpected += answer.executions.length;
  for (const execution of answer.executions) {
    if (!execution) continue;
    agent.started.set(execution.id, (agent.started.get(execution.id) ?? 0) + 1);
    agent.results.push(execution.id);
  }
  return answer;
}

const statuses = async (): Promise<string[]> => {
  const rows = await world.database.prisma.activity.findMany({ where: { parentId: { not: null } } });
  return rows.map(({ status }) => status);
};

test('agents of one run that repeatedly exchange messages concurrently run each script once', async () => {
  for (let n = 0; n < 6; n += 1) await fire(world.replicas[0]);
  for (let round = 0; round < 4; round += 1) {
    const acts = agents.map(
      (agent, index) => (services: Services) => exchange(services, agent, index % 2 === 0),
    );
    expect(tally(await atOnce(world.replicas, [...acts, round < 2 ? fire : async () => {}]))).toEqual({
      done: AGENTS + 1,
    });
  }
  for (const agent of agents) await exchange(world.replicas[0], agent);
  for (const { started } of agents)
    expect([started.size, new Set(started.values())]).toEqual([8, new Set([1])]);
  expect(tally(await statuses())).toEqual({ succeeded: 8 * AGENTS });
});

test('runs that are canceled while agents take and report them have one outcome and correct counters', async () => {
  for (let n = 0; n < 6; n += 1) await fire(world.replicas[0]);
  for (let round = 0; round < 3; round += 1) {
    const canceled = runs[round * 2]!;
    await atOnce(world.replicas, [
      ...agents.map((agent, index) => (services: Services) => exchange(services, agent, index % 2 === 0)),
      (services: Services) => services.executions.cancel(world.account.caller, canceled),
    ]);
  }
  for (const agent of agents) await exchange(world.replicas[1], agent);
  for (const { started } of agents) for (const times of started.values()) expect(times).toBe(1);
  const rows = await world.database.prisma.activity.findMany({ where: { parentId: null } });
  for (const run of rows) {
    expect([run.numUndelivered, run.numDelivered]).toEqual([0, 0]);
    expect(run.numCanceled! + run.numFailed! + run.numSucceeded!).toBe(AGENTS);
  }
});

test('computers that are removed during an exchange leave nothing open', async () => {
  for (let n = 0; n < 4; n += 1) await fire(world.replicas[0]);
  await atOnce(world.replicas, [
    ...agents.map((agent) => (services: Services) => exchange(services, agent)),
    ...agents.map(
      ({ id }) =>
        (services: Services) =>
          services.computers.remove(world.account.caller, id),
    ),
    fire,
  ]);
  expect(tally(await statuses()).delivered ?? 0).toBe(0);
  for (const agent of agents) expect((await exchange(world.replicas[0], agent)).kind).toBe('removed');
});

test('two clients with one secure id are served one after the other, from the same queue', async () => {
  await fire(world.replicas[0]);
  const [agent] = agents as [Agent];
  const clone: Agent = { ...agent, started: new Map(), results: [] };
  await atOnce(world.replicas, [
    (services) => exchange(services, agent),
    (services) => exchange(services, clone),
  ]);
  // A clone looks like a client whose answer was lost, so both receive the execution under the same number.
  expect([[...agent.started.values()], [...clone.started.values()]]).toEqual([[1], [1]]);
  expect([agent.nextExpected, clone.nextExpected]).toEqual([1, 1]);
  await exchange(world.replicas[0], agent);
  await exchange(world.replicas[1], clone);
  expect(tally(await statuses())).toMatchObject({ succeeded: 1 });
});
