import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { at } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload } from './mutate.ts';

// The optimistic lock: a caller who changes an object that another caller has changed sees both versions.
export function expectedVersion(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
  });
  beforeEach(async () => {
    await resetDatabase(app.database);
    const account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
    const none = { timestamp: null, isFinished: null };
    const daily = { triggerKind: 'recurring', interval: '0 6 * * *', startAfter: at('2025-01-01T00:00') };
    await insert(app.database.prisma, 'script_profile', account, [
      { id: 7, ...none, ...daily, title: 'Nightly', version: 4, nextRun: at('2025-04-11T06:00') },
    ]);
  });

  const SELECTION = `scriptProfile { version title }
  clash { current { databaseId version title archived pausedAt script { title } } changedFields { field current yours } }`;
  const act = (name: string, input: object): Promise<Payload> =>
    mutate(app, name, { id: 7, ...input }, SELECTION);
  const stored = async () =>
    (await ask(app, '{ scriptProfile(id: 7) { title version archived pausedAt pauseNote } }')).scriptProfile;

  test('an edit of the version that was read succeeds, and the next one needs the new version', async () => {
    const done = await act('updateScriptProfile', { title: 'Weekly', expectedVersion: 4 });
    expect(done).toEqual({ userErrors: [], clash: null, scriptProfile: { version: 5, title: 'Weekly' } });

    const clashed = await act('updateScriptProfile', {
      title: 'Monthly',
      trigger: { recurring: { interval: '0 7 1 * *' } },
      expectedVersion: 4,
    });
    expect(clashed).toMatchObject({
      scriptProfile: null,
      userErrors: [{ code: 'VERSION_CLASH', field: 'expectedVersion', found: '4', allowed: '5' }],
      clash: {
        current: { databaseId: 7, version: 5, title: 'Weekly', script: { title: 'Script 1000' } },
        changedFields: [
          { field: 'title', current: '"Weekly"', yours: '"Monthly"' },
          { field: 'trigger.recurring.interval', current: '"0 6 * * *"', yours: '"0 7 1 * *"' },
        ],
      },
    });
    expect(await stored()).toMatchObject({ title: 'Weekly', version: 5 });
  });

  test.each([
    ['pauseScriptProfile', { note: 'Holidays' }],
    ['resumeScriptProfile', {}],
    ['archiveScriptProfile', {}],
  ])('%s is also refused for another version, and changes nothing', async (name, input) => {
    const before = await stored();
    const refused = await act(name, { ...input, expectedVersion: 3 });
    expect(refused.userErrors).toMatchObject([{ code: 'VERSION_CLASH', found: '3', allowed: '4' }]);
    expect(refused.clash.current).toMatchObject({ version: 4 });
    expect(await stored()).toEqual(before);
    expect((await act(name, { ...input, expectedVersion: 4 })).userErrors).toEqual([]);
  });

  test('an edit of a profile that was archived in the meantime is refused with a clash that says so', async () => {
    await act('archiveScriptProfile', { expectedVersion: 4 });
    const { clash } = await act('updateScriptProfile', { title: 'Weekly', expectedVersion: 4 });
    expect(clash).toMatchObject({ current: { archived: true, version: 5 } });
    expect(clash.changedFields).toContainEqual({ field: 'archived', current: 'true', yours: 'false' });
    expect((await act('updateScriptProfile', { title: 'Weekly' })).userErrors).toMatchObject([
      { code: 'PROFILE_ARCHIVED' },
    ]);
  });

  test('other refusals have no clash', async () => {
    const refused = await act('updateScriptProfile', { title: '', expectedVersion: 3 });
    expect(refused).toMatchObject({ clash: null, userErrors: [{ code: 'INVALID_INPUT', field: 'title' }] });
  });

  test('a run by the scheduler is not an edit, so it does not increase the version', async () => {
    await mutate(app, 'runScriptProfile', { id: 7, idempotencyKey: 'k' });
    expect((await act('updateScriptProfile', { title: 'Weekly', expectedVersion: 4 })).userErrors).toEqual(
      [],
    );
  });
}
