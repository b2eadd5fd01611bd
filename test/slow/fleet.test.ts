import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GraphClient } from '../../src/commands/graph-client.ts';
import { SimulatedFleet } from '../../tools/simulated-fleet.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { isOnPostgresql } from '../support/database.ts';
import { SEED } from '../support/seed.ts';

// About two thousand sequential requests. On the embedded database, which has no large fleets, a quarter of them.
jest.setTimeout(600_000);

const COMPUTERS = isOnPostgresql() ? 200 : 50;
const RUNS = 3;
const MOST_ROUNDS = 30;

const now = () => new Date().toISOString().replace('Z', '000Z');

let app: TestApp;
beforeEach(async () => {
  app = await startApp({ environment: { SCHEDULER: 'off' }, now });
});
afterEach(() => app.close());

test.each(['graph', 'message-system'])(
  `if connections break, ${COMPUTERS} computers still run and report each execution of three runs once: over %s`,
  async (protocol) => {
    const client = new GraphClient(app.url);
    const token = app.token();
    const fleet = new SimulatedFleet({
      client,
      token,
      computers: COMPUTERS,
      failureRate: 0.1,
      breakRate: 0.05,
      seed: SEED,
      name: protocol,
      messageSystem: protocol === 'message-system' ? app.url : undefined,
    });
    // Otherwise, the documented profile would run on each accepted computer.
    const { scriptProfiles } = await client.ask(token, '{ scriptProfiles { nodes { id } } }');
    for (const { id } of scriptProfiles.nodes) await client.mutate(token, 'archiveScriptProfile', { id });
    await fleet.enrol();
    const profile = await client.mutate(
      token,
      'createScriptProfile',
      {
        title: 'For the fleet',
        scriptId: '35',
        username: 'root',
        timeLimit: 60,
        tags: ['server', 'laptop'],
        trigger: { oneTime: { timestamp: '2999-01-01T00:00:00Z' } },
      },
      'scriptProfile { id }',
    );
    const ids: string[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const input = { id: profile.scriptProfile.id, idempotencyKey: `run ${run}` };
      const { activity } = await client.mutate(token, 'runScriptProfile', input, 'activity { id }');
      ids.push(activity.id);
    }
    let rounds = 0;
    while (rounds < MOST_ROUNDS && (await fleet.round()) > 0) rounds += 1;

    const { counts } = fleet;
    expect(fleet.ranTwice()).toBe(0);
    expect(rounds).toBeLessThan(MOST_ROUNDS);
    expect(counts).toMatchObject({
      enrolled: COMPUTERS,
      taken: COMPUTERS * RUNS,
      reported: COMPUTERS * RUNS,
      inFlight: 0,
    });
    // Otherwise, the test would prove nothing.
    expect(counts.broken).toBeGreaterThan(0);
    expect(counts.failed).toBeGreaterThan(0);

    const { nodes } = await client.ask(
      token,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Activity { status counts { undelivered delivered canceled failed succeeded } } } }',
      { ids },
    );
    const failed = nodes.map((run: { counts: { failed: number } }) => run.counts.failed);
    expect(failed.reduce((sum: number, number: number) => sum + number, 0)).toBe(counts.failed);
    for (const [index, run] of nodes.entries()) {
      expect(run).toEqual({
        status: failed[index] > 0 ? 'FAILED' : 'SUCCEEDED',
        counts: {
          undelivered: 0,
          delivered: 0,
          canceled: 0,
          failed: failed[index],
          succeeded: COMPUTERS - failed[index],
        },
      });
    }
  },
);
