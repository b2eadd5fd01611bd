import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunningProcess } from '../reliability/process.ts';
import { freshFolder } from '../support/database.ts';
import { startChild } from '../support/server-process.ts';

let parent: string;
let folder: string;
let children: RunningProcess[];
beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'killed-')));
  folder = join(parent, 'db');
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.end('SIGKILL')));
  await rm(parent, { recursive: true, force: true });
});

function open(): RunningProcess {
  const child = startChild('open-database.ts', `pglite:${folder}`);
  children.push(child);
  return child;
}

async function ask(child: RunningProcess, line: string) {
  child.send(line);
  return JSON.parse(await child.line());
}

test('if the process of an embedded database is killed with -9 while writing, the next one finds every acknowledged row', async () => {
  await freshFolder(folder);
  const first = open();
  await first.line();
  const acknowledged: string[] = [];
  for (let i = 0; i < 20; i++) acknowledged.push((await ask(first, `write row-${i}`)).written);
  first.send('write in-flight');
  await first.end('SIGKILL');

  const second = open();
  expect(JSON.parse(await second.line())).toEqual({ opened: second.pid });
  const { names } = await ask(second, 'names');
  expect(names.slice(0, 20)).toEqual(acknowledged);
  expect(await ask(second, 'write next')).toEqual({ written: 'next' });
});
