import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from '../support/build.ts';
import { freshFolder } from '../support/database.ts';
import {
  endServers,
  runProgram,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

// Runs the shell commands of the pages as a reader pastes them, against the demonstration that the pages name.

const PRINTED = 'http://127.0.0.1:4000';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await temporaryFolder('pasted-');
  environment = { DATABASE_URL: `pglite:${folder.path}/page` };
  await freshFolder(`${folder.path}/page`);
  server = await startServer({ ...environment, SEED: 'page' });
});
afterAll(async () => {
  await endServers();
  await folder.remove();
});

async function blocksOf(page: string, kind: string): Promise<string[]> {
  const text = await readFile(`${root}/${page}`, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block!);
}

/** Replaces the page's server by this one. The token command is already built, as after `npm start`. */
const here = (text: string) =>
  text
    .replaceAll(PRINTED, server.url)
    .replaceAll(PRINTED.replace('http', 'ws'), server.url.replace('http', 'ws'))
    .replace(/^export DATABASE_URL=\S+/m, '')
    .replaceAll('npm run --silent token --', 'node dist/commands/token.js')
    .replace('--max-time 60', '--max-time 2');

async function paste(page: string): Promise<string> {
  const blocks = (await blocksOf(page, 'sh')).filter((block) => block.includes(PRINTED));
  const { stdout, stderr } = await runProgram('sh', ['-c', here(blocks.join('\n'))], {
    environment,
    folder: root,
  });
  // curl prints its progress on standard error.
  expect(stderr).not.toMatch(/error/i);
  expect(stdout).not.toMatch(/"errors":|"userErrors":\[\{/);
  return stdout;
}

test.each([
  ['README.md', /"results":.*"upcomingRuns":\{"runs":\[\{"at"/s],
  ['docs/permissions.md', /"createRole":\{"role":\{"id":".+?"\}/],
  ['docs/watching.md', /^gateway_requests_total/m],
  ['docs/clients.md', /"activityFeed":\{"isSnapshot":true/],
])('%s: the commands return the printed results', async (page, shown) => {
  expect(await paste(page)).toMatch(shown);
});

test('docs/computers.md: the script leads from the enrolment to the printed result', async () => {
  const output = await paste('docs/computers.md');
  const [result] = await blocksOf('docs/computers.md', 'json');
  expect(output.trim().split('\n').at(-1)).toBe(result!.trim());
});

test('docs/clients.md: the WebSocket client follows a run on Node 20', async () => {
  const [client] = await blocksOf('docs/clients.md', 'js');
  const { stdout, stderr } = await runProgram(
    process.execPath,
    ['--input-type=module', '-e', here(client!)],
    {
      environment: { JWT: await server.token() },
      folder: root,
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/status: 'UNDELIVERED'/), stderr: '' });
});
