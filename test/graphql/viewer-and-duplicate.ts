import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function viewerAndDuplicate(): void {
  let app: TestApp;
  let account: TestAccount;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });

  const PROFILE = 7;
  beforeEach(async () => {
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
    await insert(app.database.prisma, 'computer', account, [{ id: 2000 }]);
  });

  const none = { timestamp: null, isFinished: null };
  const daily = {
    ...none,
    triggerKind: 'recurring',
    interval: '0 6 * * *',
    startAfter: at('2025-01-01T00:00'),
  };
  const put = (row: object = {}) =>
    insert(app.database.prisma, 'script_profile', account, [
      { id: PROFILE, title: 'Nightly', ...daily, nextRun: at('2025-04-11T06:00'), ...row },
    ]);

  describe('the viewer’s permissions on a profile', () => {
    const acts = {
      canUpdate: ['updateScriptProfile', { username: 'other' }],
      canArchive: ['archiveScriptProfile', {}],
      canPause: ['pauseScriptProfile', { note: 'why' }],
      canResume: ['resumeScriptProfile', {}],
      canRun: ['runScriptProfile', { idempotencyKey: 'k' }],
      canDuplicate: ['duplicateScriptProfile', { title: 'Another' }],
    } as const;
    const verdicts = async (): Promise<
      Record<keyof typeof acts, { allowed: boolean; reason: string; message: string }>
    > =>
      (
        await ask(
          app,
          `{ scriptProfile(id: ${PROFILE}) { viewerPermissions { ${Object.keys(acts)
            .map((name) => `${name} { allowed reason message }`)
            .join(' ')} } } }`,
        )
      ).scriptProfile.viewerPermissions;

    const inProgress = () =>
      insert(
        app.database.prisma,
        'activity',
        account,
        aRun(3000, PROFILE, [{ computerId: 2000, status: 'delivered' }], 'delivered'),
      );
    const states: [string, () => Promise<unknown>, Partial<Record<keyof typeof acts, string>>][] = [
      ['active', () => put(), { canResume: 'NOT_PAUSED' }],
      ['paused', () => put({ pausedAt: NOW, nextRun: null }), {}],
      [
        'archived',
        () => put({ archived: true, nextRun: null }),
        {
          canUpdate: 'ARCHIVED',
          canArchive: 'ARCHIVED',
          canPause: 'ARCHIVED',
          canResume: 'ARCHIVED',
          canRun: 'ARCHIVED',
        },
      ],
      ['running, and may overlap', () => put().then(inProgress), { canResume: 'NOT_PAUSED' }],
      [
        'running, and may not overlap',
        () => put({ overlap: 'SKIP' }).then(inProgress),
        { canResume: 'NOT_PAUSED', canRun: 'RUN_IN_PROGRESS' },
      ],
      [
        'whose script is archived',
        () => put().then(() => app.database.prisma.script.updateMany({ data: { status: 'ARCHIVED' } })),
        { canResume: 'NOT_PAUSED', canDuplicate: 'SCRIPT_NOT_ACTIVE' },
      ],
      [
        'in an account that has reached its limit',
        () => put().then(() => mutate(app, 'updateLimits', { maxNumProfiles: 1 })),
        { canResume: 'NOT_PAUSED', canDuplicate: 'PROFILE_LIMIT' },
      ],
    ];

    test.each(states)('that is %s include the reason', async (_, make, denied) => {
      await make();
      const found = await verdicts();
      const reasons = Object.entries(found).flatMap(([act, { reason }]) => (reason ? [[act, reason]] : []));
      expect(Object.fromEntries(reasons)).toEqual(denied);
      for (const { allowed, reason, message } of Object.values(found)) {
        expect([reason === null, message === null]).toEqual([allowed, allowed]);
      }
    });

    const each = states.flatMap(([state, make]) =>
      Object.keys(acts).map((act) => [act, state, make] as const),
    );
    test.each(each)('agree with the mutation: %s, %s', async (act, _, make) => {
      await make();
      const before = await ask(
        app,
        `{ scriptProfile(id: ${PROFILE}) { version } activities { totalCount } scriptProfiles { totalCount } }`,
      );
      const { allowed } = (await verdicts())[act as keyof typeof acts];
      const [mutation, input] = acts[act as keyof typeof acts];
      const { userErrors } = await mutate(app, mutation, { id: PROFILE, ...input });
      const after = await ask(
        app,
        `{ scriptProfile(id: ${PROFILE}) { version } activities { totalCount } scriptProfiles { totalCount } }`,
      );
      expect(userErrors.length === 0 && JSON.stringify(after) !== JSON.stringify(before)).toBe(allowed);
    });
  });

  describe('a duplicate', () => {
    const FIELDS =
      'title archived version pausedAt scriptId username timeLimit tags allComputers overlap deliverWithin createdBy { email } trigger { __typename ... on RecurringTrigger { interval startAfter nextRun lastRun } ... on OneTimeTrigger { timestamp isFinished nextRun } }';
    const duplicate = async (input: object): Promise<Payload> =>
      (
        await mutate(
          app,
          'duplicateScriptProfile',
          { id: PROFILE, title: 'Another', ...input },
          `scriptProfile { databaseId ${FIELDS} }`,
        )
      ).scriptProfile;
    const stored = async () =>
      (await ask(app, `{ scriptProfile(id: ${PROFILE}) { ${FIELDS} } }`)).scriptProfile;

    test.each([
      ['active', { pausedAt: null }],
      ['paused', { pausedAt: NOW, pauseNote: 'why', nextRun: null }],
      ['archived', { archived: true, nextRun: null }],
    ])('equals the profile that is %s, but is new', async (_, row) => {
      await put({
        tags: ['web'],
        allComputers: false,
        overlap: 'SKIP',
        deliverWithin: 3600,
        version: 9,
        lastRun: at('2025-04-10T06:00'),
        ...row,
      });
      const before = await stored();
      const { databaseId, ...made } = await duplicate({});
      expect(databaseId).not.toBe(PROFILE);
      const fresh = { version: 1, archived: false, pausedAt: null, title: 'Another' };
      const trigger = { ...before.trigger, nextRun: '2025-04-11T06:00:00Z', lastRun: null };
      expect(made).toEqual({ ...before, ...fresh, trigger });
      expect(await stored()).toEqual(before);
    });

    test('can have its own trigger, also of another kind', async () => {
      await put();
      const { trigger } = await duplicate({ trigger: { oneTime: { timestamp: '2025-05-01T08:00:00Z' } } });
      expect(trigger).toEqual({
        __typename: 'OneTimeTrigger',
        timestamp: '2025-05-01T08:00:00Z',
        isFinished: false,
        nextRun: '2025-05-01T08:00:00Z',
      });
    });

    const once = (timestamp: string, isFinished: boolean) =>
      put({
        triggerKind: 'one_time',
        interval: null,
        startAfter: null,
        timestamp: at(timestamp),
        isFinished,
        nextRun: null,
      });

    test('of a profile whose time has passed needs another trigger, so that it does not run unexpectedly', async () => {
      await once('2025-04-01T08:00', true);
      expect(await refusal(app, 'duplicateScriptProfile', { id: PROFILE, title: 'Another' })).toBe(
        'INVALID_INPUT trigger',
      );
      expect(await duplicate({ trigger: { oneTime: { timestamp: '2025-04-01T08:00:00Z' } } })).toMatchObject({
        trigger: { nextRun: '2025-04-01T08:00:00Z' },
      });
    });

    test('of a profile whose time is in the future has that time', async () => {
      await once('2025-05-01T08:00', false);
      expect((await duplicate({})).trigger).toMatchObject({
        isFinished: false,
        nextRun: '2025-05-01T08:00:00Z',
      });
    });

    test.each<[string, object, object, string]>([
      ['a used title', {}, { title: 'Nightly' }, 'TITLE_TAKEN title'],
      ['an invalid title', {}, { title: ' ' }, 'INVALID_INPUT title'],
      ['a reached limit of profiles', { maxNumProfiles: 1 }, {}, 'PROFILE_LIMIT null'],
      [
        'as many computers as the copied profile, which are too many',
        { maxNumComputers: 0 },
        {},
        'COMPUTER_LIMIT id',
      ],
      [
        'an invalid cron expression',
        {},
        { trigger: { recurring: { interval: 'x', startAfter: '2025-01-01T00:00:00Z' } } },
        'INVALID_CRON trigger.recurring.interval',
      ],
      ['an unknown profile', {}, { id: 77 }, 'NOT_FOUND id'],
    ])('is refused for %s, and creates nothing', async (_, limits, input, expected) => {
      await put();
      await mutate(app, 'updateLimits', limits);
      expect(await refusal(app, 'duplicateScriptProfile', { id: PROFILE, title: 'Another', ...input })).toBe(
        expected,
      );
      expect(await app.database.prisma.scriptProfile.count()).toBe(1);
    });

    test.each(['ARCHIVED', 'REDACTED'])(
      'of a script that is %s is refused because of the copied profile’s script',
      async (status) => {
        await put();
        await app.database.prisma.script.updateMany({ data: { status } });
        expect(await refusal(app, 'duplicateScriptProfile', { id: PROFILE, title: 'Another' })).toBe(
          'SCRIPT_NOT_ACTIVE id',
        );
      },
    );

    test('is scheduled like any other profile', async () => {
      await put();
      const { databaseId } = await duplicate({});
      const { scriptProfile } = await ask(
        app,
        `{ scriptProfile(id: ${databaseId}) { upcomingRuns(first: 1) { at } } }`,
      );
      expect(scriptProfile.upcomingRuns).toEqual([{ at: '2025-04-11T06:00:00Z' }]);
    });
  });
}
