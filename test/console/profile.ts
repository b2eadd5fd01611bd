import { beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';
import { archive, change, profileOf, withProfile } from './profile-world.ts';

// One profile: what the page says about it, and what a person can do with it.
export function profile(): void {
  beforeAll(async () => {
    await sharedServer();
  });

  const LOGS = 'Count old logs on web servers';

  const addressOf = async (title: string) => `/profiles/${(await profileOf(title, 'id')).databaseId}`;

  test('shows the next runs with the slots that get none, and each cause of failures once', async () => {
    const { upcomingRuns, databaseId } = await profileOf(LOGS, 'upcomingRuns(first: 20) { at }');
    await visit(async ({ page, open, faults }) => {
      await open(`/profiles/${databaseId}`);
      const line = page.getByRole('list', { name: 'Next runs on a line of time' });
      await line.getByRole('listitem').first().waitFor();
      expect(await line.getByRole('listitem').count()).toBe(upcomingRuns.length);
      const listed = page.getByRole('list', { name: 'Next runs', exact: true }).getByRole('listitem');
      expect(await listed.first().locator('time').first().getAttribute('datetime')).toBe(upcomingRuns[0].at);
      await listed
        .getByText(/gets no run: the minimum time between runs has not passed/)
        .first()
        .waitFor();
      const causes = page.getByRole('listitem').filter({ hasText: /\d failures?/ });
      expect(await causes.filter({ hasText: 'Permission denied' }).count()).toBe(1);
      expect(
        await causes.filter({ hasText: 'Killed after 120 seconds' }).getByText('Web server 7').count(),
      ).toBe(1);
      expect(await faults()).toEqual([]);
    });
  });

  test('has a tab with an address for targets, runs, failures, slots, history and versions', async () => {
    await visit(async ({ page, open, faults }) => {
      const address = await addressOf(LOGS);
      await open(`${address}?tab=targets`);
      await page.getByText('8 computers').waitFor();
      await page.getByRole('searchbox').fill('web-03');
      await page.getByText('1 computer', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Web server 3' }).waitFor();
      expect(await faults()).toEqual([]);

      await page.getByRole('link', { name: 'Runs', exact: true }).last().click();
      await page.getByLabel('Status').selectOption('Failed');
      await page.getByText('10 runs').waitFor();
      expect(new URL(page.url()).searchParams.get('status')).toBe('FAILED');
      await page
        .getByRole('cell', { name: /7 succeeded, 1 failed/ })
        .first()
        .waitFor();
      expect(await faults()).toEqual([]);

      await page.getByRole('link', { name: 'Failures', exact: true }).click();
      await page.getByRole('heading', { name: 'Failures by text' }).waitFor();
      expect(await faults()).toEqual([]);

      await page.getByRole('link', { name: 'Slots', exact: true }).click();
      const moved = page.getByRole('row').filter({ hasText: 'Moved' }).first();
      await moved.getByText('The minimum time between runs had not passed.').waitFor();
      const limits = page.getByRole('main').getByRole('link', { name: 'Minimum time between runs' });
      expect(await limits.getAttribute('href')).toBe('/administration/limits');
      expect(await faults()).toEqual([]);

      await page.getByRole('link', { name: 'Script versions' }).click();
      await page.getByRole('table', { name: 'Script versions' }).getByText('First version').waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('shows in the history who changed what, from which value to which', async () => {
    await withProfile('A profile with a history', async ({ id, databaseId }) => {
      await change('updateScriptProfile', id, 'timeLimit: 120, tags: ["db"]');
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}?tab=history`);
        const edit = page.getByRole('listitem').filter({ hasText: 'John Smith edited it' });
        await edit.getByRole('row', { name: 'Time limit 1 min 2 min' }).waitFor();
        await edit.getByRole('row', { name: 'Tags web db' }).waitFor();
        expect(await faults()).toEqual([]);
      });
    });
  });

  test('pauses with a note, which other people see, and resumes', async () => {
    await withProfile('A profile to pause', async ({ databaseId }) => {
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}`);
        await page.getByRole('button', { name: 'Pause', exact: true }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText(/Resuming does not catch up/).waitFor();
        expect(await faults()).toEqual([]);
        await dialog.getByLabel('Note').fill('Until the disks are replaced');
        await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
        await page.locator('q', { hasText: 'Until the disks are replaced' }).waitFor();
        expect(await profileOf('A profile to pause', 'state pauseNote')).toMatchObject({
          state: 'PAUSED',
          pauseNote: 'Until the disks are replaced',
        });
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
        expect((await profileOf('A profile to pause', 'state')).state).toBe('ACTIVE');
      });
    });
  });

  test('runs now on chosen computers, and on no other, and leads to the run', async () => {
    await withProfile('A profile to run', async ({ databaseId }) => {
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}`);
        await page.getByRole('button', { name: 'Run now' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('All 8 computers').waitFor();
        await dialog.getByText('Chosen computers').click();
        await dialog.getByRole('searchbox').fill('web-0');
        await dialog.getByText('Web server 2').click();
        await dialog.getByText('Web server 5').click();
        expect(await faults()).toEqual([]);
        await dialog.getByRole('button', { name: 'Run on 2 computers' }).click();
        await page.waitForURL(/\/runs\/\d+$/);
      });
      const { activities } = await profileOf(
        'A profile to run',
        'activities(first: 1) { nodes { children(first: 10) { nodes { computer { title } } } } }',
      );
      const computers = activities.nodes[0].children.nodes.map(
        ({ computer }: { computer: { title: string } }) => computer.title,
      );
      expect(computers.sort()).toEqual(['Web server 2', 'Web server 5']);
    });
  });

  test('says before it archives what that stops, and archives then', async () => {
    await withProfile('A profile to archive', async ({ id, databaseId }) => {
      await change('runScriptProfile', id);
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}`);
        await page.getByRole('button', { name: 'Archive' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('8 executions that no computer has taken yet will be canceled.').waitFor();
        await dialog.getByText(/on 8 computers will not happen/).waitFor();
        expect(await faults()).toEqual([]);
        await dialog.getByRole('button', { name: 'Archive for ever' }).click();
        await page.getByText('It never runs again.').waitFor();
        expect(await page.getByRole('button', { name: 'Run now' }).count()).toBe(0);
        expect((await profileOf('A profile to archive', 'state')).state).toBe('ARCHIVED');
      });
    });
  });

  test('follows a run that another person starts', async () => {
    await withProfile('A profile that is followed', async ({ id, databaseId }) => {
      await visit(async ({ page, open }) => {
        await open(`/profiles/${databaseId}?tab=runs`);
        await page.getByText('It has not run yet.').waitFor();
        await page.getByText('It runs when its trigger falls due, or at once with “Run now”.').waitFor();
        await change('runScriptProfile', id);
        await page.getByRole('cell', { name: /8 queued/ }).waitFor();
        await archive(id);
        await waitUntil(
          'the page shows that it is archived',
          () => page.getByRole('heading', { level: 1 }).textContent(),
          (heading) => heading?.includes('Archived') ?? false,
        );
      });
    });
  });

  test('says that a profile does not exist', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles/987654');
      await page.getByRole('heading', { name: 'No such script profile' }).waitFor();
      expect(await faults()).toEqual([]);
    });
  });
}
