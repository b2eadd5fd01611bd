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
      const help = page.getByRole('dialog', { name: 'Keyboard' });
      await help.getByText('Search profiles by title').waitFor();
      await help.getByText('New profile').waitFor();
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

  test('lists only keys that do something on the page, and leads to something new on each list', async () => {
    await visit(async ({ page, open }) => {
      await open('/calendar');
      await page.getByRole('heading', { level: 1, name: 'Calendar' }).waitFor();
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard' });
      expect(await help.locator('kbd').allInnerTexts()).toEqual(['u', '?', 'Esc']);
      for (const [path, title] of [
        ['/scripts', 'New script'],
        ['/administration/people', 'Invite a person'],
        ['/administration/roles', 'New role'],
        ['/administration/access-groups', 'New access group'],
        ['/administration/access-keys', 'Create access key'],
      ] as const) {
        await open(path);
        await page.locator('[data-key="n"]').first().waitFor();
        await page.keyboard.press('n');
        await page.getByRole('heading', { name: title }).waitFor();
      }
    });
  });

  test('shows times in the zone of the person, and in UTC if they hover or press a key', async () => {
    await visit(
      async ({ page, open }) => {
        await open('/runs/2396');
        const time = page.locator('time').first();
        const at = new Date((await time.getAttribute('datetime'))!);
        const utcOf = (length: number) => `${at.toISOString().slice(0, length).replace('T', ' ')} UTC`;
        const utc = utcOf(16);
        const hour = String((at.getUTCHours() + 9) % 24).padStart(2, '0');
        expect(await time.textContent()).toContain(`${hour}:`);
        expect(await time.getAttribute('title')).toContain(utcOf(19));
        await page.keyboard.press('u');
        await page.locator('time', { hasText: utc }).first().waitFor();
        await page.getByRole('button', { name: 'Menu of John Smith' }).click();
        await page.getByRole('menuitem', { name: 'Times in your time zone' }).click();
        await page.locator('time', { hasText: utc }).waitFor({ state: 'detached' });
      },
      { timeZone: 'Asia/Tokyo' },
    );
  });

  test('offers to show all of a list if the search and the filters leave nothing', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles?search=nothing+has+this+title&state=PAUSED&order=TITLE');
      await page.getByText('No profile matches the search and the filters.').waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByText('7 profiles').waitFor();
      expect(new URL(page.url()).search).toBe('?order=TITLE');
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
