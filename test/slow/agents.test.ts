import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dropDatabases } from '../bench/bench-world.ts';
import { wave } from '../bench/wave.ts';
import { runAgentsChaos } from '../reliability/agents-chaos.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';
import { SEED } from '../support/seed.ts';

let url: string;
beforeAll(async () => {
  url = await createPostgresql(process.env.TEST_TEMPLATE_DATABASE);
});
afterAll(async () => {
  await dropPostgresql(url);
  await dropDatabases();
});

test('if servers are killed, messages are lost and a backup is restored, agents run each script once and continue to work', async () => {
  const outcome = await runAgentsChaos({ url, seed: SEED, agents: 20, replicas: 2, milliseconds: 30_000 });
  expect({ seed: SEED, faults: outcome.faults }).toEqual({ seed: SEED, faults: [] });
}, 600_000);

test('if many agents of two replicas wake at the same time, each script is delivered once and reported once', async () => {
  expect(await wave({ agents: 200, replicas: 2, milliseconds: 3000 })).toMatchObject({
    delivered: 200,
    reported: 200,
    exchanges: 400,
  });
}, 600_000);
