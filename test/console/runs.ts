import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { logInAs, PASSWORD, sharedServer, visit } from './browser.ts';
import { aFleet, type Fleet } from './fleet.ts';

// The list of runs, and one run while it goes on.
export function runs(): void {
  let app: TestApp;
  let fleet: Fleet;
  beforeAll(async () => {
    app = await sharedServer();
    fleet = await aFleet(app, 'mill', 3);
  });

  const failure = {
    succeeded: false,
    resultCode: 103,
    resultText: 'Reading the disks\nNo space left on device 7\n',
  };

  /** A run in which the first computer succeeded and the others failed. */
  async function failedRun(): Promise<number> {
    const run = await fleet.run();
    for (const [index, agent] of fleet.agents.entries())
      for (const execution of await agent.take())
        await agent.report(
          execution,
          index === 0 ? { succeeded: true, resultText: 'All is well\n' } : failure,
        );
    return run;
  }

  const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
  const search = (page: Page) => new URL(page.url()).searchParams;

  test('a new run appears in the list by itself, and its state follows the computers', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/runs');
      await page.getByRole('rowheader').first().waitFor();
      const run = await fleet.run();
      const found = row(page, new RegExp(`Run ${run}`));
      await found.getByText('Queued', { exact: true }).waitFor();
      const executions = [];
      for (const agent of fleet.agents) executions.push({ agent, ids: await agent.take() });
      await found.getByText('Running', { exact: true }).waitFor();
      for (const { agent, ids } of executions)
        for (const id of ids) await agent.report(id, { succeeded: true });
      await found.getByText('Succeeded', { exact: true }).waitFor();
      await found.getByText('3 succeeded').waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('the address holds the search and the filters of the list', async () => {
    const run = await failedRun();
    await visit(async ({ page, open }) => {
      await open('/runs');
      await page.getByRole('rowheader').first().waitFor();
      await page.getByLabel('State').selectOption('Succeeded');
      await row(page, new RegExp(`Run ${run}`)).waitFor({ state: 'detached' });
      await page.getByLabel('State').selectOption('Failed');
      await row(page, new RegExp(`Run ${run}`)).waitFor();
      await page.getByLabel('Started').selectOption('Last 24 hours');
      expect(search(page).toString()).toBe('state=FAILED&since=day');
      await open(`/runs?profile=${fleet.profile.databaseId}&day=2025-01-01`);
      await page.getByText('No run matches the search and the filters.').waitFor();
      await page.getByRole('button', { name: /^Remove the filter "On/ }).click();
      await row(page, new RegExp(`Run ${run}`)).waitFor();
      await page.getByText(`Profile: ${fleet.profile.title}`).waitFor();
      expect(await page.getByRole('rowheader').getByText(fleet.profile.title).count()).toBe(
        await page.getByRole('rowheader').count(),
      );
    });
  });

  test('a run shows live who has it, who is done and why it failed', async () => {
    const run = await fleet.run();
    const [first, second, third] = fleet.agents;
    await visit(async ({ page, open, faults }) => {
      await open(`/runs/${run}`);
      await row(page, third!.title).getByText('Queued').waitFor();
      const [execution] = await third!.take();
      await row(page, third!.title).getByText('Running').waitFor();
      await third!.report(execution!, failure);
      await row(page, third!.title).getByText('Exit code not zero').waitFor();
      await page.getByRole('heading', { name: 'Why it failed on 1 computer' }).waitFor();
      for (const id of await second!.take()) await second!.report(id, failure);
      // The texts are the same, so they are one cause.
      await page.getByRole('heading', { name: 'Why it failed on 2 computers' }).waitFor();
      const causes = page.getByRole('region', { name: /Why it failed/ }).getByRole('listitem');
      await causes.getByText('2 computers').waitFor();
      expect(await causes.count()).toBe(1);
      await page.getByRole('button', { name: 'Failed 2' }).click();
      await row(page, first!.title).waitFor({ state: 'detached' });
      await page.getByText('2 failed, 1 queued').waitFor();
      for (const id of await first!.take()) await first!.report(id, { succeeded: true });
      await page.getByText('1 succeeded, 2 failed').waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('an execution opens in front of its run, has an address, and closes by Escape', async () => {
    const run = await failedRun();
    const { data } = await app.graphql(
      'query ($id: ID!) { activity(id: $id) { failures { databaseId computer { title } } } }',
      {
        id: run,
      },
    );
    const { databaseId, computer } = data.activity.failures[0];
    await visit(async ({ page, open, faults }) => {
      // The number of an execution leads to its run.
      await open(`/runs/${databaseId}`);
      const dialog = page.getByRole('dialog', { name: computer.title });
      await dialog.getByText('No space left on device 7').waitFor();
      await dialog.getByText('Exit code not zero').waitFor();
      expect(new URL(page.url()).pathname).toBe(`/runs/${run}`);
      expect(await faults()).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(search(page).get('execution')).toBeNull();
      await page.getByRole('table').getByRole('link', { name: computer.title }).press('Enter');
      await dialog.waitFor();
      expect(search(page).get('execution')).toBe(String(databaseId));
    });
  });

  test('a long output is in a viewer that holds only the visible lines', async () => {
    const run = await fleet.run();
    const [agent] = fleet.agents;
    const [id] = await agent!.take();
    const lines = Array.from({ length: 30_000 }, (_, line) => `line ${line}`);
    await agent!.report(id!, { succeeded: true, resultText: lines.join('\n') });
    await visit(async ({ page, open }) => {
      await open(`/runs/${run}`);
      await page.getByRole('table').getByRole('link', { name: agent!.title }).click();
      const output = page.getByLabel('Output');
      await output.getByText('line 0', { exact: true }).waitFor();
      const shown = page.locator('.cm-line');
      expect(await shown.count()).toBeLessThan(300);
      await output.focus();
      await page.keyboard.press('Control+End');
      await output.getByText('line 29999', { exact: true }).waitFor();
      expect(await shown.count()).toBeLessThan(300);
    });
  });

  test('a failed run runs again where it failed, and only there', async () => {
    const run = await failedRun();
    await visit(async ({ page, open }) => {
      await open(`/runs/${run}`);
      await page.getByRole('button', { name: 'Run again where it failed (2)' }).click();
      const dialog = page.getByRole('dialog', { name: 'Run it again where it failed?' });
      await dialog.getByText('2 computers').waitFor();
      await dialog.getByRole('button', { name: 'Run again' }).click();
      await page.waitForURL((url) => url.pathname !== `/runs/${run}`);
      await row(page, fleet.agents[1]!.title).waitFor();
      await row(page, fleet.agents[2]!.title).waitFor();
      await waitUntil(
        'only the computers on which it failed are listed',
        async () => (await page.getByRole('rowheader').count()) === 2,
      );
      await page.getByText(/Run \d+ has started/).waitFor();
    });
  });

  test('canceling a run says what it stops, and cancels what no computer has taken', async () => {
    for (const agent of fleet.agents)
      for (const id of await agent.take()) await agent.report(id, { succeeded: true });
    const run = await fleet.run();
    const [taken] = await fleet.agents[0]!.take();
    await visit(async ({ page, open, faults }) => {
      await open(`/runs/${run}`);
      await page.getByText('1 running, 2 queued').waitFor();
      await page.getByRole('button', { name: 'Cancel run' }).click();
      const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
      await dialog.getByText('2 computers will not get the script any more.').waitFor();
      await dialog.getByText('1 computer runs it now and will be asked to stop.').waitFor();
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Keep running' }).click();
      await page.getByRole('button', { name: 'Cancel run' }).click();
      await dialog.getByRole('button', { name: 'Cancel run' }).click();
      await row(page, fleet.agents[1]!.title).getByText('Canceled').waitFor();
      await fleet.agents[0]!.report(taken!, { succeeded: false, resultText: 'Stopped\n' });
      await row(page, fleet.agents[0]!.title).getByText('Stopped').waitFor();
    });
  });

  test('a run downloads as text, with the output of each computer', async () => {
    const run = await failedRun();
    await visit(async ({ page, open }) => {
      await open(`/runs/${run}`);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download as text' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe(`run-${run}.txt`);
      const text = await readFile(await file.path(), 'utf8');
      expect(text).toMatch(new RegExp(`^${fleet.profile.title}, run ${run}\nState: Failed\n`));
      expect(text).toMatch(/=== mill-1: Succeeded, .*\nAll is well\n/);
      expect(text).toMatch(/=== mill-3: Failed, Exit code not zero, .*\nReading the disks\nNo space left/);
    });
  });

  test('a person who may only look is offered no change', async () => {
    const run = await failedRun();
    await app.graphql(
      'mutation { createRole(input: { name: "Reader", permissions: [VIEW_SCRIPT_PROFILE, VIEW_COMPUTER], accessGroups: ["global"] }) { userErrors { message } } }',
    );
    await app.graphql(
      'mutation { createPerson(input: { name: "Rita Reader", email: "rita@example.com", roles: ["Reader"] }) { userErrors { message } } }',
    );
    await app.setPassword(PASSWORD, 'rita@example.com');
    await visit(
      async ({ page, context, open }) => {
        await logInAs(context, app, 'rita@example.com');
        await open(`/runs/${run}`);
        await page.getByRole('button', { name: 'Download as text' }).waitFor();
        expect(await page.getByRole('button', { name: /Cancel|again/ }).count()).toBe(0);
        await page.getByRole('table').getByRole('link', { name: fleet.agents[1]!.title }).click();
        await page.getByRole('dialog').getByText('No space left on device 7').waitFor();
        expect(await page.getByRole('button', { name: /Cancel|again/ }).count()).toBe(0);
      },
      { isLoggedIn: false },
    );
  });

  test('a run that does not exist is not found', async () => {
    await visit(async ({ page, open }) => {
      await open('/runs/999999999');
      await page.getByText('This run does not exist, or you may not view it.').waitFor();
    });
  });
}
