import { beforeAll, expect, test } from '@jest/globals';
import { sharedServer, visit } from './browser.ts';

/** Whether a row shows less than 80 pixels of its name, although the name is longer. */
const HIDES_NAMES = `[...document.querySelectorAll('.list tbody th')].some((cell) => {
  const text = document.createRange();
  text.selectNodeContents(cell);
  return cell.offsetWidth < Math.min(80, Math.floor(text.getBoundingClientRect().width));
})`;

// Each page loads without an error, has a title of its own, fits its screen, names its rows, and breaks no rule of axe.
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
    '/computers?tab=pending',
    '/computers/1',
    '/scripts',
    '/scripts/new',
    '/scripts/35',
    '/scripts/35?tab=versions',
    '/scripts/35/edit',
    '/administration',
    '/administration/roles',
    '/administration/roles/new',
    '/administration/access-groups',
    '/administration/enrolment',
    '/administration/event-log',
  ];

  test.each([
    ['light', 1440],
    ['light', 768],
    ['dark', 390],
  ] as const)('is without faults if it is %s and %i pixels wide', async (theme, width) => {
    await visit(
      async ({ page, openLoaded, faults }) => {
        const found: Record<string, readonly string[]> = {};
        for (const path of paths) {
          await openLoaded(path);
          const main = (property: string) => page.evaluate(`document.querySelector('main').${property}`);
          // Only tables and code scroll sideways, within themselves.
          const isTooWide = Number(await main('scrollWidth')) > Number(await main('clientWidth'));
          // Columns of fixed widths must leave the first one its room.
          const hidesNames = await page.evaluate(HIDES_NAMES);
          const isNamed = /.+ · Script profiles$/.test(await page.title());
          found[path] = [
            ...(isTooWide ? ['scrolls sideways'] : []),
            ...(hidesNames ? ['hides the names of its rows'] : []),
            ...(isNamed ? [] : ['has no title']),
            ...(await faults()),
          ];
        }
        expect(found).toEqual(Object.fromEntries(paths.map((path) => [path, []])));
      },
      { theme, width },
    );
  });
}
