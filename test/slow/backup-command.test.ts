import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freshFolder } from '../support/database.ts';
import {
  endServers,
  runCommand,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
let backup: string;
beforeAll(async () => {
  folder = await temporaryFolder('backup-command-');
  await freshFolder(`${folder.path}/db`);
  environment = { DATABASE_URL: `pglite:${folder.path}/db`, SEED: 'page', SCHEDULER: 'off' };
  backup = join(folder.path, 'nightly');
});
afterEach(endServers);
afterAll(() => folder.remove());

const command = (name: 'backup' | 'restore', ...args: string[]) => runCommand(name, args, { environment });

/** Returns the titles of all profiles. If a title is given, creates a profile first. */
async function titles(server: ServerProcess, made?: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${await server.token()}` };
  const url = `${server.url}/api/v2/script-profiles`;
  if (made) {
    const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };
    const body = { title: made, script_id: 31, username: 'root', time_limit: 60, trigger };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
  }
  const { results } = (await (await fetch(url, { headers })).json()) as { results: { title: string }[] };
  return results.map(({ title }) => title);
}

async function enrolled(server: ServerProcess): Promise<number> {
  const headers = { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' };
  const query = 'mutation { enrolComputer(input: { hostname: "new" }) { computer { databaseId } } }';
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as { data: { enrolComputer: { computer: { databaseId: number } } } };
  return data.enrolComputer.computer.databaseId;
}

test('npm run backup and restore ask a server that has the database open, and it continues with the restored content', async () => {
  const server = await startServer(environment);
  const before = await titles(server, 'Kept');
  const made = await command('backup', backup);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toMatch(/nightly contains \d+ rows as of 20\d\d-.*Z \(\d+ bytes\)\.\n$/);
  expect((await stat(backup)).mode & 0o777).toBe(0o600);

  // No person's token opens these paths, only one that a command has signed for them.
  for (const [method, path] of [
    ['GET', '/operator/backup'],
    ['GET', '/operator/examination'],
    ['POST', '/operator/restore'],
    ['POST', '/operator/move'],
  ] as const)
    for (const authorization of [`Bearer ${await server.token()}`, ''])
      expect((await fetch(server.url + path, { method, headers: { authorization } })).status).toBe(401);

  const after = await titles(server, 'Gone');
  expect(after).toEqual(['Gone', ...before]);
  const restored = await command('restore', backup);
  expect(restored.code).toBe(0);
  expect(restored.stderr).toMatch(/copied \d+ of \d+ rows\n.*compared \d+ of \d+ rows\n$/s);
  expect(await titles(server)).toEqual(before);
  // The sequence was restored, too.
  expect(await titles(server, 'Made after')).toEqual(['Made after', ...before]);
  // A new computer does not get the number of a lost one, because the client of the lost computer may still exist.
  expect(await enrolled(server)).toBeGreaterThan(1_000_000);

  // The previous content is in a backup.
  const [, previous] = /The previous content is in the backup (\S+)\.\n$/.exec(restored.stdout)!;
  expect((await command('restore', previous!)).code).toBe(0);
  expect(await titles(server)).toEqual(after);
  expect((await server.end()).code).toBe(0);

  // The same without a server, into a folder that does not exist.
  environment = { ...environment, DATABASE_URL: `pglite:${folder.path}/new/db` };
  const anew = await command('restore', backup);
  expect(anew).toMatchObject({ code: 0, stdout: expect.not.stringContaining('before') });
  const fresh = await startServer(environment);
  expect(await titles(fresh)).toEqual(before);
  await fresh.end();
  expect((await command('backup', `${backup}-2`)).code).toBe(0);
  const litter = (await readdir(folder.path, { recursive: true })).filter((name) =>
    /unfinished|\.lock|(backup|restore)-[0-9a-f]{12}/.test(name),
  );
  expect(litter).toEqual([]);
  // Starts ten processes with a database each.
}, 600_000);

test.each<[string, 'backup' | 'restore', (path: string) => string[], Record<string, string>, string]>([
  ['backup without a file', 'backup', () => [], {}, 'Exactly one file is required'],
  ['backup to two files', 'backup', (path) => [`${path}/a`, `${path}/b`], {}, 'Exactly one file is required'],
  [
    'backup of a missing database',
    'backup',
    (path) => [`${path}/a`],
    { DATABASE_URL: 'pglite:/nonexistent/db' },
    'The folder /nonexistent/db contains no database',
  ],
  ['backup over an existing file', 'backup', (path) => [`${path}/other`], {}, 'already exists'],
  [
    'backup of a server’s database',
    'backup',
    (path) => [`${path}/a`],
    { DATABASE_URL: 'postgresql://db/x', JWT_SECRET: 'x'.repeat(32) },
    'pg_dump',
  ],
  [
    'restore of a file that is not a backup',
    'restore',
    (path) => [`${path}/other`],
    {},
    'not a backup of this gateway',
  ],
  ['restore of a missing file', 'restore', (path) => [`${path}/missing`], {}, 'ENOENT'],
  [
    'restore into a server’s database',
    'restore',
    (path) => [`${path}/nightly`],
    { DATABASE_URL: 'postgresql://db/x', JWT_SECRET: 'x'.repeat(32) },
    'pg_restore',
  ],
])('%s exits with the reason, and creates nothing', async (_, name, args, variables, complaint) => {
  await writeFile(join(folder.path, 'other'), 'something else');
  const { code, stdout, stderr } = await runCommand(name, args(folder.path), {
    environment: { ...environment, ...variables },
  });
  expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: '' });
  expect(stderr).toContain(complaint);
  expect(['a', 'b'].some((made) => existsSync(join(folder.path, made)))).toBe(false);
});
