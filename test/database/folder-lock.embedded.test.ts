import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FolderLock, lockFolder } from '../../src/database/embedded/folder-lock.ts';
import { describeThisProcess, type Holder } from '../../src/database/embedded/lock-holder.ts';
import type { RunningProcess } from '../reliability/process.ts';
import { freshFolder } from '../support/database.ts';
import { startChild } from '../support/server-process.ts';

let parent: string;
let folder: string;
let children: RunningProcess[];

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'folder-lock-')));
  folder = join(parent, 'db');
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.end('SIGKILL')));
  await rm(parent, { recursive: true, force: true });
});

const start = (script: string, argument: string) => {
  const child = startChild(script, argument);
  children.push(child);
  return child;
};

describe('an embedded database', () => {
  const open = () => start('open-database.ts', `pglite:${folder}`);
  const ask = async (child: RunningProcess, line: string) => {
    child.send(line);
    return JSON.parse(await child.line());
  };

  test('that one process has open refuses a second with the pid of the first, whose data is unchanged', async () => {
    await freshFolder(folder);
    const first = open();
    expect(JSON.parse(await first.line())).toEqual({ opened: first.pid });
    expect(await ask(first, 'write before')).toEqual({ written: 'before' });

    const { refused } = JSON.parse(await open().line());
    expect(refused).toContain(`is in use by process ${first.pid} `);
    expect(refused).toContain('Nothing was changed.');

    expect(await ask(first, 'write after')).toEqual({ written: 'after' });
    expect(await ask(first, 'names')).toEqual({ names: ['before', 'after'] });
  });

  test('that its process has closed opens for the next with its rows, and leaves no lock behind', async () => {
    await freshFolder(folder);
    const first = open();
    await first.line();
    await ask(first, 'write kept');
    await ask(first, 'close');

    const second = open();
    expect(JSON.parse(await second.line())).toEqual({ opened: second.pid });
    expect(await ask(second, 'names')).toEqual({ names: ['kept'] });
    await ask(second, 'close');
    expect(await readdir(parent)).toEqual(['db']);
  });
});

describe('a lock', () => {
  const claimOf = async (changes: Partial<Holder>): Promise<Holder> => ({
    ...(await describeThisProcess('0123456789abcdef', false)),
    ...changes,
  });
  const leave = async (changes: Partial<Holder>) => {
    const claim = JSON.stringify(await claimOf(changes));
    await writeFile(`${folder}.lock`, claim);
    return claim;
  };
  const refusalOf = async (attempt: Promise<FolderLock>): Promise<string> => {
    const taken = await attempt.then(
      () => 'taken',
      (error: Error) => error.message,
    );
    return taken;
  };
  const listenAt = (socket: string) =>
    new Promise<Server>((resolve) => {
      const server = createServer().listen(socket, () => resolve(server));
    });
  const socket = () => `${folder}.lock.0123456789abcdef.sock`;

  test('that this process holds is refused to it a second time until it is released', async () => {
    const lock = await lockFolder(folder);
    expect(await refusalOf(lockFolder(folder))).toContain(`in use by process ${process.pid} `);
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  test('names the socket of its holder to a process that finds it taken, and to no process after its release', async () => {
    const lock = await lockFolder(folder);
    await lock.announce('http://127.0.0.1:4000');
    await expect(lockFolder(folder)).rejects.toMatchObject({ url: 'http://127.0.0.1:4000' });
    await lock.release();
    const next = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ url: undefined });
    await next.release();
    expect((await readdir(parent)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test('is the same lock through a symbolic link', async () => {
    await mkdir(folder);
    await symlink(folder, join(parent, 'link'));
    const lock = await lockFolder(join(parent, 'link'));
    expect(await refusalOf(lockFolder(folder))).toContain('in use by process');
    await lock.release();
  });

  test('has a socket that no other user can connect to', async () => {
    const before = process.umask();
    const lock = await lockFolder(folder);
    const [socket] = (await readdir(parent)).filter((name) => name.endsWith('.sock'));
    expect((await stat(join(parent, socket!))).mode & 0o777).toBe(0o700);
    expect(process.umask()).toBe(before);
    await lock.release();
  });

  test('works in a folder whose path is longer than a socket address can be', async () => {
    const deep = join(parent, 'x'.repeat(120));
    await mkdir(deep);
    const lock = await lockFolder(join(deep, 'db'));
    expect(JSON.parse(await readFile(join(deep, 'db.lock'), 'utf8')).listens).toBe(
      process.platform === 'linux',
    );
    expect(await refusalOf(lockFolder(join(deep, 'db')))).toContain('in use by process');
    await lock.release();
    expect(await readdir(deep)).toEqual([]);
  });

  test.each<[string, Partial<Holder>]>([
    ['a pid that is gone', { pid: 2 ** 22 + 1 }],
    ['a pid that belongs to a later process', { startTime: '1' }],
    ['an earlier boot of the machine', { bootId: '00000000-0000-0000-0000-000000000000' }],
  ])('that was left with %s is taken over', async (_, changes) => {
    await leave(changes);
    const lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(`${folder}.lock`, 'utf8')).pid).toBe(process.pid);
    expect(await refusalOf(lockFolder(folder))).toContain('in use by process');
    await lock.release();
    expect(await readdir(parent)).toEqual([]);
  });

  test('of a running container is refused, although its pid is unknown here', async () => {
    const server = await listenAt(socket());
    const claim = await leave({ pid: 1, pidNamespace: 'pid:[1]', hostname: 'elsewhere', listens: true });
    expect(await refusalOf(lockFolder(folder))).toContain('in use by process 1 on "elsewhere"');
    expect(await readFile(`${folder}.lock`, 'utf8')).toBe(claim);
    await new Promise((resolve) => server.close(resolve));
  });

  test('of a killed container is taken over', async () => {
    const killed = start('listen.ts', socket());
    await killed.line();
    await killed.end('SIGKILL');
    expect(existsSync(socket())).toBe(true);
    await leave({ pid: 1, pidNamespace: 'pid:[1]', hostname: 'elsewhere', listens: true });
    await (await lockFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  test('of a container in an unknown state is refused, and the message names the file to delete', async () => {
    const claim = await leave({ pid: 1, pidNamespace: 'pid:[1]', hostname: 'elsewhere', listens: false });
    const message = await refusalOf(lockFolder(folder));
    expect(message).toContain(`delete ${folder}.lock and start again`);
    expect(await readFile(`${folder}.lock`, 'utf8')).toBe(claim);
  });

  test('that this program did not write is refused, and the message names the file to delete', async () => {
    await writeFile(`${folder}.lock`, 'something else');
    expect(await refusalOf(lockFolder(folder))).toContain(`${folder}.lock is not a lock`);
    expect(await readFile(`${folder}.lock`, 'utf8')).toBe('something else');
  });

  test('that was deleted by hand and taken by another process is not released by the first', async () => {
    const lock = await lockFolder(folder);
    const claim = await leave({ token: 'fedcba9876543210' });
    await lock.release();
    expect(await readFile(`${folder}.lock`, 'utf8')).toBe(claim);
  });

  test('whose holder was killed while it took the lock over is taken over from it', async () => {
    await leave({ startTime: '1' });
    const heir = await claimOf({ startTime: '2', token: 'fedcba9876543210' });
    await writeFile(`${folder}.lock.0123456789abcdef`, JSON.stringify(heir));
    await (await lockFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  test('that is stale goes to exactly one of many concurrent callers, again and again', async () => {
    for (let round = 0; round < 30; round++) {
      await leave({ startTime: '1', token: round.toString(16).padStart(16, '0') });
      const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
      const taken = attempts.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(taken).toHaveLength(1);
      await taken[0]?.release();
      expect(await readdir(parent)).toEqual([]);
    }
  });

  test('whose holder is killed goes to exactly one of many processes, and the others name that one', async () => {
    let starters = Array.from({ length: 6 }, () => start('take-lock.ts', folder));
    await Promise.all(starters.map((starter) => starter.line()));
    while (starters.length > 1) {
      for (const starter of starters) starter.send('go');
      const answers = await Promise.all(starters.map((starter) => starter.line()));
      const holder = starters[answers.indexOf('held')]!;
      const expected = starters.map((each) => (each === holder ? 'held' : `refused ${holder.pid}`));
      expect(answers).toEqual(expected);
      await holder.end('SIGKILL');
      starters = starters.filter((starter) => starter !== holder);
    }
  });
});
