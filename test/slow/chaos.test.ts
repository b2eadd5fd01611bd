import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runChaos } from '../reliability/chaos-run.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';
import { SEED } from '../support/seed.ts';

let url: string;
beforeAll(async () => {
  url = await createPostgresql(process.env.TEST_TEMPLATE_DATABASE);
});
afterAll(() => dropPostgresql(url));

// The plan of its first steps makes sure, whatever the seed, that servers are killed and cut
// off, runs overlap, executions are reported and overdue, and the clock is set back: without them it would be a fault.
test('no slot is lost or fired twice by servers that are killed, cut off and edited behind', async () => {
  const outcome = await runChaos({ url, seed: SEED, profiles: 200, replicas: 4, steps: 10 });
  expect({ seed: SEED, faults: outcome.faults }).toEqual({ seed: SEED, faults: [] });
  expect(outcome.slots).toBeGreaterThanOrEqual(2000);
  expect(outcome.runs).toBeGreaterThanOrEqual(150);
}, 600_000);
