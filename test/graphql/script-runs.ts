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

// Scripts that run without a profile.
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
  /** The messages about several activities have one line for each. */
  const code = async (mutation: string, input: object) => {
    const { userErrors } = await mutate(app, mutation, input);
    return `${userErrors[0].code} ${userErrors[0].field}`;
  };
  type Child = { computer: { databaseId: number }; status: string; deliverAfter: string | null };
  const computersOf = ({ children }: { children: { nodes: Child[] } }) =>
    children.nodes.map(({ computer }) => computer.databaseId).sort();
  const take = (computerId: number) => services.executions.take({ accountId: account.id, computerId }, 100);

  test('runs on the accepted computers that match a query, with the script’s user and time limit', async () => {
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

  test('accepts another user, another time limit and ids of computers, and leaves out computers that it may not reach', async () => {
    const activity = await run({ computerIds: [FLEET[1], PENDING, 9999], username: 'root', timeLimit: 5 });
    expect(computersOf(activity)).toEqual([FLEET[1]]);
    expect(await take(FLEET[1]!)).toMatchObject([{ username: 'root', timeLimit: 5 }]);
  });

  test('covers no more computers than the limit, and reports how many it left out', async () => {
    await mutate(app, 'updateLimits', { maxNumComputers: 2 });
    const activity = await run({ query: 'access-group:global' });
    expect(computersOf(activity)).toEqual(FLEET.slice(0, 2));
    expect(activity.resultText).toBe('The run omits 1 computers, because a run covers at most 2.');
  });

  test('that is delivered later is scheduled until then, and no computer takes it before', async () => {
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
    'is canceled by %s if no computer has taken it',
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

  test('is deleted with its executions after the retention time of runs', async () => {
    const activity = await run({ computerIds: [FLEET[0]] });
    await mutate(app, 'cancelActivity', { id: activity.databaseId });
    now = at('2026-04-10T14:00');
    await services.retention.sweep(90);
    expect(await app.database.prisma.activity.count()).toBe(0);
  });

  describe('is run again', () => {
    const again = (mutation: string, input: object) =>
      mutate(
        app,
        mutation,
        input,
        mutation === 'reapplyActivities' ? ACTIVITY.replace('activity', 'activities') : ACTIVITY,
      );
    /** Creates a run on all three computers: the first failed, the second succeeded, and the third was canceled. */
    async function ended() {
      const activity = await run({ query: 'access-group:global', username: 'root', timeLimit: 5 });
      for (const [index, succeeded] of [false, true].entries()) {
        const by = { accountId: account.id, computerId: FLEET[index]! };
        const [taken] = await services.executions.take(by, 1);
        await services.executions.report(by, taken!.id, { succeeded });
      }
      await mutate(app, 'cancelActivity', { id: activity.databaseId });
      return activity;
    }

    test('on the computers where it failed', async () => {
      const { databaseId } = await ended();
      const rerun = await again('rerunFailedExecutions', { activityId: databaseId });
      expect(computersOf(rerun.activity)).toEqual([FLEET[0]]);
      expect(await take(FLEET[0]!)).toMatchObject([{ username: 'root', timeLimit: 5 }]);
    });

    test('as a whole, or for ended executions, with one new run for each run', async () => {
      const one = await ended();
      const other = await ended();
      const part = other.children.nodes[2];
      const ids = [one.databaseId, part.databaseId];
      const input = { ids, idempotencyKey: 'k' };
      const { activities } = await again('reapplyActivities', input);
      expect(activities.map(computersOf)).toEqual([FLEET, [part.computer.databaseId]]);
      expect((await again('reapplyActivities', input)).activities).toEqual(activities);
      const can = await ask(
        app,
        `{ activity(id: ${ids[0]}) { viewerPermissions {
          canReapply { allowed } canApprove { reason } canCancel { reason } } } }`,
      );
      expect(can.activity.viewerPermissions).toEqual({
        canReapply: { allowed: true },
        canApprove: { reason: 'NOT_UNAPPROVED' },
        canCancel: { reason: 'OVER' },
      });
    });

    test('only after it has ended, and while its script is active', async () => {
      const open = (await run({ query: 'access-group:global' })).databaseId;
      const over = (await ended()).databaseId;
      expect(await code('reapplyActivities', { ids: [over, open] })).toBe('INVALID_INPUT ids');
      expect(await refusal(app, 'reapplyActivities', { ids: [over, 77] })).toBe('NOT_FOUND ids');
      await mutate(app, 'archiveScript', { id: SCRIPT });
      expect(await refusal(app, 'reapplyActivities', { ids: [over] })).toBe('SCRIPT_NOT_ACTIVE ids');
      expect(await refusal(app, 'rerunFailedExecutions', { activityId: over })).toBe(
        'SCRIPT_NOT_ACTIVE activityId',
      );
    });
  });

  test('that waits for approval is taken after it is approved', async () => {
    const activity = await run({ query: 'access-group:global' });
    const [waits] = activity.children.nodes;
    await app.database.prisma.activity.updateMany({
      where: { id: waits.databaseId },
      data: { status: 'unapproved' },
    });
    const computerId = waits.computer.databaseId;
    expect(await take(computerId)).toEqual([]);
    const query = `id:${waits.databaseId}`;
    const approved = await mutate(app, 'approveActivities', { query }, 'activities { status }');
    expect(approved.activities).toEqual([{ status: 'UNDELIVERED' }]);
    expect(await code('approveActivities', { query })).toBe('INVALID_INPUT query');
    expect(await take(computerId)).toHaveLength(1);
  });

  describe('is refused and creates nothing', () => {
    const all = { query: 'access-group:global' };
    test.each<[string, object, string]>([
      ['for a script that does not exist', { ...all, scriptId: 77 }, 'NOT_FOUND scriptId'],
      ['for an archived script', { ...all, scriptId: ARCHIVED }, 'SCRIPT_NOT_ACTIVE scriptId'],
      ['without computers', {}, 'INVALID_INPUT computerIds'],
      ['with computers and a query', { ...all, computerIds: [FLEET[0]] }, 'INVALID_INPUT computerIds'],
      ['with an empty query', { query: ' ' }, 'INVALID_INPUT query'],
      ['with an invalid query', { query: 'tag:' }, 'INVALID_INPUT query'],
      ['with an empty user', { ...all, username: '' }, 'INVALID_INPUT username'],
      ['with a time limit of zero', { ...all, timeLimit: 0 }, 'INVALID_INPUT timeLimit'],
    ])('%s', async (_, input, expected) => {
      expect(await refusal(app, 'runScript', { scriptId: SCRIPT, ...input })).toBe(expected);
      expect(await app.database.prisma.activity.count()).toBe(0);
    });
  });
}
