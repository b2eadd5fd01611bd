import { beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';

// Each page loads without an error, has a title of its own, fits a small screen, and breaks no rule of axe.
export function everyPage(): void {
  beforeAll(async () => {
    await sharedServer();
  });

  const paths = [
    '/',
    '/profiles',
    '/profiles/5',
    '/profiles/new',
    '/profiles/5/edit',
    '/runs',
    '/runs/2396',
    '/calendar',
    '/computers',
    '/computers/1',
    '/scripts',
    '/scripts/new',
    '/scripts/35',
    '/administration',
  ];

  describe.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('%s, at %i pixels', (theme, width) => {
    test.each(paths)('%s', async (path) => {
      await visit(
        async ({ page, open, faults }) => {
          await open(path);
          await page.getByRole('heading', { level: 1 }).waitFor();
          await waitUntil(
            'the page has loaded',
            () => page.locator('.loading').count(),
            (left) => left === 0,
          );
          expect(await page.title()).toMatch(/.+ · Script profiles$/);
          // Nothing but tables and code scrolls sideways.
          expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(
            Number(await page.evaluate('document.querySelector("main").clientWidth')),
          );
          expect(await faults()).toEqual([]);
        },
        { theme, width },
      );
    });
  });
}
