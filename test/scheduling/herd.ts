import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStore } from '../../src/repositories/store.ts';
import { times } from '../services/at-once.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anotherConnection } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { blocked, waitUntil, waitUntilBlocked } from '../support/waiting.ts';

export function herd(): void {
  // Many profiles are due at the same minute, and all of them are blocked. So the scheduler uses all the connections
  // that it may have.

  const PROFILES = 200;
  let app: TestApp;
  let account: TestAccount;
  beforeAll(async () => {
    app = await startApp({ seed: 'none', now: NOW, environment: { SCHEDULER: 'on' } });
    account = await anAccount(app.database.prisma);
    await insert(app.database.prisma, 'script', account, [{ id: 1000 }]);
    await insert(app.database.prisma, 'computer', account, [{ id: 1000 }]);
  });
  afterAll(() => app.close());

  test('if all work of the scheduler hangs, requests are still answered, and afterwards all profiles are fired', async () => {
    const other = anotherConnection(app.database);
    const token = app.token('jane@example.com', 'acme');
    await createStore(other.prisma).transaction(async (tx) => {
      // Every firing waits for this lock.
      await tx.computers.lockForRemoval(account.id);
      const rows = times(PROFILES, (index) => ({ id: 1000 + index, nextRun: NOW }));
      await insert(app.database.prisma, 'script_profile', account, rows);
      await createStore(app.database.prisma).transaction(async (another) => another.wakeClocks());
      await waitUntilBlocked(other, 3);

      const answers = await Promise.all(
        times(40, (index) =>
          index % 2
            ? app.graphql('{ scriptProfiles(first: 10) { totalCount } }', {}, token)
            : app.graphql(
                'mutation ($input: CreateAccessGroupInput!) { createAccessGroup(input: $input) { userErrors { code } } }',
                { input: { title: `Group ${index}` } },
                token,
              ),
        ),
      );
      expect(answers.map(({ status, errors }) => [status, errors])).toEqual(
        times(40, () => [200, undefined]),
      );
      // None of the firings has made progress. One that has waited too long gives up, and another takes its place.
      await waitUntilBlocked(other, 3);
      expect(await blocked(other)).toBeLessThanOrEqual(3);
      expect(await other.prisma.run.count()).toBe(0);
    });
    await waitUntil(
      'each profile has run',
      () => other.prisma.run.count(),
      (runs) => runs === PROFILES,
    );
    await other.close();
  });
}
