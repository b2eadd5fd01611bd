import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedServer, visit } from './browser.ts';
import { mutate } from './mutate.ts';

// The code that computers run: its versions, its files, and who uses it.
export function scripts(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedServer();
  });

  const create = async (title: string, code = 'echo one'): Promise<{ id: string; databaseId: number }> => {
    const input = { title, code, interpreter: '/bin/sh' };
    return (await mutate(app, 'createScript', input, 'script { id databaseId }')).script;
  };

  const stored = async (id: string | number) => {
    const { data } = await app.graphql(
      'query ($id: ID!) { script(id: $id) { title code versionNumber status attachments { filename } } }',
      { id },
    );
    return data.script;
  };

  test('creates a script, and shows the problems at their fields before', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/scripts');
      await page.getByRole('rowheader', { name: 'Count old logs' }).waitFor();
      await page.keyboard.press('n');
      await page.getByLabel('Title').fill('Count old logs');
      await page.getByRole('button', { name: 'Create script' }).click();
      await page.getByText(/^Code must/).waitFor();
      await page.getByRole('textbox', { name: 'Code' }).fill('uname -a');
      await page.getByRole('button', { name: 'Create script' }).click();
      await page.locator('.p-form-validation__message').getByText('title').waitFor();
      expect(await faults()).toEqual([]);
      await page.getByLabel('Title').fill('Show the kernel');
      await page.getByRole('button', { name: 'Create script' }).click();
      await page.getByRole('heading', { name: 'Show the kernel' }).waitFor();
      const id = new URL(page.url()).pathname.split('/').at(-1)!;
      expect(await stored(id)).toMatchObject({ title: 'Show the kernel', code: 'uname -a' });
    });
  });

  test('saves a new version, shows how it differs, and starts from an older one', async () => {
    const { id, databaseId } = await create('A script with versions');
    await visit(async ({ page, open, faults }) => {
      await open(`/scripts/${databaseId}`);
      await page.getByText('echo one').waitFor();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByText('saving creates no version').waitFor();
      await page.getByRole('textbox', { name: 'Code' }).fill('echo two');
      await page.getByText('Saving creates version 2. No profile runs it.').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: 'Versions (2)' }).click();
      const difference = page.getByRole('textbox', { name: 'Changes from version 1 to version 2' });
      await difference.locator('.cm-deletedChunk').getByText('echo one').waitFor();
      await difference.locator('.cm-changedLine').getByText('echo two').waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('navigation', { name: 'Versions' }).getByText('Version 1').click();
      await page.getByRole('link', { name: 'Edit from this version' }).click();
      await page.getByText('This is the code of version 1').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: 'Versions (3)' }).waitFor();
      expect(await stored(id)).toMatchObject({ code: 'echo one', versionNumber: 3 });
    });
  });

  test('shows both edits if another person saved first, and saves over the other only on demand', async () => {
    const { id, databaseId } = await create('A script of two people');
    await visit(async ({ page, open, faults }) => {
      await open(`/scripts/${databaseId}/edit`);
      await page.getByRole('textbox', { name: 'Code' }).fill('echo mine');
      await mutate(app, 'updateScript', { id, code: 'echo theirs', title: 'Renamed meanwhile' });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const clash = page.getByRole('region', { name: 'Clash of two edits' });
      await clash.getByRole('alert').getByText('saved this script while you edited it').waitFor();
      await clash.getByRole('cell', { name: 'Renamed meanwhile' }).waitFor();
      await clash.getByText('echo theirs').waitFor();
      expect(await faults()).toEqual([]);
      expect(await stored(id)).toMatchObject({ code: 'echo theirs' });
      await clash.getByRole('button', { name: 'Save mine over it' }).click();
      await page.getByRole('heading', { name: 'A script of two people' }).waitFor();
      expect(await stored(id)).toMatchObject({ code: 'echo mine', title: 'A script of two people' });
    });
  });

  test('adds a file, returns its content, and removes it', async () => {
    const { id, databaseId } = await create('A script with files');
    const content = Buffer.from([0, 255, 10, 200]);
    await visit(async ({ page, open, faults }) => {
      await open(`/scripts/${databaseId}?tab=files`);
      const file = { name: 'hosts.bin', mimeType: 'application/octet-stream', buffer: content };
      await page.getByLabel('Add a file').setInputFiles(file);
      await page.getByRole('row', { name: 'hosts.bin' }).getByText('4 bytes').waitFor();
      expect(await faults()).toEqual([]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download hosts.bin' }).click(),
      ]);
      expect(await readFile(await download.path())).toEqual(content);
      await page.getByRole('button', { name: 'Remove hosts.bin' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove file' }).click();
      await page.getByText('The script has no files.').waitFor();
      expect((await stored(id)).attachments).toEqual([]);
    });
  });

  test('names the profiles that archiving a script archives too', async () => {
    const { id, databaseId } = await create('A script to archive');
    const profile = {
      title: 'A profile of the archived script',
      scriptId: id,
      username: 'root',
      timeLimit: 60,
      trigger: { event: { eventType: 'POST_ENROLLMENT' } },
    };
    await mutate(app, 'createScriptProfile', profile);
    await visit(async ({ page, open, faults }) => {
      await open(`/scripts/${databaseId}?tab=users`);
      await page.getByRole('link', { name: profile.title }).waitFor();
      await page.getByRole('button', { name: 'Archive' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('This also archives 1 script profile').waitFor();
      await dialog.getByRole('link', { name: profile.title }).waitFor();
      expect(await faults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Archive script' }).click();
      await page.getByRole('heading', { level: 1 }).getByText('Archived').waitFor();
      expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
      expect((await stored(id)).status).toBe('ARCHIVED');
    });
  });
}
