import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chaos } from '../chaos/chaos.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';

const SEED = 20_280_229;

let url: string;
beforeAll(async () => {
  url = await createPostgresql(process.env.TEST_TEMPLATE_DATABASE);
});
afterAll(() => dropPostgresql(url));

test('no slot is lost or fired twice by servers that are killed, cut off and edited behind', async () => {
  const outcome = await chaos({ url, seed: SEED, profiles: 200, replicas: 4, steps: 10 });
  expect({ seed: SEED, faults: outcome.faults }).toEqual({ seed: SEED, faults: [] });
  // Or it would have proved nothing.
  expect(outcome.slots).toBeGreaterThanOrEqual(2000);
  expect(outcome.runs).toBeGreaterThanOrEqual(150);
  expect(outcome.kills).toBeGreaterThan(0);
  expect(outcome.cuts).toBeGreaterThan(0);
  expect(outcome.setBacks).toBeGreaterThan(0);
  expect(outcome.reports).toBeGreaterThan(0);
  expect(outcome.overdue).toBeGreaterThan(0);
  expect(outcome.overlaps).toBeGreaterThan(0);
}, 300_000);
