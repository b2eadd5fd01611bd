import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { logInAs, PASSWORD, sharedServer, type Visit, visit } from './browser.ts';
import { mutate } from './mutate.ts';

// What a person without a permission sees, also behind a link that another person sent.
export function forbidden(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  /** Lets a person with one role use the console. Removes the person afterwards. */
  const visitAs = async (role: string, use: (visit: Visit) => Promise<void>) => {
    const email = `${role.toLowerCase()}-only@example.com`;
    const { person } = await mutate(
      app,
      'createPerson',
      { name: role, email, roles: [role] },
      'person { id }',
    );
    await app.setPassword(PASSWORD, email);
    try {
      await visit(
        async (visited) => {
          await logInAs(visited.context, app, email);
          await use(visited);
        },
        { isLoggedIn: false },
      );
    } finally {
      await mutate(app, 'removePerson', { id: person.id });
    }
  };

  /** The page once it has loaded: permissions that it says are missing, and every button and link to change something. */
  const lookAt = async ({ page, openLoaded }: Visit, path: string) => {
    await openLoaded(path);
    const missing = await page.getByText(/^You need the permission/).allInnerTexts();
    const offered = page
      .getByRole('main')
      .locator(
        'button:enabled:not([aria-disabled="true"]), a[href$="/new"], a[href*="/edit"], a[href*="/new?"]',
      );
    const names = await offered.allInnerTexts();
    return {
      missing,
      alerts: await page.getByRole('alert').count(),
      names: names.map((name) => name.trim()),
    };
  };

  test('opens each page for a person who may only view, and offers them nothing that changes', async () => {
    await visitAs('Auditor', async (visited) => {
      const changing =
        /^(New|Create|Edit|Save|Archive|Redact|Remove|Change|Accept|Reject|Pause|Resume|Run|Cancel run|Duplicate|Invite|Delete|Set|Replace)\b/;
      const found: Record<string, unknown> = {};
      const paths = [
        ...['/', '/profiles', '/profiles/5', '/profiles/5?tab=targets', '/profiles/5?tab=versions'],
        ...['/runs', '/runs/2396', '/calendar', '/computers', '/computers?tab=pending', '/computers/1'],
        ...['/scripts', '/scripts/35', '/scripts/35?tab=versions', '/scripts/35?tab=files'],
        ...['people', 'roles', 'access-groups', 'limits', 'enrolment', 'event-log'].map(
          (part) => `/administration/${part}`,
        ),
      ];
      for (const path of paths) {
        const { missing, alerts, names } = await lookAt(visited, path);
        const isRefused = missing.length + alerts > 0;
        found[path] = [...(isRefused ? ['is refused'] : []), ...names.filter((name) => changing.test(name))];
      }
      expect(found).toEqual(Object.fromEntries(paths.map((path) => [path, []])));
    });
    // An administrator is offered what the Auditor is not.
    await visit(async (visited) => {
      expect((await lookAt(visited, '/profiles/5')).names).toEqual(
        expect.arrayContaining(['Run now', 'Edit', 'Pause', 'Duplicate', 'Archive']),
      );
    });
  });

  test('says which permission a page needs if a link leads to it without the permission', async () => {
    await visitAs('Auditor', async (visited) => {
      const needs = async (path: string) => (await lookAt(visited, path)).missing;
      const manageProfiles = 'You need the permission “Create, edit, run and archive script profiles”.';
      const manageScripts = 'You need the permission “Create, edit and archive scripts”.';
      expect(await needs('/profiles/new')).toEqual([manageProfiles]);
      expect(await visited.faults()).toEqual([]);
      expect(await needs('/profiles/5/edit')).toEqual([manageProfiles]);
      expect(await needs('/scripts/new')).toEqual([manageScripts]);
      expect(await needs('/scripts/35/edit')).toEqual([manageScripts]);
      expect(await needs('/administration/roles/new')).toEqual([
        'You need the permission “Change people and roles”.',
      ]);
    });
  });

  test('says which permission is missing if a person may view neither profiles nor scripts', async () => {
    const input = { name: 'Porter', permissions: ['VIEW_COMPUTER'], accessGroups: ['server'] };
    const { role } = await mutate(app, 'createRole', input, 'role { id }');
    await visitAs('Porter', async (visited) => {
      const found: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const [permission, paths] of [
        [
          'View script profiles and runs',
          ['/', '/profiles', '/profiles/8', '/runs', '/runs/2396', '/calendar'],
        ],
        ['View script profiles and runs', ['/administration/limits']],
        ['View scripts', ['/scripts', '/scripts/35']],
        ['View people and roles', ['/administration/people', '/administration/roles/1']],
        ['View the event log', ['/administration/event-log']],
      ] as const)
        for (const path of paths) {
          const { missing, alerts } = await lookAt(visited, path);
          found[path] = { missing, alerts };
          expected[path] = { missing: [`You need the permission “${permission}”.`], alerts: 0 };
        }
      expect(found).toEqual(expected);
      expect((await lookAt(visited, '/computers/9')).missing).toEqual([]);
      const pages = visited.page.getByRole('navigation', { name: 'Pages' });
      expect(await pages.getByRole('link').allInnerTexts()).toEqual([
        'Overview',
        'Computers',
        'Administration',
      ]);
    });
    await mutate(app, 'deleteRole', { id: role.id });
  });
}
