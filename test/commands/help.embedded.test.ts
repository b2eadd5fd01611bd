import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '../support/build.ts';
import { runCommand, runProgram, temporaryFolder } from '../support/server-process.ts';

/** The files of src/commands and tools that the scripts of package.json run. */
const COMMANDS = ['admin', 'backup', 'distribute', 'doctor', 'events', 'move', 'restore', 'token'];
const TOOLS = ['fleet', 'migrate-new', 'schema'];
const NOT_RUN = [
  ...['arguments', 'graph-client', 'maintenance'],
  ...['agent-turns', 'seeded', 'simulated-agent', 'simulated-fleet'],
];

describe('--help', () => {
  // The commands must not read the environment.
  const environment = { DATABASE_URL: 'nonsense' };
  const help = (name: string, option: string) =>
    TOOLS.includes(name)
      ? runProgram(process.execPath, ['--import', 'tsx', `tools/${name}.ts`, option], {
          folder: root,
          environment,
        })
      : runCommand(name, [option], { environment });

  test('is tested for every command', () => {
    const sources = ['src/commands', 'tools']
      .flatMap((folder) => readdirSync(join(root, folder)))
      .map((name) => name.replace('.ts', ''));
    expect(sources.sort()).toEqual([...COMMANDS, ...TOOLS, ...NOT_RUN].sort());
  });

  test.each([...COMMANDS, ...TOOLS])(
    'of %s prints its usage, with one line for each option, and does nothing else',
    async (name) => {
      const { code, stdout, stderr } = await help(name, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [usage = '', empty, does, ...lines] = stdout.trimEnd().split('\n');
      expect(usage).toMatch(/^Usage: npm run /);
      expect([empty, does]).toEqual(['', expect.stringMatching(/^[A-Z].*\.$/)]);
      for (const option of usage.match(/--[a-z-]{2,}/g) ?? [])
        expect(stdout).toMatch(new RegExp(`^  ${option}`, 'm'));
      for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}\S.* {2}\S/);
    },
  );

  test('also accepts -h', async () => {
    expect(await help('token', '-h')).toEqual(await help('token', '--help'));
  });
});

describe('a Node that is too old', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder('old-node-');
  });
  afterAll(() => folder.remove());

  test.each([
    ['18.20.4', 1],
    ['20.18.3', 1],
    ['20.19.0', 0],
    ['24.0.0', 0],
  ])(
    '%s exits with %i before any other code runs, and prints the required version',
    async (version, code) => {
      const pretend = join(folder.path, 'pretend.cjs');
      await writeFile(
        pretend,
        `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`,
      );
      const checked = await runProgram(process.execPath, ['-r', pretend, 'src/require-node.cjs'], {
        folder: root,
      });
      const said = code === 0 ? '' : `Node 20.19 or newer is needed; this is Node ${version}.\n`;
      expect(checked).toMatchObject({ code, stdout: '', stderr: said });
    },
  );
});
