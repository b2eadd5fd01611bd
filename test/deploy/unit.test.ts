import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/build.ts';
import { temporaryFolder } from '../support/server-process.ts';

const run = promisify(execFile);
const UNIT = `${root}/docs/deploy/script-profiles-gateway@.service`;
const ANALYZE = '/usr/bin/systemd-analyze';
/** Without systemd, only the text of the unit is checked. */
const hasSystemd = existsSync(ANALYZE);

const unit = () => readFile(UNIT, 'utf8');
const setting = async (name: string) =>
  [...(await unit()).matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);

describe('the systemd unit', () => {
  test('allows the system calls for protection keys, because Node 20 uses them at its start and would be killed', async () => {
    const [filter = ''] = await setting('SystemCallFilter');
    expect(filter.split(' ')).toEqual(['@system-service', '@pkey']);
    if (!hasSystemd) return;
    const sets = await Promise.all(filter.split(' ').map((set) => run(ANALYZE, ['syscall-filter', set])));
    expect(sets.map(({ stdout }) => stdout).join()).toMatch(/^ +pkey_alloc$/m);
  });

  test('answers any other system call with EPERM, so that a newer Node can continue without it', async () => {
    expect(await setting('SystemCallErrorNumber')).toEqual(['EPERM']);
  });

  test('sets the same variables of malloc as npm start, npm run serve and the image', async () => {
    const [malloc] = (await setting('Environment')).filter((line) => line.startsWith('MALLOC_'));
    expect(malloc).toMatch(/^MALLOC_ARENA_MAX=\d+ MALLOC_TRIM_THRESHOLD_=\d+$/);
    const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'));
    const end = `&& ${malloc} exec node dist/main.js`;
    expect([scripts.start, scripts.serve].map((script: string) => script.slice(-end.length))).toEqual([
      end,
      end,
    ]);
    expect(await readFile(`${root}/docs/deploy/Containerfile`, 'utf8')).toContain(`\nENV ${malloc}\n`);
  });

  test('is accepted by systemd without a warning', async () => {
    expect(await unit()).toMatch(/^\[Unit\]$.*^\[Service\]$.*^\[Install\]$/ms);
    if (!hasSystemd || !existsSync('/usr/bin/node')) return;
    const folder = await temporaryFolder('unit-');
    try {
      const instance = `${folder.path}/script-profiles-gateway@4001.service`;
      await copyFile(UNIT, instance);
      const { stdout, stderr } = await run(ANALYZE, ['verify', '--man=no', instance]);
      expect((stdout + stderr).split('\n').filter((line) => line.includes('script-profiles'))).toEqual([]);
    } finally {
      await folder.remove();
    }
  });
});
