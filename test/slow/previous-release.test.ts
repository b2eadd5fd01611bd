import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, jest, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { gateway, type Server, token } from '../reliability/server.ts';
import { root } from '../support/build.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';

// Two releases with one database, as in a rolling upgrade. The test does nothing until there is a tag.

jest.setTimeout(300_000);
const run = promisify(execFile);
const git = async (...args: string[]) => (await run('git', args, { cwd: root })).stdout.trim();

const cleaning: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const work of cleaning.reverse()) await work();
});

/** Builds the last release's own code. */
async function buildOf(tag: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-previous-'));
  await git('worktree', 'add', '--detach', '--force', folder, tag);
  cleaning.push(async () => {
    await git('worktree', 'remove', '--force', folder);
    await rm(folder, { recursive: true, force: true });
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run('npm', ['run', '--silent', 'build'], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } });
  return folder;
}

const create = async (server: Server, title: string) => {
  const answer = await fetch(`${server.url}/api/v2/script-profiles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token()}` },
    body: JSON.stringify({
      ...{ title, script_id: 35, username: 'root', time_limit: 60, all_computers: true },
      trigger: { trigger_type: 'one_time', timestamp: '2031-01-01T00:00:00Z' },
    }),
  });
  return [answer.status, (await answer.json()).title];
};

test('the last release’s server continues after this release’s migrations, and next to its server', async () => {
  const tags = (await git('tag', '--list', 'v*', '--sort=-version:refname')).split('\n').filter(Boolean);
  const [tag] = tags;
  if (tag === undefined) return expect(tags).toEqual([]);
  const url = await createPostgresql();
  cleaning.push(() => dropPostgresql(url));
  const environment = { DATABASE_URL: url, SEED: 'page' };
  const previous = await gateway(environment, { folder: await buildOf(tag) }).start();
  cleaning.push(() => previous.kill());
  await (await openDatabase({ url })).close();
  expect(await create(previous, 'Made by the last release')).toEqual([201, 'Made by the last release']);

  const current = await gateway(environment).start();
  cleaning.push(() => current.kill());
  for (const [server, title] of [
    [current, 'Made by this one'],
    [previous, 'Made by the last one beside it'],
  ] as const) {
    expect(await create(server, title)).toEqual([201, title]);
  }
  const listed = await Promise.all(
    [previous, current].map(async ({ url: base }) => {
      const headers = { authorization: `Bearer ${token()}` };
      return (await (await fetch(`${base}/api/v2/script-profiles?archived=all`, { headers })).json()).count;
    }),
  );
  expect(listed[0]).toBe(listed[1]);
  for (const server of [previous, current]) expect(await server.stop()).toBeGreaterThan(0);
  expect([...previous.complaints, ...current.complaints]).toEqual([]);
});
