import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SimulatedAgent } from '../../tools/simulated-agent.ts';
import type { TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';
import { sharedServer, visit } from './browser.ts';
import { mutate } from './mutate.ts';

// Which computers there are, why scripts run on them, and what changes of them start and stop.
export function computers(): void {
  let app: TestApp;
  const added: string[] = [];

  beforeAll(async () => {
    app = await sharedServer();
  });

  afterAll(async () => {
    const { data } = await app.graphql(
      '{ accepted: computers(first: 1000) { nodes { id hostname } } pending: computers(filter: { status: PENDING }) { nodes { id hostname } } }',
    );
    const ours = (nodes: { id: string; hostname: string }[]) =>
      nodes.filter(({ hostname }) => added.includes(hostname)).map(({ id }) => id);
    const [accepted, pending] = [ours(data.accepted.nodes), ours(data.pending.nodes)];
    if (accepted.length > 0) await mutate(app, 'removeComputers', { ids: accepted });
    if (pending.length > 0) await mutate(app, 'rejectComputers', { ids: pending });
  });

  const enrol = async (hostname: string, tags: string[]): Promise<string> => {
    added.push(hostname);
    const { computer } = await mutate(app, 'enrolComputer', { hostname, tags }, 'computer { id }');
    return computer.id;
  };

  const tagsOf = async (id: string): Promise<string[]> => {
    const { data } = await app.graphql('query ($id: ID!) { computer(id: $id) { tags } }', { id });
    return data.computer.tags;
  };

  test('finds computers by a query, and says what is wrong with one that cannot be read', async () => {
    const { data } = await app.graphql('{ computers(filter: { query: "tag:db" }) { totalCount } }');
    await visit(async ({ page, open, faults }) => {
      await open('/computers');
      await page.getByRole('rowheader', { name: 'Database server 1' }).waitFor();
      await page.getByRole('searchbox').fill('tag:db');
      await page.getByText(`${data.computers.totalCount} computers`, { exact: true }).waitFor();
      expect(await page.getByRole('rowheader').count()).toBe(data.computers.totalCount);
      await page.getByRole('searchbox').fill('tag:db (');
      await page.getByRole('alert').getByText('position').waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('searchbox').fill('');
      await page
        .getByLabel('Tag', { exact: true })
        .selectOption({ label: `db (${data.computers.totalCount})` });
      await page.getByText(`${data.computers.totalCount} computers`, { exact: true }).waitFor();
      expect(new URL(page.url()).search).toBe('?tag=db');
    });
  });

  test('shows what other tags start and stop, and changes them only then', async () => {
    const { data } = await app.graphql(
      '{ computers(filter: { query: "title:\\"Web server 1\\" OR title:\\"Web server 2\\"" }) { nodes { id tags } } }',
    );
    const [first, second] = data.computers.nodes as { id: string; tags: string[] }[];
    await visit(async ({ page, open, faults }) => {
      await open('/computers?tag=web');
      const row = page.getByRole('row', { name: 'Choose Web server 1', exact: false }).first();
      await row.waitFor();
      await page.getByText('Choose computers to change their tags.').waitFor();
      const before = (await row.boundingBox())?.y;
      await page.getByRole('checkbox', { name: 'Choose Web server 1', exact: true }).press('Space');
      await page.getByText('1 computer chosen').waitFor();
      // The next box to choose stays under the pointer.
      expect((await row.boundingBox())?.y).toBe(before);
      await page.getByRole('checkbox', { name: 'Choose Web server 2', exact: true }).press('Space');
      await page.getByText('2 computers chosen').waitFor();
      await page.getByRole('button', { name: 'Change tags' }).click();
      const dialog = page.getByRole('dialog', { name: 'Change tags of 2 computers' });
      await dialog.getByRole('button', { name: /^web/ }).click();
      await dialog.getByLabel('Add tags').fill('db');
      const consequences = dialog.getByRole('region', { name: 'Consequences' });
      const stopped = consequences.getByRole('listitem').filter({ hasText: 'Count old logs on web servers' });
      await stopped.getByText('Stops on Web server 1, Web server 2').waitFor();
      const started = consequences.getByRole('listitem').filter({ hasText: 'Check the backups every night' });
      await started.getByText('Starts on Web server 1, Web server 2').waitFor();
      expect(await faults()).toEqual([]);
      expect(await tagsOf(first!.id)).toEqual(first!.tags);
      await dialog.getByLabel('Add tags').fill('no/tag');
      await consequences.getByText('This change is not possible').waitFor();
      await dialog.getByLabel('Add tags').fill('db');
      await dialog.getByRole('button', { name: 'Change tags' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await tagsOf(first!.id)).toEqual(['server', 'db']);
    });
    await mutate(app, 'retagComputers', { ids: [first!.id, second!.id], add: ['web'], remove: ['db'] });
  });

  test('says why which profile reaches a computer and what runs next, and follows changes', async () => {
    const { data } = await app.graphql(
      '{ computer(id: 1) { id targetedBy { scriptProfile { title } } upcomingRuns(first: 10) { at } } }',
    );
    const { id, targetedBy, upcomingRuns } = data.computer;
    await visit(async ({ page, open, faults }) => {
      await open('/computers/1');
      const table = page.getByRole('table', { name: 'Profiles that reach this computer' });
      await table
        .getByRole('row', { name: 'Count old logs on web servers' })
        .getByText('of the tag web')
        .waitFor();
      await table
        .getByRole('row', { name: 'Recurring Script Profile' })
        .getByText('it runs on all computers of Global')
        .waitFor();
      expect(await table.getByRole('rowheader').count()).toBe(targetedBy.length);
      expect(await page.locator('.next-runs li').count()).toBe(upcomingRuns.length);
      expect(await faults()).toEqual([]);
      await mutate(app, 'retagComputers', { ids: [id], add: ['db'] });
      await table.getByRole('row', { name: 'Check the backups every night' }).waitFor();
      await mutate(app, 'retagComputers', { ids: [id], remove: ['db'] });
      await table.getByRole('row', { name: 'Check the backups every night' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Executions' }).click();
      const executions = page.getByRole('table', { name: 'Executions on this computer' });
      await executions.getByRole('rowheader').first().waitFor();
      expect(await faults()).toEqual([]);
      await page.getByRole('navigation', { name: 'Parts of the computer' }).getByText('Changes').click();
      await page.getByText('Computer edited').first().waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  test('accepts a pending computer with other tags, and rejects another', async () => {
    await visit(async ({ page, open, faults }) => {
      await open('/computers?tab=pending');
      await page.getByRole('rowheader', { name: 'Laptop 9' }).waitFor();
      const accepted = await enrol('accepted.example.com', ['web']);
      const rejected = await enrol('rejected.example.com', []);
      await page.getByRole('button', { name: 'Accept accepted.example.com' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('What runs when a computer is accepted').waitFor();
      expect(await dialog.getByLabel('Tags').inputValue()).toBe('web');
      expect(await faults()).toEqual([]);
      await dialog.getByLabel('Tags').fill('db ssd');
      await dialog.getByRole('button', { name: 'Accept' }).click();
      await page.getByRole('rowheader', { name: 'accepted.example.com' }).waitFor({ state: 'detached' });
      expect(await tagsOf(accepted)).toEqual(['db', 'ssd']);
      await page.getByRole('button', { name: 'Reject rejected.example.com' }).click();
      await dialog.getByRole('button', { name: 'Reject' }).click();
      await page.getByRole('rowheader', { name: 'rejected.example.com' }).waitFor({ state: 'detached' });
      const { errors } = await app.graphql('query ($id: ID!) { computer(id: $id) { id } }', { id: rejected });
      expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    });
  });

  test('lets a machine that registered again replace its older computer', async () => {
    await mutate(app, 'updatePreferences', { registrationKey: 'a key of the console' });
    const register = async () => {
      added.push('reinstalled.example.com');
      const agent = new SimulatedAgent({
        send: async ({ path, headers, body }) => {
          const answer = await fetch(app.url + path, { method: 'POST', headers, body: Buffer.from(body) });
          return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
        },
        accountName: 'standalone',
        registrationKey: 'a key of the console',
        title: 'Reinstalled',
        hostname: 'reinstalled.example.com',
      });
      await agent.configure('a-machine-of-the-console');
      await agent.exchange();
    };
    const found = async (status: string) => {
      const { data } = await app.graphql(
        `{ computers(filter: { search: "reinstalled", status: ${status} }) { nodes { id } } }`,
      );
      return data.computers.nodes.map(({ id }: { id: string }) => id);
    };
    await register();
    const [older] = await found('PENDING');
    await mutate(app, 'acceptComputers', { ids: [older] });
    await register();
    const [newer] = await found('PENDING');
    await visit(async ({ page, open, faults }) => {
      await open('/computers?tab=pending&search=reinstalled');
      await page.getByRole('button', { name: 'Accept Reinstalled' }).click();
      await page.getByRole('checkbox', { name: 'Reinstalled replaces Reinstalled' }).press('Space');
      expect(await faults()).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await found('ACCEPTED')).toEqual([newer]);
    });
    await mutate(app, 'updatePreferences', { registrationKey: '' });
  });

  test('edits a computer, shows the problem at its field, and removes it', async () => {
    const id = await enrol('old.example.com', []);
    await mutate(app, 'acceptComputers', { ids: [id] });
    const { data } = await app.graphql('query ($id: ID!) { computer(id: $id) { databaseId } }', { id });
    await visit(async ({ page, open }) => {
      await open(`/computers/${data.computer.databaseId}`);
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Comment').fill('x'.repeat(1001));
      await dialog.getByRole('button', { name: 'Save' }).click();
      await waitUntil('the comment has a problem', () =>
        dialog.getByLabel('Comment').getAttribute('aria-invalid'),
      );
      await dialog.getByLabel('Comment').fill('In the old rack');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('In the old rack').waitFor();
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove computer' }).click();
      await page.getByRole('heading', { name: 'Computers' }).waitFor();
      await open(`/computers/${data.computer.databaseId}`);
      await page.getByRole('heading', { name: 'No such computer' }).waitFor();
    });
  });
}
