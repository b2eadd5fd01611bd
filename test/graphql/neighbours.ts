import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function neighbours(): void {
  let app: TestApp;
  let account: TestAccount;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });

  /** Groups global > server, one profile of each relevant kind, and computers with and without tags. */
  beforeEach(async () => {
    await resetDatabase(app.database);
    const { prisma } = app.database;
    account = await anAccount(prisma);
    const { accessGroup } = await mutate(
      app,
      'createAccessGroup',
      { title: 'server' },
      'accessGroup { databaseId }',
    );
    const server = accessGroup.databaseId;
    const event = { triggerKind: 'event', eventType: 'post_enrollment', timestamp: null, isFinished: null };
    const tagged = { scriptId: 1000, allComputers: false, tags: ['a', 'b'] };
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(prisma, 'script_profile', account, [
      { id: 1000, scriptId: 1000, allComputers: true },
      { id: 1001, ...tagged, accessGroupId: server },
      { id: 1002, ...tagged, archived: true },
      { id: 1004, ...tagged },
    ]);
    await insert(prisma, 'script_profile', account, [{ id: 1003, ...tagged, ...event }]);
    await insert(prisma, 'computer', account, [
      { id: 1000 },
      { id: 1001, accessGroupId: server },
      { id: 1002, accessGroupId: server },
      { id: 1003, status: 'pending', acceptedAt: null, requestedTags: ['a'] },
    ]);
    await insertRows(prisma, 'computer_tag', account.id, [{ computerId: 1001, tag: 'a', position: 1 }]);
  });

  describe('canceling activities with a query', () => {
    beforeEach(async () => {
      const executions = (...statuses: string[]) =>
        statuses.map((status, index) => ({ computerId: 1000 + index, status }));
      const { prisma } = app.database;
      const delivered = { deliveryTime: NOW, scriptVersion: 1 };
      await insert(prisma, 'activity', account, [
        ...aRun(2000, 1000, executions('undelivered', 'undelivered')),
        ...aRun(
          2010,
          1000,
          executions('delivered', 'undelivered').map((execution) =>
            execution.status === 'delivered' ? { ...execution, ...delivered } : execution,
          ),
          'delivered',
        ),
        ...aRun(2020, 1000, executions('succeeded'), 'succeeded'),
      ]);
    });

    const cancel = (query: string) =>
      mutate(app, 'cancelActivities', { query }, 'activities { databaseId status }');
    const statuses = async () => {
      const { activities } = await ask(app, '{ activities { nodes { databaseId status } } }');
      return Object.fromEntries(
        activities.nodes.map(({ databaseId, status }: Payload) => [databaseId, status.toLowerCase()]),
      );
    };

    test('cancels a whole run, and an execution of another run', async () => {
      const { activities } = await cancel('id:2000 OR id:2012');
      expect(activities).toEqual([
        { databaseId: 2000, status: 'CANCELED' },
        { databaseId: 2012, status: 'CANCELED' },
      ]);
      expect(await statuses()).toEqual({
        ...{ 2000: 'canceled', 2001: 'canceled', 2002: 'canceled' },
        ...{ 2010: 'delivered', 2011: 'delivered', 2012: 'canceled' },
        ...{ 2020: 'succeeded', 2021: 'succeeded' },
      });
    });

    test('cancels a run together with its own executions once', async () => {
      await cancel('(id:2010 OR parent-id:2010) NOT status:succeeded');
      expect(await statuses()).toMatchObject({ 2010: 'canceled', 2011: 'canceled', 2012: 'canceled' });
    });

    test('cancels the open executions of a computer in any run', async () => {
      const { activities } = await cancel('status:undelivered computer:id:1001');
      expect(activities.map(({ databaseId }: Payload) => databaseId)).toEqual([2002, 2012]);
      expect(await statuses()).toMatchObject({ 2000: 'delivered', 2001: 'undelivered', 2010: 'delivered' });
    });

    test('cancels nothing if no activity matches', async () => {
      expect((await cancel('id:1')).activities).toEqual([]);
    });

    test('cancels none and names the ended ones if an activity has ended', async () => {
      const { userErrors } = await cancel('id:2000 OR id:2020 OR id:2021');
      expect(userErrors).toEqual([
        expect.objectContaining({
          code: 'INVALID_INPUT',
          field: 'query',
          message:
            'activity 2020 => The activity is already succeeded.\nactivity 2021 => The activity is already succeeded.',
        }),
      ]);
      expect(await statuses()).toMatchObject({ 2000: 'undelivered' });
      expect(await refusal(app, 'cancelActivities', { query: 'status:' })).toBe('INVALID_INPUT query');
    });

    test.each(['', '  '])('refuses a query without a term: %j', async (query) => {
      const { userErrors } = await cancel(query);
      expect(userErrors).toEqual([
        expect.objectContaining({
          field: 'query',
          message: expect.stringContaining('a query with at least one term'),
        }),
      ]);
      expect(await statuses()).toMatchObject({ 2000: 'undelivered' });
    });

    test('cancels none if more than a thousand match', async () => {
      const executions = Array.from({ length: 1001 }, (_, index) => ({
        computerId: 5000 + index,
        status: 'undelivered',
      }));
      await insert(app.database.prisma, 'activity', account, aRun(10_000, 1000, executions));
      expect(await refusal(app, 'cancelActivities', { query: 'parent-id:10000' })).toBe(
        'INVALID_INPUT query',
      );
      expect((await cancel('id:10000')).activities).toEqual([{ databaseId: 10_000, status: 'CANCELED' }]);
    });
  });

  test('an execution keeps the number of its computer after the computer is removed', async () => {
    await insert(
      app.database.prisma,
      'activity',
      account,
      aRun(2000, 1000, [{ computerId: 1000, status: 'undelivered' }]),
    );
    await mutate(app, 'removeComputer', { id: 1000 });
    const { activity } = await ask(app, '{ activity(id: 2001) { computerId computer { title } } }');
    expect(activity).toEqual({ computerId: 1000, computer: null });
  });

  test('the account’s title is a preference, and the server has a version', async () => {
    const { preferences } = await mutate(
      app,
      'updatePreferences',
      { title: ' Acme ' },
      'preferences { title }',
    );
    expect(preferences).toEqual({ title: 'Acme' });
    expect(await refusal(app, 'updatePreferences', { title: ' ' })).toBe('INVALID_INPUT title');
    const { server, preferences: stored } = await ask(
      app,
      '{ server { version hasAccount } preferences { title } }',
    );
    expect(server).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), hasAccount: true });
    expect(stored.title).toBe('Acme');
  });
}
