import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';
import { archiveTitled, change, profileOf, withProfile } from './profile-world.ts';

// The form of a profile: it says what saving would do, and errors stand at their field.
export function profileForm(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  // The profiles that tests create in the browser.
  afterEach(async () => {
    for (const title of ['Disks of the databases', 'Sent twice', 'A profile to copy (copy)'])
      await archiveTitled(title);
  });

  const consequences = (page: Page) => page.getByRole('complementary', { name: 'Consequences' });

  const fillIn = async (page: Page, title: string) => {
    await page.getByLabel('Title').fill(title);
    await page.getByLabel('Script', { exact: true }).selectOption('Report disk usage');
    await page.getByRole('button', { name: 'Add tag db, 5 computers' }).click();
  };

  test('shows whom a new profile reaches and when it runs, and creates it', async () => {
    const { data } = await app.graphql('{ limits { maxNumProfiles used { profiles } } }');
    const { maxNumProfiles, used } = data.limits;
    await visit(async ({ page, open, faults }) => {
      await open('/profiles/new');
      await page.getByText('Choose a script to see what it will do.').waitFor();
      await fillIn(page, 'Disks of the databases');
      await page.getByRole('button', { name: 'Weekdays' }).click();
      await page.getByText('At 08:00, Monday through Friday (UTC)').waitFor();
      await consequences(page)
        .getByText(/Reaches 5 computers, the next run is in/)
        .waitFor();
      await consequences(page)
        .getByText(`${used.profiles + 1} of ${maxNumProfiles}`)
        .waitFor();
      const next = consequences(page)
        .getByRole('list', { name: 'Next runs', exact: true })
        .locator('time')
        .first();
      const foreseen = await next.getAttribute('datetime');
      expect(await faults()).toEqual([]);
      await page.getByRole('button', { name: 'Create profile' }).click();
      await page.waitForURL(/\/profiles\/\d+$/);
      await page.getByRole('heading', { name: 'Disks of the databases' }).waitFor();
      const created = await profileOf(
        'Disks of the databases',
        'tags nextRun trigger { ... on RecurringTrigger { interval } }',
      );
      expect(created).toMatchObject({
        tags: ['db'],
        nextRun: foreseen,
        trigger: { interval: '0 8 * * MON-FRI' },
      });
    });
  });

  test('asks before a form with changes is left, and leaves at once if nothing was changed', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles');
      await page.getByRole('link', { name: 'New profile' }).click();
      const title = page.getByLabel('Title');
      const pages = page.getByRole('navigation', { name: 'Pages' });
      const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
      await title.fill('Half a profile');
      await pages.getByRole('link', { name: 'Calendar' }).click();
      await dialog.waitFor();
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Keep editing' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await title.inputValue()).toBe('Half a profile');
      await page.goBack();
      await dialog.getByRole('button', { name: 'Discard changes' }).click();
      await page.getByRole('heading', { level: 1, name: 'Script profiles' }).waitFor();
      await page.getByRole('link', { name: 'New profile' }).click();
      await title.waitFor();
      await pages.getByRole('link', { name: 'Calendar' }).click();
      await page.getByRole('heading', { level: 1, name: 'Calendar' }).waitFor();
      await open('/scripts/38/edit');
      await page.getByLabel('Title').fill('Another title');
      await pages.getByRole('link', { name: 'Overview' }).click();
      await dialog.getByRole('button', { name: 'Keep editing' }).click();
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('heading', { level: 1, name: 'Count old logs' }).waitFor();
    });
  });

  test('names the profiles that run on the same computers at the times of the next runs', async () => {
    await visit(async ({ page, open }) => {
      await open('/profiles/new');
      await fillIn(page, 'Together with another one');
      // A profile of the demonstration runs on all computers each day at 08:00.
      await page.getByLabel('Schedule', { exact: true }).fill('0 8 * * *');
      const other = consequences(page).getByRole('listitem').filter({ hasText: 'Recurring Script Profile' });
      await other.getByText('on 5 of these computers').waitFor();
      await page.getByLabel('Schedule', { exact: true }).fill('13 5 * * *');
      await consequences(page).getByText('No other profile runs at these times.').waitFor();
      await withProfile('On another weekday', async ({ id }) => {
        // The next run of the form is a day or two before this one.
        const weekday = (new Date().getUTCDay() + 3) % 7;
        const trigger = `trigger: { recurring: { interval: "23 5 * * ${weekday}" } }`;
        await change('updateScriptProfile', id, `tags: ["db"], ${trigger}`);
        await page.getByLabel('Schedule', { exact: true }).fill('23 5 * * *');
        const later = consequences(page).getByRole('listitem').filter({ hasText: 'On another weekday' });
        await later.getByText('on 5 of these computers').waitFor();
      });
    });
  });

  test('explains the schedule, and says at the field what is wrong with it', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles/new');
      await fillIn(page, 'A schedule with an error');
      const schedule = page.getByLabel('Schedule', { exact: true });
      await schedule.fill('*/30 8-10 * * *');
      await page.getByText('Every 30 minutes, between 08:00 and 10:59 (UTC)').waitFor();
      // The account runs a profile at most every six hours.
      await consequences(page)
        .getByText(/5 slots from .* get no run: the minimum time/)
        .first()
        .waitFor();
      await schedule.fill('0 8 * * 7');
      await page.getByLabel('Title').focus();
      await page.getByText(/^Schedule must be a cron expression whose day of week .* Sunday is 0/).waitFor();
      expect(await schedule.getAttribute('aria-invalid')).toBe('true');
      expect(await faults()).toEqual([]);
    });
  });

  test('says at its field what the form lacks, and that a title is taken', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/profiles/new');
      await page.getByRole('button', { name: 'Create profile' }).click();
      await page.getByText('Choose the script to run.').waitFor();
      await page.getByText('Enter a title.').waitFor();
      expect(await page.evaluate('document.activeElement.name')).toBe('title');
      expect(await faults()).toEqual([]);
      await fillIn(page, 'Recurring Script Profile');
      await page.getByText(/^A script profile with this title already exists/).waitFor();
      expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('button', { name: 'Create profile' }).click();
      await page.getByText(/^A script profile with this title already exists/).waitFor();
      expect(new URL(page.url()).pathname).toBe('/profiles/new');
      expect(await faults()).toEqual([]);
    });
  });

  test('creates one profile if no answer came and a person sends it again', async () => {
    await visit(
      async ({ page, open }) => {
        let isLost = true;
        await page.route(/\/graphql$/, async (route) => {
          if (!isLost || !route.request().postData()?.includes('CreateProfile')) return route.continue();
          isLost = false;
          await route.fetch();
          await route.abort();
        });
        await open('/profiles/new');
        await fillIn(page, 'Sent twice');
        await page.getByRole('button', { name: 'Create profile' }).click();
        await page.getByText('Nothing was saved').waitFor();
        await page.getByRole('button', { name: 'Create profile' }).click();
        await page.getByRole('heading', { name: 'Sent twice' }).waitFor();
      },
      { expects: /ERR_FAILED/ },
    );
  });

  test('shows who joins and who leaves by an edit, and saves only what was changed', async () => {
    await withProfile('A profile to edit', async ({ databaseId }) => {
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}`);
        await page.getByRole('link', { name: 'Edit', exact: true }).click();
        await page.getByRole('button', { name: 'Remove tag web' }).click();
        await page.getByRole('textbox', { name: 'Tags' }).fill('db');
        await page.keyboard.press('Enter');
        await consequences(page).getByText('Reaches 5 computers, 5 join, 8 leave').waitFor();
        await consequences(page).getByRole('row', { name: 'Tags web db' }).waitFor();
        expect(await faults()).toEqual([]);
        await page.getByRole('button', { name: 'Save' }).click();
        await page.waitForURL(/\/profiles\/\d+$/);
        expect(await profileOf('A profile to edit', 'tags timeLimit')).toMatchObject({
          tags: ['db'],
          timeLimit: 60,
        });
      });
    });
  });

  test('shows a clash with another person’s edit side by side, and keeps what each field should have', async () => {
    await withProfile('A profile of two people', async ({ id, databaseId }) => {
      await visit(async ({ page, open, faults }) => {
        await open(`/profiles/${databaseId}/edit`);
        await page.getByLabel('Title').fill('My title');
        await page.getByLabel('User who runs the script').fill('backup');
        await change('updateScriptProfile', id, 'title: "Their title", username: "nobody", timeLimit: 300');
        await page.getByText('This profile has just been changed').waitFor();
        await page.getByRole('button', { name: 'Save' }).click();
        const clash = page.getByRole('region', { name: /saved this profile while you were editing it/ });
        await clash.getByRole('row', { name: /Title.*Their title.*My title/ }).waitFor();
        expect(await faults()).toEqual([]);
        await clash.getByText('nobody').click();
        await clash.getByRole('button', { name: 'Continue with these values' }).click();
        expect(await page.getByLabel('Title').inputValue()).toBe('My title');
        expect(await page.getByLabel('User who runs the script').inputValue()).toBe('nobody');
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByRole('heading', { name: 'My title' }).waitFor();
        // The time limit, which only the other person changed, stays as that person set it.
        expect(await profileOf('My title', 'username timeLimit')).toMatchObject({
          username: 'nobody',
          timeLimit: 300,
        });
      });
    });
  });

  test('duplicates a profile with its values, and another title', async () => {
    await withProfile('A profile to copy', async ({ databaseId }) => {
      await visit(async ({ page, open }) => {
        await open(`/profiles/${databaseId}`);
        await page.getByRole('link', { name: 'Duplicate' }).click();
        await waitUntil(
          'the copy has a title',
          () => page.getByLabel('Title').inputValue(),
          (title) => title === 'A profile to copy (copy)',
        );
        await page.getByRole('button', { name: 'Create profile' }).click();
        await page.getByRole('heading', { name: 'A profile to copy (copy)' }).waitFor();
        const fields = 'tags username timeLimit trigger { ... on RecurringTrigger { interval startAfter } }';
        const [source, copy] = [
          await profileOf('A profile to copy', fields),
          await profileOf('A profile to copy (copy)', fields),
        ];
        expect({ ...copy, id: source.id, databaseId: source.databaseId }).toEqual(source);
      });
    });
  });
}
