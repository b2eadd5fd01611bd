import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { globalId } from '../../src/graphql/common/global-id.ts';
import { createStore } from '../../src/repositories/store.ts';
import { dueProfiles } from '../../src/scheduling/due-work.ts';
import { createTick } from '../../src/scheduling/tick.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, refusal } from './mutate.ts';

// Manual operation through the graph: run now, pause, resume and cancel. Also the ledger and the retention.
export function runs(): void {
  let app: TestApp;
  let account: TestAccount;
  let services: Services;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
    services = createServices(createStore(app.database.prisma, async () => now));
  });

  const FLEET = [2001, 2002, 2003];
  const [DAILY, ONCE, EVENT, ARCHIVED] = [1001, 1002, 1003, 1004] as const;
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    const { prisma } = app.database;
    account = await anAccount(prisma);
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(
      prisma,
      'computer',
      account,
      FLEET.map((id) => ({ id })),
    );
    const none = { timestamp: null, isFinished: null };
    const daily = {
      ...none,
      triggerKind: 'recurring',
      interval: '0 6 * * *',
      startAfter: NOW,
      nextRun: at('2025-04-11T06:00'),
    };
    await insert(prisma, 'script_profile', account, [{ id: DAILY, ...daily }]);
    await insert(prisma, 'script_profile', account, [
      { id: ONCE, timestamp: at('2025-05-01T08:00'), nextRun: at('2025-05-01T08:00') },
    ]);
    await insert(prisma, 'script_profile', account, [
      { id: EVENT, ...none, triggerKind: 'event', eventType: 'post_enrollment' },
    ]);
    await insert(prisma, 'script_profile', account, [{ id: ARCHIVED, archived: true }]);
  });

  const ACTIVITY = `activity { databaseId status resultText creator { name } scriptProfile { databaseId }
  children { totalCount nodes { status computer { databaseId } } } }`;
  const run = async (id: number | string, idempotencyKey: string, more: object = {}) =>
    (await mutate(app, 'runScriptProfile', { id, idempotencyKey, ...more }, ACTIVITY)).activity;
  const profile = async (id: number) =>
    (
      await ask(
        app,
        `{ scriptProfile(id: ${id}) { archived version paused: pausedAt pauseNote
      trigger { __typename ... on OneTimeTrigger { timestamp nextRun isFinished lastRun }
        ... on RecurringTrigger { nextRun lastRun } }
      activities { totalCount } } }`,
      )
    ).scriptProfile;
  const tick = () =>
    createTick({
      work: dueProfiles(services.runs),
      concurrency: 1,
      report: (fault) => {
        throw fault;
      },
    }).fire();

  describe('runScriptProfile', () => {
    test('runs on all matched computers, as the caller, and sets the last run', async () => {
      const activity = await run(globalId('ScriptProfile', DAILY), 'k');
      expect(activity).toMatchObject({
        status: 'UNDELIVERED',
        creator: { name: 'Jane Doe' },
        scriptProfile: { databaseId: DAILY },
        children: { totalCount: 3 },
      });
      expect((await profile(DAILY)).trigger).toMatchObject({ lastRun: '2025-04-10T12:00:30.250000Z' });
    });

    test('can be retried: the same key returns the same run, whatever happened since, and another key creates another run', async () => {
      const first = await run(DAILY, 'k');
      expect((await run(DAILY, 'k')).databaseId).toBe(first.databaseId);
      await mutate(app, 'archiveScriptProfile', { id: DAILY });
      expect(await run(DAILY, 'k')).toMatchObject({ databaseId: first.databaseId, status: 'CANCELED' });
      expect((await run(ONCE, 'l')).databaseId).not.toBe((await run(ONCE, 'm')).databaseId);
      expect((await profile(ONCE)).activities.totalCount).toBe(2);
    });

    test('accepts a subset of the computers, and refuses others that do not match', async () => {
      await mutate(app, 'createAccessGroup', { title: 'Elsewhere' });
      const activity = await run(DAILY, 'k', {
        computerIds: [FLEET[1], globalId('Computer', FLEET[2]!), 9999],
      });
      const reached = activity.children.nodes.map(
        (child: { computer: { databaseId: number } }) => child.computer.databaseId,
      );
      expect(reached.sort()).toEqual([FLEET[1], FLEET[2]]);
      expect(await run(DAILY, 'none', { computerIds: [9999] })).toMatchObject({
        status: 'SUCCEEDED',
        children: { totalCount: 0 },
      });
    });

    test('reaches all computers of an event profile, whose trigger would reach them one by one', async () => {
      expect(await run(EVENT, 'k')).toMatchObject({ children: { totalCount: 3 } });
    });

    test.each([DAILY, ONCE])('does not finish %s, move its next run or count for its spacing', async (id) => {
      const before = await app.database.prisma.scriptProfile.findFirst({ where: { id } });
      await run(id, 'k');
      const after = await app.database.prisma.scriptProfile.findFirst({ where: { id } });
      expect(after).toEqual({ ...before, lastRun: after!.lastRun });
      now = addMinutes(before!.nextRun!.toISOString().replace('000Z', '000000Z'), 0);
      expect(await tick()).toBeGreaterThanOrEqual(1);
      expect((await profile(id)).activities.totalCount).toBe(2);
    });

    test('runs a paused profile', async () => {
      await mutate(app, 'pauseScriptProfile', { id: DAILY });
      expect(await run(DAILY, 'k')).toMatchObject({ status: 'UNDELIVERED' });
    });

    test.each<[string, object, string]>([
      ['an archived profile', { id: ARCHIVED, idempotencyKey: 'k' }, 'PROFILE_ARCHIVED id'],
      ['a profile that does not exist', { id: 77, idempotencyKey: 'k' }, 'NOT_FOUND id'],
      ['an object of another type', { id: globalId('Computer', 2001), idempotencyKey: 'k' }, 'NOT_FOUND id'],
      ['no key', { id: DAILY, idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'],
      [
        'a key that is too long',
        { id: DAILY, idempotencyKey: 'x'.repeat(256) },
        'INVALID_INPUT idempotencyKey',
      ],
      ['a key that is not ASCII', { id: DAILY, idempotencyKey: 'ü' }, 'INVALID_INPUT idempotencyKey'],
      [
        '1,001 computers',
        { id: DAILY, idempotencyKey: 'k', computerIds: Array.from({ length: 1001 }, (_, id) => String(id)) },
        'INVALID_INPUT computerIds',
      ],
    ])('is refused for %s, and creates nothing', async (_, input, expected) => {
      expect(await refusal(app, 'runScriptProfile', input)).toBe(expected);
      expect(await app.database.prisma.activity.count()).toBe(0);
    });
  });

  describe('pauseScriptProfile and resumeScriptProfile', () => {
    const pausing = async (how: 'pause' | 'resume', id: number, more = {}) =>
      (
        await mutate(
          app,
          `${how}ScriptProfile`,
          { id, ...more },
          'scriptProfile { databaseId archived pauseNote }',
        )
      ).scriptProfile;

    test('remove the next run, with a note, and restore it', async () => {
      expect(await pausing('pause', DAILY, { note: 'Holidays' })).toEqual({
        databaseId: DAILY,
        archived: false,
        pauseNote: 'Holidays',
      });
      expect((await profile(DAILY)).trigger.nextRun).toBeNull();
      expect(await pausing('pause', DAILY, { note: 'Longer' })).toMatchObject({ pauseNote: 'Longer' });
      now = at('2025-04-15T12:00');
      expect(await tick()).toBe(0);
      expect(await pausing('resume', DAILY)).toMatchObject({ pauseNote: null });
      expect((await profile(DAILY)).trigger.nextRun).toBe('2025-04-16T06:00:00Z');
      const { version } = await profile(DAILY);
      await pausing('resume', DAILY);
      expect((await profile(DAILY)).version).toBe(version);
    });

    test.each<[string, 'pause' | 'resume', object, string]>([
      ['an archived profile', 'pause', { id: ARCHIVED }, 'PROFILE_ARCHIVED id'],
      ['an archived profile', 'resume', { id: ARCHIVED }, 'PROFILE_ARCHIVED id'],
      ['a profile that does not exist', 'pause', { id: 77 }, 'NOT_FOUND id'],
      ['a profile that does not exist', 'resume', { id: 77 }, 'NOT_FOUND id'],
      ['a note that is too long', 'pause', { id: DAILY, note: 'x'.repeat(1001) }, 'INVALID_INPUT note'],
      ['a NUL in the note', 'pause', { id: DAILY, note: 'a\0' }, 'INVALID_INPUT note'],
    ])('are refused for %s (%s)', async (_, how, input, expected) => {
      expect(await refusal(app, `${how}ScriptProfile`, input)).toBe(expected);
    });
  });

  describe('cancelActivity', () => {
    const cancel = async (id: unknown) =>
      (await mutate(app, 'cancelActivity', { id }, 'activity { status completionTime }')).activity;

    test('cancels a run, or one of its executions', async () => {
      const { databaseId } = await run(DAILY, 'k');
      expect(await cancel(databaseId + 1)).toEqual({
        status: 'CANCELED',
        completionTime: '2025-04-10T12:00:30.250000Z',
      });
      expect((await ask(app, `{ activity(id: ${databaseId}) { status } }`)).activity.status).toBe(
        'DELIVERED',
      );
      expect(await cancel(globalId('Activity', databaseId))).toMatchObject({ status: 'CANCELED' });
      now = addMinutes(now, 5);
      // An ended run does not change.
      expect(await cancel(databaseId)).toMatchObject({ completionTime: '2025-04-10T12:00:30.250000Z' });
    });

    test.each(['77', globalId('ScriptProfile', DAILY), 'x'])('is refused for %s', async (id) => {
      expect(await refusal(app, 'cancelActivity', { id })).toBe('NOT_FOUND id');
    });
  });

  describe('the ledger of a profile', () => {
    const slots = async (
      args = '',
      selection = 'nodes { status reason firstSlot lastSlot number activity { databaseId } }',
    ) =>
      (await ask(app, `{ scriptProfile(id: ${DAILY}) { slots${args} { ${selection} } } }`)).scriptProfile
        .slots;

    test('has the latest entries first, each with its run', async () => {
      now = at('2025-04-13T06:00');
      await tick();
      await mutate(app, 'pauseScriptProfile', { id: DAILY });
      now = at('2025-04-15T06:00');
      await mutate(app, 'resumeScriptProfile', { id: DAILY });
      const [{ databaseId }] = (
        await ask(app, `{ scriptProfile(id: ${DAILY}) { activities { nodes { databaseId } } } }`)
      ).scriptProfile.activities.nodes;
      expect((await slots()).nodes).toEqual([
        {
          status: 'SKIPPED',
          reason: 'PAUSED',
          firstSlot: '2025-04-14T06:00:00Z',
          lastSlot: '2025-04-15T06:00:00Z',
          number: 2,
          activity: null,
        },
        {
          status: 'FIRED',
          reason: null,
          firstSlot: '2025-04-13T06:00:00Z',
          lastSlot: '2025-04-13T06:00:00Z',
          number: 1,
          activity: { databaseId },
        },
        {
          status: 'COALESCED',
          reason: 'OUTAGE',
          firstSlot: '2025-04-11T06:00:00Z',
          lastSlot: '2025-04-12T06:00:00Z',
          number: 2,
          activity: { databaseId },
        },
      ]);
    });

    test('is paged from either end, and counted', async () => {
      const entries = Array.from({ length: 9 }, (_, day) => {
        const slot = `2025-03-0${day + 1}T06:00:00Z`;
        return {
          scriptProfileId: DAILY,
          status: 'fired',
          reason: null,
          firstSlot: slot,
          lastSlot: slot,
          number: 1,
          runId: null,
        };
      });
      await insertRows(app.database.prisma, 'slot_entry', account.id, entries);
      const days = (nodes: { firstSlot: string }[]) =>
        nodes.map(({ firstSlot }) => Number(firstSlot.slice(8, 10)));
      const PAGE =
        'totalCount nodes { firstSlot } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
      const seen: number[] = [];
      for (let args = '(first: 4)', more = true; more; ) {
        const page = await slots(args, PAGE);
        expect(page.totalCount).toBe(9);
        seen.push(...days(page.nodes));
        more = page.pageInfo.hasNextPage;
        args = `(first: 4, after: "${page.pageInfo.endCursor}")`;
      }
      expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      const last = await slots('(last: 4)', PAGE);
      expect(days(last.nodes)).toEqual([4, 3, 2, 1]);
      const before = await slots(`(last: 4, before: "${last.pageInfo.startCursor}")`, PAGE);
      expect(days(before.nodes)).toEqual([8, 7, 6, 5]);
      expect(
        days((await slots('(first: 2, orderBy: { field: FIRST_SLOT, direction: ASC })', PAGE)).nodes),
      ).toEqual([1, 2]);
      // A row that is added in the meantime moves no page.
      await insertRows(app.database.prisma, 'slot_entry', account.id, [
        { ...entries[0]!, firstSlot: '2025-03-20T06:00:00Z', lastSlot: '2025-03-20T06:00:00Z' },
      ]);
      expect(days((await slots(`(last: 4, before: "${last.pageInfo.startCursor}")`, PAGE)).nodes)).toEqual([
        8, 7, 6, 5,
      ]);
    });

    test.each([
      'abc',
      Buffer.from('["FIRST_SLOT","abc",1]').toString('base64url'),
      Buffer.from('["CREATED_AT","2025-03-01T00:00:00Z",1]').toString('base64url'),
    ])('refuses an invented cursor: %s', async (cursor) => {
      const answer = await app.graphql(
        `{ scriptProfile(id: ${DAILY}) { slots(after: "${cursor}") { nodes { number } } } }`,
        {},
        app.token('jane@example.com', 'acme'),
      );
      expect(answer.errors![0].extensions.code).toBe('INVALID_INPUT');
    });
  });

  describe('retention', () => {
    const DAYS = 90;
    const sweep = () => services.retention.sweep(DAYS);
    const as = (computerId: number) => ({ accountId: account.id, computerId });
    async function finished(key: string): Promise<number> {
      const { databaseId } = await run(DAILY, key, { computerIds: [FLEET[0]] });
      await mutate(app, 'cancelActivity', { id: databaseId });
      return databaseId;
    }
    const exists = async (id: number) => (await app.database.prisma.activity.count({ where: { id } })) === 1;

    test('removes activities that ended the given number of days ago, in batches, but no newer or open ones', async () => {
      const old: number[] = [];
      for (let index = 0; index < 45; index += 1) old.push(await finished(`old ${index}`));
      const open = await run(DAILY, 'open', { computerIds: [FLEET[1]] });
      const reportedLate = await run(DAILY, 'late', { computerIds: [FLEET[2]] });
      const [taken] = await services.executions.take(as(FLEET[2]!), 1);
      now = addMinutes(NOW, 60);
      const young = await finished('young');
      await services.executions.report(as(FLEET[2]!), taken!.id, { succeeded: true });
      const last = (await profile(DAILY)).trigger.lastRun;

      now = addMinutes(NOW, DAYS * 1440 - 1);
      // The idempotency keys of the runs are removed after a day.
      expect(await sweep()).toBe(48);
      now = addMinutes(NOW, DAYS * 1440 + 1);
      expect(await sweep()).toBe(45);
      for (const id of old) expect([await exists(id), await exists(id + 1)]).toEqual([false, false]);
      for (const id of [open.databaseId, reportedLate.databaseId, young]) expect(await exists(id)).toBe(true);
      expect(await sweep()).toBe(0);
      now = addMinutes(NOW, DAYS * 1440 + 61);
      expect(await sweep()).toBe(2);
      expect(await exists(open.databaseId)).toBe(true);
      // The profile keeps the time of its last run.
      expect((await profile(DAILY)).trigger.lastRun).toBe(last);
      expect((await profile(DAILY)).activities.totalCount).toBe(1);
    });

    test('also removes ledger entries, and stops between batches if it is asked to', async () => {
      const entries = Array.from({ length: 2500 }, (_, index) => {
        const slot = addMinutes(at('2025-01-01T00:00'), index);
        return {
          scriptProfileId: DAILY,
          status: 'fired',
          reason: null,
          firstSlot: slot,
          lastSlot: slot,
          number: 1,
          runId: null,
        };
      });
      await insertRows(app.database.prisma, 'slot_entry', account.id, entries);
      now = addMinutes(at('2025-01-01T00:00'), DAYS * 1440 + 2400);
      let asked = 0;
      const stopsAfterOne = () => {
        asked += 1;
        return asked > 1;
      };
      expect(await services.retention.sweep(DAYS, stopsAfterOne)).toBe(1000);
      expect(await sweep()).toBe(1400);
      expect(await app.database.prisma.slotEntry.count()).toBe(100);
    });
  });
}
