import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { mutate as mutateAs } from '../graphql/mutate.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { anotherConnection } from '../support/database.ts';
import { follow } from '../support/following.ts';

// Two servers with one database. Executions are reported through one, and subscribers of the other follow their run.

let one: TestApp;
let other: TestApp;
beforeAll(async () => {
  one = await startApp();
  other = await startApp({ seed: 'none', database: anotherConnection(one.database) });
});
afterAll(async () => {
  await other.close();
  await one.close();
});

const mutate = (name: string, input: object, selection: string) =>
  mutateAs(one, name, input, selection, one.token());
const RUN = `subscription ($id: ID!) { runProgress(activityId: $id) {
  activity { status completionTime counts { undelivered delivered failed succeeded } } } }`;

test('for a burst of five thousand reports, subscribers receive few events, and always the final state', async () => {
  const { prisma } = one.database;
  const [account] = await prisma.account.findMany({ where: { name: 'standalone' } });
  const accountId = Number(account!.id);
  const [group] = await prisma.accessGroup.findMany({ where: { accountId, name: 'server' } });
  const ids = Array.from({ length: 5000 }, (_, index) => 100_000 + index);
  const createdAt = '2025-04-01T00:00:00Z';
  await insertRows(
    prisma,
    'computer',
    accountId,
    ids.map((id) => ({
      id,
      title: `c${id}`,
      hostname: `c${id}`,
      comment: '',
      accessGroupId: Number(group!.id),
      status: 'accepted',
      createdAt,
      acceptedAt: createdAt,
    })),
  );
  await mutate('updateLimits', { maxNumComputers: 10_000 }, 'limits { minInterval }');
  const run = { id: 1, idempotencyKey: 'burst' };
  const { activity } = await mutate('runScriptProfile', run, 'activity { databaseId }');
  const id: number = activity.databaseId;
  const progress = follow(other, 'WebSocket', RUN, { id });
  const beside = follow(other, 'server-sent events', RUN, { id });
  const total = (await progress.next()).runProgress.activity.counts.undelivered;
  expect(total).toBeGreaterThanOrEqual(5000);

  // All executions are taken, and all but the last thousand are reported.
  const late = total - 1000;
  await prisma.$executeRaw`
    update activity a
    set status = case when nth.n > ${late} then 'delivered' else 'succeeded' end,
      delivery_time = creation_time, script_version = 1
    from (select id, row_number() over (order by id) as n from activity
          where account_id = ${accountId} and parent_id = ${id}) nth
    where a.account_id = ${accountId} and a.id = nth.id`;
  await prisma.$executeRaw`
    update activity set status = 'delivered', num_undelivered = 0, num_delivered = 1000, num_succeeded = ${late}
    where account_id = ${accountId} and id = ${id}`;
  const received: { completionTime: string | null; counts: Record<string, number> }[] = [];
  const listening = (async () => {
    while (!received.at(-1)?.completionTime) received.push((await progress.next()).runProgress.activity);
  })();
  const { executions } = createServices(createStore(one.database.prisma));
  const open = await prisma.activity.findMany({ where: { accountId, parentId: id, status: 'delivered' } });
  const reporting = async () => {
    for (let each = open.pop(); each; each = open.pop()) {
      const computer = { accountId, computerId: Number(each.computerId) };
      await executions.report(computer, Number(each.id), { succeeded: true });
    }
  };
  await Promise.all([reporting(), reporting(), reporting(), reporting()]);
  await listening;
  await progress.ended();
  expect(received.at(-1)).toMatchObject({ status: 'SUCCEEDED', counts: { succeeded: total, delivered: 0 } });
  expect(received.length).toBeLessThan(1000);
  // The number must never decrease.
  const succeeded = received.map(({ counts }) => counts.succeeded!);
  expect(succeeded).toEqual(succeeded.toSorted((a, b) => a - b));
  await beside.ended();
}, 600_000);
