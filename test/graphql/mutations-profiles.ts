import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { at, LATER, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function mutationsProfiles(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
  });

  const FIELDS = `databaseId title archived version createdAt lastEditedAt numAssociatedComputers tags allComputers timeLimit
  username trigger { __typename
    ... on RecurringTrigger { interval startAfter nextRun lastRun } ... on OneTimeTrigger { timestamp nextRun isFinished } }`;
  const daily = { recurring: { interval: '0 6 * * *', startAfter: '2025-01-01T00:00:00Z' } };
  const draft = {
    title: 'Nightly',
    scriptId: 1000,
    username: 'root',
    timeLimit: 60,
    allComputers: true,
    trigger: daily,
  };
  const create = async (input: object = {}): Promise<Payload> =>
    (await mutate(app, 'createScriptProfile', { ...draft, ...input }, `scriptProfile { ${FIELDS} }`))
      .scriptProfile;
  const update = async (input: object): Promise<Payload> =>
    (await mutate(app, 'updateScriptProfile', input, `scriptProfile { ${FIELDS} }`)).scriptProfile;
  const archive = async (id: number): Promise<Payload> =>
    (await mutate(app, 'archiveScriptProfile', { id }, `scriptProfile { ${FIELDS} }`)).scriptProfile;
  const all = async (filter = 'status: ALL'): Promise<Payload[]> =>
    (await ask(app, `{ scriptProfiles(filter: { ${filter} }) { nodes { ${FIELDS} } } }`)).scriptProfiles
      .nodes;

  test('a profile is created, listed, changed and archived, and can then still be read', async () => {
    const created = await create();
    expect(created).toEqual({
      databaseId: 1,
      title: 'Nightly',
      archived: false,
      version: 1,
      createdAt: '2025-04-10T12:00:30.250000Z',
      lastEditedAt: '2025-04-10T12:00:30.250000Z',
      numAssociatedComputers: 0,
      tags: [],
      allComputers: true,
      timeLimit: 60,
      username: 'root',
      trigger: {
        __typename: 'RecurringTrigger',
        interval: '0 6 * * *',
        startAfter: '2025-01-01T00:00:00Z',
        nextRun: '2025-04-11T06:00:00Z',
        lastRun: null,
      },
    });
    expect(await all('')).toEqual([created]);

    now = LATER;
    const edited = { version: 2, lastEditedAt: '2025-04-11T09:15:20.500000Z' };
    const updated = await update({
      id: 1,
      title: 'Weekly',
      trigger: { recurring: { interval: '0 6 * * MON' } },
    });
    expect(updated).toEqual({
      ...created,
      ...edited,
      title: 'Weekly',
      trigger: { ...created.trigger, interval: '0 6 * * MON', nextRun: '2025-04-14T06:00:00Z' },
    });
    expect(await all('')).toEqual([updated]);

    const archived = await archive(1);
    expect(archived).toEqual({
      ...updated,
      archived: true,
      version: 3,
      trigger: { ...updated.trigger, nextRun: null },
    });
    expect(await all('')).toEqual([]);
    expect(await all()).toEqual([archived]);
    const { scriptProfile } = await ask(app, `{ scriptProfile(id: 1) { ${FIELDS} } }`);
    expect(scriptProfile).toEqual(archived);
  });

  describe('archiving a profile', () => {
    test('cancels undelivered executions, keeps delivered ones, and updates the runs', async () => {
      const { prisma } = app.database;
      const { databaseId } = await create();
      const other = await create({ title: 'Other' });
      const run = (id: number, statuses: string[], status: string, profile = databaseId) =>
        insert(
          prisma,
          'activity',
          account,
          aRun(
            id,
            profile,
            statuses.map((each, index) => ({ computerId: index + 1, status: each })),
            status,
          ),
        );
      await run(2000, ['undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved'], 'undelivered');
      await run(2010, ['undelivered', 'delivered'], 'delivered');
      await run(2020, ['undelivered', 'succeeded'], 'delivered');
      await run(2030, ['undelivered', 'failed'], 'delivered');
      await run(2040, ['succeeded'], 'succeeded');
      await run(2050, [], 'undelivered');
      await run(2060, ['undelivered'], 'undelivered', other.databaseId);
      now = LATER;

      await archive(databaseId);

      const { activities } = await ask(
        app,
        `{ activities(orderBy: { field: CREATION_TIME, direction: ASC }) {
      nodes { databaseId status completionTime } } }`,
      );
      const done = '2025-04-11T09:15:20.500000Z';
      expect(
        activities.nodes.map((row: Payload) => [row.databaseId, row.status, row.completionTime]),
      ).toEqual([
        [2000, 'CANCELED', done],
        ...[2001, 2002, 2003, 2004, 2005].map((id) => [id, 'CANCELED', done]),
        [2010, 'DELIVERED', null],
        [2011, 'CANCELED', done],
        [2012, 'DELIVERED', null],
        [2020, 'CANCELED', done],
        [2021, 'CANCELED', done],
        [2022, 'SUCCEEDED', null],
        [2030, 'FAILED', done],
        [2031, 'CANCELED', done],
        [2032, 'FAILED', null],
        [2040, 'SUCCEEDED', null],
        [2041, 'SUCCEEDED', null],
        [2050, 'CANCELED', done],
        [2060, 'UNDELIVERED', null],
        [2061, 'UNDELIVERED', null],
      ]);
    });

    test('again succeeds and changes nothing', async () => {
      const { databaseId } = await create();
      const archived = await archive(databaseId);
      now = LATER;
      expect(await archive(databaseId)).toEqual(archived);
      expect(await all()).toEqual([archived]);
    });

    test('frees its place in the limit, but not its title', async () => {
      await mutate(app, 'updateLimits', { maxNumProfiles: 1 });
      const { databaseId } = await create();
      expect(await refusal(app, 'createScriptProfile', { ...draft, title: 'Other' })).toBe(
        'PROFILE_LIMIT null',
      );
      await archive(databaseId);
      expect(await refusal(app, 'createScriptProfile', draft)).toBe('TITLE_TAKEN title');
      expect(await create({ title: 'Other' })).toMatchObject({ title: 'Other' });
    });

    test('is permanent, so edits are refused', async () => {
      const { databaseId } = await create();
      const archived = await archive(databaseId);
      expect(await refusal(app, 'updateScriptProfile', { id: databaseId, title: 'x' })).toBe(
        'PROFILE_ARCHIVED id',
      );
      expect(await all()).toEqual([archived]);
    });
  });

  describe('setting the limits', () => {
    const SELECTION = 'limits { maxNumComputers maxNumProfiles minInterval }';
    const limits = async () => (await ask(app, `{ ${SELECTION} }`)).limits;
    const defaults = { maxNumComputers: 5000, maxNumProfiles: 10, minInterval: 360 };

    test.each([
      ['one limit', { maxNumProfiles: 20 }, { ...defaults, maxNumProfiles: 20 }],
      [
        'all limits',
        { maxNumComputers: 1, maxNumProfiles: 2, minInterval: 3 },
        { maxNumComputers: 1, maxNumProfiles: 2, minInterval: 3 },
      ],
      [
        'zeros',
        { maxNumComputers: 0, maxNumProfiles: 0, minInterval: 0 },
        { maxNumComputers: 0, maxNumProfiles: 0, minInterval: 0 },
      ],
      [
        'the maximum',
        { maxNumComputers: 2147483647, minInterval: 527040 },
        { ...defaults, maxNumComputers: 2147483647, minInterval: 527040 },
      ],
      ['nothing or null', { maxNumComputers: null }, defaults],
    ])('to %s keeps the others', async (_, input, expected) => {
      expect((await mutate(app, 'updateLimits', input, SELECTION)).limits).toEqual(expected);
      expect(await limits()).toEqual(expected);
    });

    test.each([
      ['a negative number of computers', { maxNumComputers: -1 }, 'INVALID_INPUT maxNumComputers'],
      ['a negative number of profiles', { maxNumProfiles: -1 }, 'INVALID_INPUT maxNumProfiles'],
      ['a spacing of more than a year', { minInterval: 527041 }, 'INVALID_INPUT minInterval'],
      [
        'one valid and one invalid limit',
        { maxNumProfiles: 3, minInterval: -1 },
        'INVALID_INPUT minInterval',
      ],
    ])('is refused for %s, and changes nothing', async (_, input, expected) => {
      expect(await refusal(app, 'updateLimits', input)).toBe(expected);
      expect(await limits()).toEqual(defaults);
    });

    test('below the current usage changes no profile, but refuses further ones', async () => {
      await create();
      await create({ title: 'Second' });
      await mutate(app, 'updateLimits', { maxNumProfiles: 1, maxNumComputers: 0 });
      expect(await all('')).toHaveLength(2);
      expect(await refusal(app, 'createScriptProfile', { ...draft, title: 'Third' })).toBe(
        'PROFILE_LIMIT null',
      );
    });

    test('with another minimum interval moves the next runs, but not those that are due', async () => {
      const hourly = (id: number, nextRun: Instant, spacedFrom: Instant | null) => ({
        id,
        triggerKind: 'recurring',
        timestamp: null,
        isFinished: null,
        interval: '0 * * * *',
        startAfter: at('2025-01-01T00:00'),
        nextRun,
        spacedFrom,
      });
      const tenToday = at('2025-04-10T10:00');
      await insert(app.database.prisma, 'script_profile', account, [
        hourly(1001, at('2025-04-10T16:00'), tenToday),
        hourly(1002, at('2025-04-10T12:00'), tenToday),
        hourly(1003, at('2025-04-10T13:00'), null),
        {
          ...hourly(1004, at('2025-04-10T16:00'), tenToday),
          interval: '30 18 * * *',
          nextRun: at('2025-04-10T18:30'),
        },
      ]);
      const coming = async () =>
        (await all(''))
          .map(({ databaseId, version, trigger }) => [databaseId, version, trigger.nextRun])
          .toSorted();

      await mutate(app, 'updateLimits', { minInterval: 240 });
      expect(await coming()).toEqual([
        [1001, 1, '2025-04-10T14:00:00Z'],
        [1002, 1, '2025-04-10T12:00:00Z'],
        [1003, 1, '2025-04-10T13:00:00Z'],
        [1004, 1, '2025-04-10T18:30:00Z'],
      ]);

      await mutate(app, 'updateLimits', { minInterval: 600 });
      expect(await coming()).toEqual([
        [1001, 1, '2025-04-10T20:00:00Z'],
        [1002, 1, '2025-04-10T12:00:00Z'],
        [1003, 1, '2025-04-10T13:00:00Z'],
        [1004, 1, '2025-04-11T18:30:00Z'],
      ]);
    });
  });
}
