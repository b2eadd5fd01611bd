import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

test('/metrics has the pool, the statements that used it, and the sessions that wait in the database', async () => {
  await app.graphql('{ limits { minInterval } }');
  const sample = async (name: string) => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length));
  };
  expect(await sample('gateway_pool_connections_max')).toBe(10);
  expect(
    await sample('gateway_statement_duration_seconds_count{kind="select",outcome="ok"}'),
  ).toBeGreaterThan(0);
  expect(await sample('gateway_database_up')).toBe(1);
  expect(await sample('gateway_due_profiles')).toBeGreaterThan(0);
});
