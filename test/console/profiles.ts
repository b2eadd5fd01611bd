import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';

// The model of all lists: what it shows, and that the address holds what is shown.
export function profiles(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  const titles = async (page: Page) =>
    page
      .getByRole('table', { name: 'Script profiles' })
      .getByRole('rowheader')
      .getByRole('link')
      .allInnerTexts();

  const titlesOf = async (orderBy: string, filter = '{}'): Promise<string[]> => {
    const { data } = await app.graphql(
      `{ scriptProfiles(orderBy: ${orderBy}, filter: ${filter}) { nodes { title } } }`,
    );
    return data.scriptProfiles.nodes.map(({ title }: { title: string }) => title);
  };

  const untilTitlesAre = (page: Page, expected: readonly string[]) =>
    waitUntil(
      `the list shows ${expected.join(', ')}`,
      () => titles(page),
      (found) => JSON.stringify(found) === JSON.stringify(expected),
    );

  test('shows each profile with its state, schedule, results and runs', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles');
      const row = page.getByRole('row', { name: 'Check the backups every night' });
      await row.getByText('At 02:30 (UTC)').waitFor();
      await row.getByText('Paused').waitFor();
      const strip = await row.getByRole('img').getAttribute('aria-label');
      expect(strip?.split('; ')).toHaveLength(7);
      expect(await faults()).toEqual([]);
    });
  });

  test('sorts by a column, both ways, and keeps the order in the address', async () => {
    await visit(async ({ page, open }) => {
      await open('/profiles');
      await untilTitlesAre(page, await titlesOf('{ field: NEXT_RUN, direction: ASC }'));
      const heading = page.getByRole('columnheader', { name: 'Profile' });
      await heading.getByRole('button').click();
      await untilTitlesAre(page, await titlesOf('{ field: TITLE, direction: ASC }'));
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      await heading.getByRole('button').click();
      const descending = await titlesOf('{ field: TITLE, direction: DESC }');
      await untilTitlesAre(page, descending);
      await page.reload();
      await untilTitlesAre(page, descending);
    });
  });

  test('searches while a person types, and filters by state', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles');
      await page.getByText('7 profiles').waitFor();
      await page.getByRole('searchbox').pressSequentially('check');
      await page.getByText('2 profiles').waitFor();
      await page.getByLabel('State').selectOption('Paused');
      await page.getByText('1 profile', { exact: true }).waitFor();
      expect(new URL(page.url()).search).toBe('?search=check&state=PAUSED');
      await page.getByRole('searchbox').fill('no such title');
      await page.getByText('No profile matches the search and the filters.').waitFor();
      expect(await faults()).toEqual([]);
      await page.goBack();
    });
  });

  test('shows times in the zone of the browser, and UTC beside them', async () => {
    const { data } = await app.graphql(
      '{ scriptProfiles(filter: { search: "Count old logs" }) { nodes { nextRun } } }',
    );
    const next = new Date(data.scriptProfiles.nodes[0].nextRun);
    await visit(
      async ({ page, open }) => {
        await open('/profiles?search=Count+old+logs');
        const time = page.locator(`time[datetime="${data.scriptProfiles.nodes[0].nextRun}"]`);
        const there = new Intl.DateTimeFormat('en-GB', {
          timeZone: 'Asia/Kolkata',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
        expect(await time.textContent()).toContain(there.format(next));
        expect(await time.getAttribute('title')).toContain(
          `${next.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
        );
      },
      { timeZone: 'Asia/Kolkata' },
    );
  });

  test('follows changes of other people, also new profiles', async () => {
    await visit(async ({ page, open }) => {
      await open('/profiles?order=TITLE');
      const row = page.getByRole('row', { name: 'Count old logs on web servers' });
      await row.getByText('Active').waitFor();
      const { data } = await app.graphql(
        '{ scriptProfiles(filter: { search: "Count old logs" }) { nodes { id } } scripts(first: 1) { nodes { id } } }',
      );
      const { id } = data.scriptProfiles.nodes[0];
      await app.graphql(
        'mutation ($id: ID!) { pauseScriptProfile(input: { id: $id }) { userErrors { message } } }',
        {
          id,
        },
      );
      await row.getByText('Paused').waitFor();
      await app.graphql(
        'mutation ($id: ID!) { resumeScriptProfile(input: { id: $id }) { userErrors { message } } }',
        {
          id,
        },
      );
      await row.getByText('Active').waitFor();
      const input = {
        title: 'A profile of another person',
        scriptId: data.scripts.nodes[0].id,
        username: 'root',
        timeLimit: 60,
        trigger: { event: { eventType: 'POST_ENROLLMENT' } },
      };
      const created = await app.graphql(
        'mutation ($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { scriptProfile { id } } }',
        { input },
      );
      await page.getByRole('link', { name: input.title }).waitFor();
      await app.graphql(
        'mutation ($id: ID!) { archiveScriptProfile(input: { id: $id }) { userErrors { message } } }',
        {
          id: created.data.createScriptProfile.scriptProfile.id,
        },
      );
      await page.getByRole('link', { name: input.title }).waitFor({ state: 'detached' });
    });
  });
}
