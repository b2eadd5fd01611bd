import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';
import { aFleet } from './fleet.ts';

// When the profiles will run.
export function calendar(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  const WEEK_MS = 7 * 86_400_000;
  /** A week that begins in the future, so that no run of it starts meanwhile. */
  const nextWeek = () => new Date(Date.now() + WEEK_MS);
  const KOLKATA = { timeZone: 'Asia/Kolkata' };

  const inZone = (at: Date, timeZone: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at);

  /** `Mon 7 Dec, 08:00`, as the cells are named. */
  const hourOf = (at: string, timeZone: string) => {
    const time = new Date(at);
    const day = inZone(time, timeZone, { weekday: 'short', day: 'numeric', month: 'short' });
    return `${day}, ${inZone(time, timeZone, { hour: '2-digit', hourCycle: 'h23' })}:00`;
  };

  const cells = (page: Page) => page.getByRole('table').locator('a.heat-cell');
  const day = (at: Date) => at.toISOString().slice(0, 10);

  interface Upcoming {
    readonly at: string;
    readonly conflicting: boolean;
    readonly scriptProfile: { readonly title: string };
  }

  test('each hour of the week has the runs that the gateway expects, in the zone of the viewer', async () => {
    await visit(async ({ page, open, faults }) => {
      await open(`/calendar?from=${day(nextWeek())}`);
      await cells(page).first().waitFor();
      const shown = await cells(page).evaluateAll((links) =>
        (
          links as unknown as { getAttribute(name: string): string; textContent: string; className: string }[]
        ).map((link) => [
          link.getAttribute('aria-label').split(': ')[0],
          link.textContent,
          link.className.includes('is-conflicting'),
        ]),
      );
      const days = await page.getByRole('table').getByRole('columnheader').allInnerTexts();
      expect(days).toHaveLength(7);
      const from = new Date(nextWeek().getTime() - WEEK_MS).toISOString();
      const to = new Date(nextWeek().getTime() + WEEK_MS).toISOString();
      const { data } = await app.graphql(
        'query ($from: DateTime!, $to: DateTime!) { upcomingRuns(from: $from, to: $to) { runs { at conflicting } } }',
        { from, to },
      );
      const expected = new Map<string, { number: number; conflicting: boolean }>();
      for (const { at, conflicting } of data.upcomingRuns.runs as Upcoming[]) {
        const hour = hourOf(at, KOLKATA.timeZone);
        if (!days.some((name) => hour.startsWith(name.replace(/\s+/g, ' ').trim()))) continue;
        const before = expected.get(hour) ?? { number: 0, conflicting: false };
        expected.set(hour, { number: before.number + 1, conflicting: before.conflicting || conflicting });
      }
      expect(expected.size).toBeGreaterThan(6);
      expect(shown.toSorted()).toEqual(
        [...expected]
          .map(([hour, { number, conflicting }]) => [hour, String(number), conflicting])
          .toSorted(),
      );
      expect(await faults()).toEqual([]);
    }, KOLKATA);
  });

  test('arrow keys move between hours with runs, and Enter lists the profiles of one', async () => {
    await visit(async ({ page, open }) => {
      await open(`/calendar?from=${day(nextWeek())}`);
      await cells(page).first().waitFor();
      // Only one cell is reached by Tab.
      expect(await page.getByRole('table').locator('a.heat-cell[tabindex="0"]').count()).toBe(1);
      await cells(page).first().focus();
      const focused = () =>
        page.evaluate('document.activeElement.getAttribute("aria-label")') as Promise<string>;
      const before = await focused();
      await page.keyboard.press('ArrowRight');
      const [hour] = (await focused()).split(': ');
      expect(hour).not.toBe(before.split(': ')[0]);
      // The same hour on the next day.
      expect(hour!.slice(-5)).toBe(before.split(': ')[0]!.slice(-5));
      await page.keyboard.press('Enter');
      const [name, clock] = hour!.split(', ');
      await page.getByRole('heading', { name: `${name}, ${clock} to ` }).waitFor();
      expect(new URL(page.url()).searchParams.get('at')).toMatch(new RegExp(`T${clock!.slice(0, 2)}$`));
      await page
        .getByRole('complementary')
        .or(page.locator('.calendar__side'))
        .getByRole('listitem')
        .first()
        .waitFor();
    });
  });

  test('conflicts name both profiles and lead to them', async () => {
    const { profile } = await aFleet(app, 'dock', 1);
    // Runs at the same times, on the same computer.
    const other = `${profile.title}, too`;
    await app.graphql(
      'mutation ($id: ID!, $title: String!) { duplicateScriptProfile(input: { id: $id, title: $title }) { userErrors { message } } }',
      { id: profile.id, title: other },
    );
    await visit(async ({ page, open }) => {
      await open('/calendar?view=month');
      const conflicts = page.getByRole('region', { name: 'Runs that may overlap' });
      await conflicts.getByRole('link', { name: profile.title, exact: true }).first().waitFor();
      await conflicts.getByRole('link', { name: other }).first().click();
      await page.waitForURL(/\/profiles\/\d+$/);
    });
  });

  test('a month shows its days, leads to a week, and goes no further back than now', async () => {
    await visit(
      async ({ page, open, faults }) => {
        await open('/calendar?view=month');
        await cells(page).first().waitFor();
        const title = (at: Date) => inZone(at, 'UTC', { month: 'long', year: 'numeric' });
        const now = new Date();
        await page.getByRole('heading', { name: title(now) }).waitFor();
        expect(await page.getByRole('button', { name: 'Earlier' }).isDisabled()).toBe(true);
        expect(await faults()).toEqual([]);
        await page.getByRole('link', { name: 'Later' }).click();
        const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
        await page.getByRole('heading', { name: title(next) }).waitFor();
        await page.getByRole('link', { name: '15', exact: true }).click();
        await page.getByRole('table', { name: /Runs by hour/ }).waitFor();
        expect(new URL(page.url()).searchParams.get('from')).toBe(`${day(next).slice(0, 7)}-15`);
      },
      { theme: 'dark', width: 390 },
    );
  });

  test('a profile that is paused leaves the calendar by itself', async () => {
    const { data } = await app.graphql(
      '{ scriptProfiles(filter: { search: "Count old logs" }) { nodes { id title } } }',
    );
    const [{ id, title }] = data.scriptProfiles.nodes;
    const change = (mutation: string) =>
      app.graphql(`mutation ($id: ID!) { ${mutation}(input: { id: $id }) { userErrors { message } } }`, {
        id,
      });
    await visit(async ({ page, open }) => {
      await open(`/calendar?from=${day(nextWeek())}`);
      const listed = page
        .getByRole('region', { name: 'All profiles of this week' })
        .getByRole('link', { name: title });
      await listed.waitFor();
      await change('pauseScriptProfile');
      await listed.waitFor({ state: 'detached' });
      await change('resumeScriptProfile');
      await listed.waitFor();
      await waitUntil('cells are there', async () => (await cells(page).count()) > 0);
    });
  });
}
