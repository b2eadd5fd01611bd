import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { PASSWORD, sharedServer, visit } from './browser.ts';

// Sessions: how one begins, ends, expires and changes hands.
export function logIn(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  const fillIn = async (page: Page, email: string, password: string) => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
  };

  test('says why a log-in was refused, and leads to the page of the address', async () => {
    await visit(
      async ({ page, open, faults }) => {
        await open('/profiles?search=backups');
        await fillIn(page, 'john@example.com', 'another password');
        await page.getByRole('alert').getByText('password').waitFor();
        expect(await faults()).toEqual([]);
        await fillIn(page, 'john@example.com', PASSWORD);
        await page.getByText('1 profile', { exact: true }).waitFor();
        expect(page.url()).toBe(`${app.url}/profiles?search=backups`);
      },
      { isLoggedIn: false, expects: /401/ },
    );
  });

  test('keeps neither the token nor the password where a script can read them', async () => {
    await visit(
      async ({ page, context, open }) => {
        await open('/profiles');
        await fillIn(page, 'john@example.com', PASSWORD);
        await page.getByText('7 profiles').waitFor();
        const readable = String(
          await page.evaluate(
            'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
          ),
        );
        expect(readable).toBe('["",{},{}]');
        expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
      },
      { isLoggedIn: false },
    );
  });

  test('exchanges a token for a session', async () => {
    await visit(
      async ({ page, open }) => {
        await open('/profiles');
        await page.getByRole('button', { name: 'Log in with a token' }).click();
        await page.getByLabel('Token').fill(app.token());
        await page.getByRole('button', { name: 'Log in', exact: true }).click();
        await page.getByText('7 profiles').waitFor();
      },
      { isLoggedIn: false },
    );
  });

  test('ignores a token in the address, which the sender of a link may have put there', async () => {
    await visit(
      async ({ page, open }) => {
        await open(`/profiles#token=${app.token()}`);
        await page.getByLabel('Password', { exact: true }).waitFor();
      },
      { isLoggedIn: false },
    );
  });

  test('ends the session on the server and shows the log-in', async () => {
    await visit(async ({ page, context, open }) => {
      await open('/profiles');
      await page.getByText('7 profiles').waitFor();
      const before = await context.cookies();
      await page.getByRole('button', { name: 'Menu of John Smith' }).click();
      await page.getByRole('menuitem', { name: 'Log out' }).click();
      await page.getByLabel('Password', { exact: true }).waitFor();
      // The cookie that it had is worthless.
      await context.addCookies(before);
      await open('/profiles');
      await page.getByLabel('Password', { exact: true }).waitFor();
    });
  });

  test('asks again in front of the page if the session ends, and keeps what was typed', async () => {
    await visit(
      async ({ page, context, open }) => {
        await open('/profiles');
        await page.getByText('7 profiles').waitFor();
        await context.clearCookies();
        await page.getByRole('searchbox').fill('backups');
        await page.getByRole('heading', { name: 'Log in again' }).waitFor();
        await fillIn(page, 'john@example.com', PASSWORD);
        await page.getByText('1 profile', { exact: true }).waitFor();
        expect(await page.getByRole('searchbox').inputValue()).toBe('backups');
      },
      { expects: /401/ },
    );
  });

  test('offers a person only the pages and actions of their permissions', async () => {
    await app.setPassword(PASSWORD, 'grace@example.com');
    await visit(
      async ({ page, open }) => {
        await open('/profiles');
        await fillIn(page, 'grace@example.com', PASSWORD);
        await page.getByRole('navigation', { name: 'Pages' }).waitFor();
        await page.getByRole('heading', { name: 'Script profiles' }).waitFor();
        const { data } = await app.graphql(
          '{ viewer { permissions { permission } } }',
          {},
          app.token('grace@example.com'),
        );
        const held = data.viewer.permissions.map(({ permission }: { permission: string }) => permission);
        const isOffered = await page.getByRole('link', { name: 'New profile' }).isVisible();
        expect(isOffered).toBe(held.includes('MANAGE_SCRIPT_PROFILE'));
        await page.getByRole('link', { name: 'Profiles', exact: true }).waitFor();
        const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();
        expect(names.includes('Computers')).toBe(held.includes('VIEW_COMPUTER'));
      },
      { isLoggedIn: false },
    );
  });
}
