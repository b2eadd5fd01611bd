import { expect, test } from '@jest/globals';
import { visit } from './browser.ts';

// What the browser loads before the first page shows.
export function weight(): void {
  const MAX_SCRIPT_BYTES = 250_000;

  test.each(['/', '/profiles', '/runs', '/computers'])(
    '%s loads at most 250 kB of compressed scripts, and each file once',
    async (path) => {
      await visit(async ({ page, open }) => {
        const sizes = new Map<string, Promise<number>>();
        page.on('requestfinished', (request) => {
          if (request.resourceType() !== 'script') return;
          expect(sizes.has(request.url())).toBe(false);
          sizes.set(
            request.url(),
            request.sizes().then(({ responseBodySize }) => responseBodySize),
          );
        });
        await open(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
        expect(sizes.size).toBeGreaterThan(0);
        expect(total).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
      });
    },
  );

  test('files are never asked for again, because their names contain a hash', async () => {
    await visit(async ({ page, open }) => {
      await open('/profiles');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const entry of (await page.evaluate(
        'performance.getEntriesByType("resource").map(({ name, transferSize }) => ({ name, transferSize }))',
      )) as { name: string; transferSize: number }[])
        if (entry.name.includes('/assets/')) expect(entry).toMatchObject({ transferSize: 0 });
    });
  });
}
