import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import { scheduledRuns } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, refusal } from './mutate.ts';

// A script that is run by itself, without a profile.
export function scriptRuns(): void {
  let app: TestApp;
  let account: TestAccount;
  let services: Services;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
    services = createServices(createStore(app.database.prisma, async () => now));
  });

  const SCRIPT = 1000;
  const ARCHIVED = 1001;
  const FLEET = [2001, 2002, 2003];
  const PENDING = 2004;
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    const { prisma } = app.database;
    account = await anAccount(prisma);
    await insert(prisma, 'script', account, [{ id: SCRIPT, username: 'ubuntu', timeLimit: 77 }]);
    await insert(prisma, 'script', account, [{ id: ARCHIVED, status: 'ARCHIVED' }]);
    await insert(prisma, 'computer', account, [
      ...FLEET.map((id) => ({ id })),
      { id: PENDING, status: 'pending', acceptedAt: null },
    ]);
  });

  const ACTIVITY = `activity { databaseId status summary resultText creator { name } scriptProfile { id } counts { undelivered }
    children(orderBy: { field: CREATION_TIME, direction: ASC }) {
      nodes { databaseId status deliverAfter computer { databaseId } } } }`;
  const run = async (input: object) =>
    (await mutate(app, 'runScript', { scriptId: SCRIPT, ...input }, ACTIVITY)).activity;
  type Child = { computer: { databaseId: number }; status: string; deliverAfter: string | null };
  const computersOf = ({ children }: { children: { nodes: Child[] } }) =>
    children.nodes.map(({ computer }) => computer.databaseId).sort();
  const take = (computerId: number) => services.executions.take({ accountId: account.id, computerId }, 100);

  test('runs on the accepted computers that a query asks for, as the script’s user and for its time', async () => {
    const activity = await run({ query: `id:${FLEET[0]} OR id:${FLEET[2]} OR id:${PENDING}` });
    expect(activity).toMatchObject({
      status: 'UNDELIVERED',
      summary: `Run script: Script ${SCRIPT}`,
      creator: { name: 'Jane Doe' },
      scriptProfile: null,
      counts: { undelivered: 2 },
    });
    expect(computersOf(activity)).toEqual([FLEET[0], FLEET[2]]);
    const [taken] = await take(FLEET[0]!);
    expect(taken).toMatchObject({
      interpreter: '/bin/sh',
      code: 'true\n',
      username: 'ubuntu',
      timeLimit: 77,
    });
    const { id } = taken!;
    const version = await ask(app, `{ activity(id: ${id}) { scriptVersion { number code } } }`);
    expect(version.activity.scriptVersion).toEqual({ number: 1, code: 'true\n' });
    await services.executions.report({ accountId: account.id, computerId: FLEET[0]! }, id, {
      succeeded: true,
    });
    await mutate(app, 'cancelActivity', { id: activity.databaseId });
    const after = await ask(app, `{ activity(id: ${activity.databaseId}) { status } }`);
    expect(after.activity.status).toBe('CANCELED');
  });

  test('takes another user, another time limit and computers by id, and leaves out those that it does not reach', async () => {
    const activity = await run({ computerIds: [FLEET[1], PENDING, 9999], username: 'root', timeLimit: 5 });
    expect(computersOf(activity)).toEqual([FLEET[1]]);
    expect(await take(FLEET[1]!)).toMatchObject([{ username: 'root', timeLimit: 5 }]);
  });

  test('covers no more computers than the limit, and says how many it left out', async () => {
    await mutate(app, 'updateLimits', { maxNumComputers: 2 });
    const activity = await run({ query: 'access-group:global' });
    expect(computersOf(activity)).toEqual(FLEET.slice(0, 2));
    expect(activity.resultText).toBe('1 computers were left out: a run covers at most 2.');
  });

  test('that is to be delivered later is scheduled until then, and taken by nobody', async () => {
    const later = '2025-04-10T14:00:00Z';
    const activity = await run({ query: 'access-group:global', deliverAfter: later });
    const scheduled = { status: 'SCHEDULED', deliverAfter: later };
    expect(activity).toMatchObject({
      status: 'UNDELIVERED',
      children: { nodes: FLEET.map(() => scheduled) },
    });
    const tick = createTick({
      work: scheduledRuns(services.scriptRuns),
      concurrency: 1,
      report: (fault) => {
        throw fault;
      },
    });
    expect(await take(FLEET[0]!)).toEqual([]);
    expect(await tick.fire()).toBe(0);
    now = at('2025-04-10T14:00');
    expect(await tick.fire()).toBe(1);
    expect(await tick.untilNext()).toBeUndefined();
    expect(await take(FLEET[0]!)).toHaveLength(1);
  });

  test.each(['archiveScript', 'redactScript'])(
    'is canceled by %s where no computer has taken it',
    async (end) => {
      const activity = await run({ query: 'access-group:global' });
      await take(FLEET[0]!);
      await mutate(app, end, { id: SCRIPT });
      const after = await ask(
        app,
        `{ activity(id: ${activity.databaseId}) { status counts { delivered canceled } } }`,
      );
      expect(after.activity).toEqual({ status: 'DELIVERED', counts: { delivered: 1, canceled: 2 } });
    },
  );

  test('is forgotten with its executions after the time for which runs are kept', async () => {
    const activity = await run({ computerIds: [FLEET[0]] });
    await mutate(app, 'cancelActivity', { id: activity.databaseId });
    now = at('2026-04-10T14:00');
    await services.retention.sweep(90);
    expect(await app.database.prisma.activity.count()).toBe(0);
  });

  describe('is refused, and nothing is made,', () => {
    const all = { query: 'access-group:global' };
    test.each<[string, object, string]>([
      ['for a script that is not there', { ...all, scriptId: 77 }, 'NOT_FOUND scriptId'],
      ['for an archived script', { ...all, scriptId: ARCHIVED }, 'SCRIPT_NOT_ACTIVE scriptId'],
      ['without computers', {}, 'INVALID_INPUT computerIds'],
      ['with computers and a query', { ...all, computerIds: [FLEET[0]] }, 'INVALID_INPUT computerIds'],
      ['with a query for nothing', { query: ' ' }, 'INVALID_INPUT query'],
      ['with a query that breaks', { query: 'tag:' }, 'INVALID_INPUT query'],
      ['with an empty user', { ...all, username: '' }, 'INVALID_INPUT username'],
      ['with no time', { ...all, timeLimit: 0 }, 'INVALID_INPUT timeLimit'],
    ])('%s', async (_, input, expected) => {
      expect(await refusal(app, 'runScript', { scriptId: SCRIPT, ...input })).toBe(expected);
      expect(await app.database.prisma.activity.count()).toBe(0);
    });
  });
}
