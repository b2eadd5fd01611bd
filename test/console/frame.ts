import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';

// What every page has: navigation, keys, themes, and the state of the connection.
export function frame(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  const focused = (page: Page) => page.evaluate('document.activeElement?.getAttribute("aria-label")');

  test('leads to the pages, and the address is that of the page', async () => {
    await visit(async ({ page, open }) => {
      await open('/');
      const pages = page.getByRole('navigation', { name: 'Pages' });
      for (const [name, path] of [
        ['Profiles', '/profiles'],
        ['Runs', '/runs'],
        ['Calendar', '/calendar'],
        ['Computers', '/computers'],
        ['Scripts', '/scripts'],
        ['Administration', '/administration'],
        ['Overview', '/'],
      ] as const) {
        await pages.getByRole('link', { name, exact: true }).click();
        await page.locator(`[aria-current="page"] >> text=${name}`).first().waitFor();
        // A page of several parts shows its first part.
        expect(`/${new URL(page.url()).pathname.split('/')[1]}`).toBe(path);
      }
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Administration' }).waitFor();
    });
  });

  test('says that a page does not exist', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/no/such/page');
      await page.getByRole('heading', { name: 'No such page' }).waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('has keys for the search, for something new and for the help, unless they are turned off', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles');
      await page.getByText('7 profiles').waitFor();
      await page.keyboard.press('/');
      expect(await focused(page)).toBe('Search profiles by title');
      // In a field, a key is a letter.
      await page.keyboard.type('n?');
      expect(await page.getByRole('searchbox').inputValue()).toBe('n?');
      await page.getByRole('searchbox').fill('');
      await page.getByRole('searchbox').blur();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('switch', { name: 'Single keys work' }).press('Space');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('n');
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(new URL(page.url()).pathname).toBe('/profiles');
      await page.getByRole('button', { name: 'Menu of John Smith' }).click();
      await page.getByRole('menuitem', { name: 'Keyboard and help' }).click();
      await page.getByRole('switch', { name: 'Single keys work' }).press('Space');
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: 'New script profile' }).waitFor();
    });
  });

  test('follows the theme of the system, or the one that the person chose', async () => {
    const isDark = (page: Page) => page.evaluate('document.documentElement.classList.contains("is-dark")');
    await visit(
      async ({ page, open }) => {
        await open('/profiles');
        expect(await isDark(page)).toBe(true);
        await page.emulateMedia({ colorScheme: 'light' });
        await waitUntil(
          'the page is light',
          () => isDark(page),
          (dark) => dark === false,
        );
        await page.getByRole('button', { name: 'Menu of John Smith' }).click();
        await page.getByRole('menuitem', { name: 'Dark theme' }).click();
        expect(await isDark(page)).toBe(true);
        await page.reload();
        expect(await isDark(page)).toBe(true);
      },
      { theme: 'dark' },
    );
  });

  test('has a menu that opens and closes on a small screen', async () => {
    await visit(
      async ({ page, open, faults }) => {
        await open('/profiles');
        await page.getByRole('button', { name: 'Menu', exact: true }).click();
        const scripts = page.getByRole('link', { name: 'Scripts', exact: true });
        await scripts.waitFor();
        expect(await faults()).toEqual([]);
        await scripts.click();
        await page.getByRole('heading', { name: 'Scripts' }).waitFor();
        const isOpen = () => page.locator('.l-navigation:not(.is-collapsed)').count();
        await waitUntil('the menu is closed', isOpen, (open) => open === 0);
      },
      { width: 390 },
    );
  });

  test('says from when on the connection is lost, and loads what was missed', async () => {
    let isDown = false;
    let cut = async () => {};
    await visit(async ({ page, open, faults }) => {
      await page.routeWebSocket(/\/graphql$/, (socket) => {
        if (isDown) return socket.close({ code: 1013 });
        const server = socket.connectToServer();
        cut = async () => {
          await server.close();
          await socket.close({ code: 1012 });
        };
      });
      await open('/profiles');
      const row = page.getByRole('row', { name: 'Count old logs on web servers' });
      await row.getByText('Active').waitFor();
      isDown = true;
      await cut();
      await page.getByText('The connection to the gateway is lost.').waitFor();
      expect(await faults()).toEqual([]);
      const { data } = await app.graphql(
        '{ scriptProfiles(filter: { search: "Count old logs" }) { nodes { id } } }',
      );
      const change = (mutation: string) =>
        app.graphql(`mutation ($id: ID!) { ${mutation}(input: { id: $id }) { userErrors { message } } }`, {
          id: data.scriptProfiles.nodes[0].id,
        });
      await change('pauseScriptProfile');
      isDown = false;
      await row.getByText('Paused').waitFor();
      await page.getByText('The connection to the gateway is lost.').waitFor({ state: 'detached' });
      await change('resumeScriptProfile');
      await row.getByText('Active').waitFor();
    });
  });
}
