import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AgentsWorld, agentsWorld, computerIdOf } from '../message-system/agents-world.ts';

let world: AgentsWorld;
beforeAll(async () => {
  world = await agentsWorld();
});
afterAll(async () => {
  expect(world?.app.faults()).toEqual([]);
  await world?.close();
});

test('a hundred results of 40 MB arrive in one exchange', async () => {
  const agent = await world.acceptedAgent();
  const runs: number[] = [];
  for (let n = 0; n < 100; n += 1) runs.push(await world.run({}, [computerIdOf(agent)]));
  // Through the graph, a computer may take more than ten executions at once.
  const taken = await world.app.graphql(
    'mutation { takeExecutions(input: { first: 100 }) { executions { environment { activityId } } } }',
    {},
    agent.secureId,
  );
  const { executions } = taken.data.takeExecutions;
  expect(executions).toHaveLength(100);
  const text = '😀'.repeat(100_000);
  for (const { environment } of executions) agent.report(environment.activityId, { succeeded: true, text });
  expect(await agent.exchange()).toBe(true);
  expect(agent.waiting).toHaveLength(0);
  const [last] = await world.executions(runs.at(-1)!);
  expect([last!.status, last!.resultText === text]).toEqual(['SUCCEEDED', true]);
});
