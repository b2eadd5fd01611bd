import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { closeBrowser, sharedServer, visit } from '../console/browser.ts';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';

// Lists of the console that are longer than a screen.

const PROFILES = 1000;
const COMPUTERS = 5000;

closeBrowser();

let app: TestApp;
beforeAll(async () => {
  app = await sharedServer();
  await app.graphql(
    `mutation { updateLimits(input: { maxNumProfiles: ${2 * PROFILES} }) { userErrors { message } } }`,
  );
  const { data } = await app.graphql('{ scripts(first: 1) { nodes { id } } }');
  const create = (number: number) =>
    app.graphql(
      'mutation ($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { userErrors { message } } }',
      {
        input: {
          title: `Profile ${String(number).padStart(4, '0')}`,
          scriptId: data.scripts.nodes[0].id,
          username: 'root',
          timeLimit: 60,
          trigger: { recurring: { interval: `${number % 60} 3 * * *`, startAfter: '2025-01-01T00:00:00Z' } },
        },
      },
    );
  for (let number = 0; number < PROFILES; number += 10)
    await Promise.all(Array.from({ length: 10 }, (_, index) => create(number + index)));
});

const SEEN = `[...document.querySelectorAll('table.list tbody [aria-rowindex]')].map((row) => row.innerText)`;

/** Scrolls until a row is visible. Returns the largest number of rows that existed at once. */
async function scrollUntil(page: Page, title: string): Promise<number> {
  let most = 0;
  await waitUntil(`the row of ${title} is visible`, async () => {
    const rows = (await page.evaluate(SEEN)) as string[];
    most = Math.max(most, rows.length);
    await page.mouse.wheel(0, 2000);
    return rows.some((row) => row.includes(title));
  });
  return most;
}

test('a list of 1,000 profiles scrolls to its end with only the visible rows in the page', async () => {
  await visit(async ({ page, open }) => {
    await open('/profiles?order=TITLE');
    await page.getByRole('rowheader').first().waitFor();
    await page.mouse.move(800, 600);
    const most = await scrollUntil(page, 'Profile 0999');
    expect(most).toBeLessThan(80);
    const size = Number(await page.getByRole('table').getAttribute('aria-rowcount'));
    expect(size).toBeGreaterThan(PROFILES);
  });
});

test('a run of 5,000 computers scrolls to its end with only the visible rows in the page', async () => {
  await app.database.prisma.$executeRawUnsafe(`
    with mass as (
      insert into computer (account_id, id, title, hostname, comment, status, access_group_id, requested_tags, created_at, accepted_at)
      select g.account_id, number, 'Mass ' || number, 'mass-' || number, '', 'accepted', g.id, '{}', now(), now()
      from generate_series(100001, ${100_000 + COMPUTERS}) number, access_group g
      where g.name = 'global' and g.account_id = (select id from account where name = 'standalone')
      returning account_id, id)
    insert into computer_tag (account_id, computer_id, tag, position) select account_id, id, 'mass', 0 from mass`);
  // A profile reaches the computers of its script's access group.
  const found = await app.graphql('{ scripts { nodes { id accessGroup { name } } } }');
  const script = found.data.scripts.nodes.find(
    ({ accessGroup }: { accessGroup: { name: string } }) => accessGroup.name === 'global',
  );
  const { data } = await app.graphql(
    'mutation ($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { scriptProfile { id } userErrors { message } } }',
    {
      input: {
        title: 'For the mass',
        scriptId: script.id,
        username: 'root',
        timeLimit: 60,
        tags: ['mass'],
        trigger: { recurring: { interval: '0 3 * * *', startAfter: '2025-01-01T00:00:00Z' } },
      },
    },
  );
  const started = await app.graphql(
    'mutation ($id: ID!) { runScriptProfile(input: { id: $id }) { activity { databaseId } userErrors { message } } }',
    { id: data.createScriptProfile.scriptProfile.id },
  );
  await visit(async ({ page, open }) => {
    await open(`/runs/${started.data.runScriptProfile.activity.databaseId}`);
    await page.getByRole('rowheader').first().waitFor();
    await page.mouse.move(800, 600);
    const most = await scrollUntil(page, `Mass ${100_000 + COMPUTERS}`);
    expect(most).toBeLessThan(80);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(COMPUTERS + 1));
  });
});
