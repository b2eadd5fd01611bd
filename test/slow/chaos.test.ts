import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runChaos } from '../reliability/chaos-run.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';
import { SEED } from '../support/seed.ts';

let url: string;
beforeAll(async () => {
  url = await createPostgresql(process.env.TEST_TEMPLATE_DATABASE);
});
afterAll(() => dropPostgresql(url));

// The plan of the first steps ensures, with any seed, that servers are killed and cut off, and that runs overlap. It
// also ensures that executions are reported and overdue, and that the clock is set back. The run fails without any of
// these.
test('if servers are killed, cut off and given edits, no slot is lost or fired twice', async () => {
  const outcome = await runChaos({ url, seed: SEED, profiles: 200, replicas: 4, steps: 10 });
  expect({ seed: SEED, faults: outcome.faults }).toEqual({ seed: SEED, faults: [] });
  expect(outcome.slots).toBeGreaterThanOrEqual(2000);
  expect(outcome.runs).toBeGreaterThanOrEqual(150);
}, 600_000);
