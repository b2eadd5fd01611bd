import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { logInAs, PASSWORD, sharedServer, visit } from './browser.ts';
import { mutate } from './mutate.ts';

// People and what they may do, the settings of the account, and the log of what was done.
export function administration(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  test('leads an invited person from the link over the password to the console', async () => {
    await visit(async ({ page, context, open }) => {
      await open('/administration/people');
      await page.getByRole('button', { name: 'Invite a person' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Vera Viewer');
      await dialog.getByLabel('E-mail').fill('vera@example.com');
      await dialog
        .getByRole('checkbox', { name: 'Auditor Sees everything, and changes nothing.' })
        .press('Space');
      await dialog.getByRole('button', { name: 'Invite' }).click();
      const link = await dialog.getByLabel('Link').inputValue();
      await context.clearCookies();
      // The link has the public address of the gateway, which is not that of the test's server.
      await page.goto(`${app.url}/set-password${new URL(link).hash}`);
      await page.getByLabel('New password').fill(PASSWORD);
      await page.getByLabel('The same again').fill(PASSWORD);
      await page.getByRole('button', { name: 'Set password' }).click();
      await page.getByRole('link', { name: 'Log in' }).click();
      await page.getByLabel('E-mail').fill('vera@example.com');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      await page.getByRole('button', { name: 'Menu of Vera Viewer' }).waitFor();
    });
    const { data } = await app.graphql('{ persons(filter: { search: "vera" }) { nodes { id } } }');
    await mutate(app, 'removePerson', { id: data.persons.nodes[0].id });
  });

  test('invites a person, shows the link once, and revokes the invitation', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/administration');
      await page.getByRole('button', { name: 'Invite a person' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Ada Lovelace');
      await dialog.getByLabel('E-mail').fill('john@example.com');
      await dialog.getByRole('checkbox', { name: 'Auditor' }).press('Space');
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Invite' }).click();
      await dialog.locator('.p-form-validation__message').waitFor();
      expect(await faults()).toEqual([]);
      await dialog.getByLabel('E-mail').fill('ada@example.com');
      await dialog.getByRole('button', { name: 'Invite' }).click();
      const link = await dialog.getByLabel('Link').inputValue();
      expect((await fetch(link)).status).toBe(200);
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'I have copied the link' }).click();
      const row = page.getByRole('row', { name: 'Ada Lovelace' });
      await row.getByText('Invited').waitFor();
      await row.getByRole('link', { name: 'Auditor' }).waitFor();
      await row.getByRole('button', { name: 'Change Ada Lovelace' }).click();
      expect(await faults()).toEqual([]);
      await page.getByRole('menuitem', { name: 'Revoke invitation' }).click();
      await dialog.getByRole('button', { name: 'Revoke invitation' }).click();
      await row.waitFor({ state: 'detached' });
      const { data } = await app.graphql('{ persons(filter: { search: "ada" }) { totalCount } }');
      expect(data.persons.totalCount).toBe(0);
    });
  });

  test('shows both edits of a role if another person changed it meanwhile', async () => {
    const input = { name: 'Operators', description: 'Before', permissions: ['VIEW_COMPUTER'] };
    const { role } = await mutate(app, 'createRole', input, 'role { id databaseId }');
    await visit(async ({ page, open, faults }) => {
      await open('/administration/roles');
      await page.getByRole('link', { name: 'Operators' }).click();
      await page.getByRole('checkbox', { name: 'View scripts' }).press('Space');
      await mutate(app, 'updateRole', { id: role.id, description: 'Changed meanwhile' });
      await page.getByRole('button', { name: 'Save role' }).click();
      const clash = page.getByRole('region', { name: 'Clash of two edits' });
      await clash.getByRole('cell', { name: 'Changed meanwhile' }).waitFor();
      await clash.getByRole('cell', { name: 'View computers, View scripts' }).waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('button', { name: 'Save mine over it' }).click();
      await page.getByRole('table', { name: 'Roles' }).waitFor();
      const { data } = await app.graphql(
        'query ($id: ID!) { node(id: $id) { ... on Role { permissions } } }',
        {
          id: role.id,
        },
      );
      expect(data.node.permissions.sort()).toEqual(['VIEW_COMPUTER', 'VIEW_SCRIPT']);
      await page.getByRole('link', { name: 'Operators' }).click();
      await page.getByRole('button', { name: 'Delete role' }).click();
      await page.getByText('No person has this role.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete role' }).click();
      await page.getByRole('link', { name: 'Operators' }).waitFor({ state: 'detached' });
    });
  });

  test('changes limits, refuses impossible ones at their field, and shows a clash', async () => {
    const { data } = await app.graphql('{ limits { minInterval maxNumProfiles } }');
    await visit(async ({ page, open, faults }) => {
      await open('/administration/limits');
      const minutes = page.getByLabel('Minutes between two runs');
      await minutes.fill('600000');
      await page.getByRole('button', { name: 'Save limits' }).click();
      await page.locator('.p-form-validation__message').getByText(/527/).waitFor();
      expect(await faults()).toEqual([]);
      await minutes.fill('30');
      await mutate(app, 'updateLimits', { maxNumProfiles: 50 });
      await page.getByRole('button', { name: 'Save limits' }).click();
      await page.getByText('Another person changed the limits meanwhile').waitFor();
      await page.getByRole('cell', { name: '50', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Discard' }).click();
      await minutes.fill('30');
      await page.getByRole('button', { name: 'Save limits' }).click();
      await page.getByText('Changed the limits.').waitFor();
      const { data: after } = await app.graphql('{ limits { minInterval maxNumProfiles } }');
      expect(after.limits).toEqual({ minInterval: 30, maxNumProfiles: 50 });
      // The event log names a limit as the form does.
      await open('/administration/event-log?action=LIMITS_EDITED');
      await page.getByText('Script profiles that are not archived').first().waitFor();
    });
    await mutate(app, 'updateLimits', data.limits);
  });

  test('creates an access key, shows its secret once, and revokes it', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/administration/access-keys');
      await page.getByRole('button', { name: 'Create access key' }).click();
      await page.getByLabel('Purpose').fill('Deployment');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const accessKey = await page.getByLabel('Access key', { exact: true }).inputValue();
      const secretKey = await page.getByLabel('Secret key').inputValue();
      expect(await faults()).toEqual([]);
      const logIn = async () =>
        (
          await app.graphql(
            'mutation ($input: LoginWithAccessKeyInput!) { loginWithAccessKey(input: $input) { session { token } } }',
            { input: { accessKey, secretKey } },
          )
        ).data?.loginWithAccessKey?.session?.token;
      expect(await logIn()).toEqual(expect.any(String));
      await page.getByRole('button', { name: 'I have stored the secret' }).click();
      await page.reload();
      await page.getByRole('rowheader', { name: 'Deployment' }).waitFor();
      expect(await page.getByText(secretKey).count()).toBe(0);
      await page.getByRole('button', { name: 'Revoke Deployment' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
      await page.getByText('You have no access key.').waitFor();
      expect(await logIn()).toBeUndefined();
    });
  });

  test('creates, moves and deletes access groups, and sets the registration key', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/administration/access-groups');
      await page.getByRole('button', { name: 'New access group' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Title').fill('Kiosks');
      await dialog.getByLabel('In', { exact: true }).selectOption('desktop');
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('button', { name: 'Edit Kiosks' }).click();
      await dialog.getByLabel('In', { exact: true }).selectOption('server');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      const parent = async () => {
        const { data } = await app.graphql('{ accessGroups { name parent { name } } }');
        return data.accessGroups.find(({ name }: { name: string }) => name === 'kiosks')?.parent.name;
      };
      expect(await parent()).toBe('server');
      await page.getByRole('button', { name: 'Delete Kiosks' }).click();
      await dialog.getByText('Its contents move to Server').waitFor();
      await dialog.getByRole('button', { name: 'Delete group' }).click();
      await page.getByRole('rowheader', { name: 'Kiosks' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Enrolment' }).click();
      await page.getByRole('button', { name: 'Propose a random key' }).click();
      await page.getByRole('button', { name: 'Set key' }).click();
      await page.getByRole('button', { name: 'Replace key' }).waitFor();
      const isSet = async () =>
        (await app.graphql('{ preferences { hasRegistrationKey } }')).data.preferences.hasRegistrationKey;
      expect(await isSet()).toBe(true);
      await page.getByRole('button', { name: 'Remove key' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove key' }).click();
      await page.getByText('No key is set').waitFor();
      expect(await isSet()).toBe(false);
    });
  });

  test('filters the event log, shows what changed, and follows new events', async () => {
    await mutate(app, 'updatePreferences', { title: 'Before the log' });
    await visit(async ({ page, open, faults }) => {
      await open('/administration/event-log?action=PREFERENCES_EDITED&search=john');
      const rows = page.getByRole('rowheader', { name: 'Preferences edited' });
      await rows.first().waitFor();
      expect(await page.getByRole('rowheader').count()).toBe(await rows.count());
      const before = await rows.count();
      await mutate(app, 'updatePreferences', { title: 'Standalone' });
      await waitUntil(
        'the new event is in the list',
        () => rows.count(),
        (number) => number === before + 1,
      );
      await page.locator('summary').first().click();
      await page.getByRole('cell', { name: 'Before the log' }).waitFor();
      expect(await faults()).toEqual([]);
      await page.getByLabel('Event', { exact: true }).selectOption('Role deleted');
      await waitUntil('the address has the filter', () => page.url().includes('action=ROLE_DELETED'));
    });
  });

  test('offers a person who may only look nothing to change', async () => {
    const auditor = { name: 'Grace Auditor', email: 'auditor@example.com', roles: ['Auditor'] };
    const { person } = await mutate(app, 'createPerson', auditor, 'person { id }');
    await app.setPassword(PASSWORD, auditor.email);
    await visit(
      async ({ page, context, open, faults }) => {
        await logInAs(context, app, auditor.email);
        await open('/computers/1');
        await page.getByRole('heading', { name: 'Web server 1' }).waitFor();
        const offered = (names: string[]) =>
          Promise.all(names.map((name) => page.getByRole('button', { name }).count()));
        expect(await offered(['Change tags', 'Edit', 'Remove'])).toEqual([0, 0, 0]);
        await open('/computers?tab=pending');
        await page.getByRole('rowheader', { name: 'Laptop 9' }).waitFor();
        expect(await offered(['Accept', 'Reject'])).toEqual([0, 0]);
        expect(await page.getByRole('checkbox').count()).toBe(0);
        await open('/scripts/35');
        await page.getByText('Interpreter').waitFor();
        expect(await offered(['Edit', 'Archive', 'Redact', 'New profile'])).toEqual([0, 0, 0, 0]);
        await open('/administration/limits');
        await page.getByText('An administrator of the account can change the limits.').waitFor();
        expect(await offered(['Save limits'])).toEqual([0]);
        expect(await faults()).toEqual([]);
      },
      { isLoggedIn: false },
    );
    await mutate(app, 'removePerson', { id: person.id });
  });
}
