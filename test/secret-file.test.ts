import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config.ts';
import { jwtSecrets } from '../src/secret-file.ts';

const SECRET = 'a secret of thirty-two bytes or more';
const PREVIOUS = 'the secret before it, as long as that';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secretsOf = (environment: Record<string, string>) => jwtSecrets(readConfig(environment));
const embedded = (...place: string[]) => ({ DATABASE_URL: `pglite:${join(folder, ...place)}` });

describe('secrets that are set', () => {
  test('then are used as they are, the current one first, and nothing is written', async () => {
    expect(await secretsOf({ ...embedded('db'), JWT_SECRET: SECRET })).toEqual([SECRET]);
    const both = { ...embedded('db'), JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: PREVIOUS };
    expect(await secretsOf(both)).toEqual([SECRET, PREVIOUS]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('an embedded folder without a secret beside it', () => {
  test('then gets one of 256 bits, which only its owner can read, and which stays', async () => {
    const [secret, ...others] = await secretsOf(embedded('db'));
    expect(others).toEqual([]);
    expect(secret).toMatch(/^[\da-f]{64}$/);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
    expect((await stat(join(folder, 'db.jwt-secret'))).mode & 0o777).toBe(0o600);
    expect(await secretsOf(embedded('db'))).toEqual([secret]);
  });

  test('in a folder that is not there either, then makes both; written with a slash behind it, is the same', async () => {
    const [secret] = await secretsOf(embedded('a', 'b', 'db'));
    expect(await secretsOf({ DATABASE_URL: `pglite:${folder}/a/b/db/` })).toEqual([secret]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['db.jwt-secret']);
  });

  test('asked for by many at once, then gives all of them the same one', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => secretsOf(embedded('db'))));
    expect(new Set(made.map(([secret]) => secret)).size).toBe(1);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
  });

  test('whose database is not new, then says that tokens of the lost secret are invalid; of a new one it says nothing', async () => {
    const said: string[] = [];
    const secrets = () => jwtSecrets(readConfig(embedded('db')), (message) => said.push(message));
    await secrets();
    expect(said).toEqual([]);
    await mkdir(join(folder, 'db'));
    await writeFile(join(folder, 'db', 'PG_VERSION'), '17\n');
    await rm(join(folder, 'db.jwt-secret'));
    await secrets();
    await secrets();
    expect(said).toEqual([expect.stringContaining('db.jwt-secret was missing, so a new secret was created')]);
  });

  test('beside another one, then has a secret of its own', async () => {
    expect(await secretsOf(embedded('one'))).not.toEqual(await secretsOf(embedded('two')));
  });

  test('with a secret that is replaced, then still gives the one before it, when that is named', async () => {
    const [before] = await secretsOf(embedded('db'));
    await rm(join(folder, 'db.jwt-secret'));
    const [current, previous] = await secretsOf({ ...embedded('db'), JWT_SECRET_PREVIOUS: before });
    expect(previous).toBe(before);
    expect(current).not.toBe(before);
  });
});

describe('a secret beside an embedded folder', () => {
  const file = () => join(folder, 'db.jwt-secret');

  test('that somebody wrote, with a line end, then is used without it, and left as it is', async () => {
    await writeFile(file(), `${SECRET}\n`, { mode: 0o400 });
    expect(await secretsOf(embedded('db'))).toEqual([SECRET]);
    expect(await readFile(file(), 'utf8')).toBe(`${SECRET}\n`);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
  });

  test('in a folder that takes no new files, then is still read', async () => {
    await writeFile(file(), SECRET);
    await chmod(folder, 0o500);
    expect(await secretsOf(embedded('db'))).toEqual([SECRET]);
    await chmod(folder, 0o700);
  });

  test.each<[string, string, number]>([
    ['empty', '', 0],
    ['too short', 'hunter2', 7],
    ['blank', ' '.repeat(64), 0],
    ['one byte short', 'x'.repeat(31), 31],
  ])('that is %s, then is refused with its length and its name, not its text', async (_, text, bytes) => {
    await writeFile(file(), text);
    const refusal = await secretsOf(embedded('db')).catch((error: Error) => error.message);
    expect(refusal).toBe(
      `${file()} must contain a secret of at least 32 bytes; found ${bytes} bytes. Delete it, and the server creates a new one.`,
    );
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  test('counted in bytes, as in the variable', async () => {
    await writeFile(file(), 'ü'.repeat(16));
    expect(await secretsOf(embedded('db'))).toEqual(['ü'.repeat(16)]);
  });

  test('that is a folder, then is refused, and not replaced', async () => {
    await mkdir(file());
    await expect(secretsOf(embedded('db'))).rejects.toThrow('EISDIR');
    expect((await stat(file())).isDirectory()).toBe(true);
  });
});
