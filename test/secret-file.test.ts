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

describe('configured secrets', () => {
  test('are used unchanged, the current one first, and no file is written', async () => {
    expect(await secretsOf({ ...embedded('db'), JWT_SECRET: SECRET })).toEqual([SECRET]);
    const both = { ...embedded('db'), JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: PREVIOUS };
    expect(await secretsOf(both)).toEqual([SECRET, PREVIOUS]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('an embedded folder without a secret file', () => {
  test('gets a secret of 256 bits, which only its owner can read, and keeps it', async () => {
    const [secret, ...others] = await secretsOf(embedded('db'));
    expect(others).toEqual([]);
    expect(secret).toMatch(/^[\da-f]{64}$/);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
    expect((await stat(join(folder, 'db.jwt-secret'))).mode & 0o777).toBe(0o600);
    expect(await secretsOf(embedded('db'))).toEqual([secret]);
  });

  test('is created with its secret if it does not exist, and may end with a slash', async () => {
    const [secret] = await secretsOf(embedded('a', 'b', 'db'));
    expect(await secretsOf({ DATABASE_URL: `pglite:${folder}/a/b/db/` })).toEqual([secret]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['db.jwt-secret']);
  });

  test('that many processes open at once gives all of them the same secret', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => secretsOf(embedded('db'))));
    expect(new Set(made.map(([secret]) => secret)).size).toBe(1);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
  });

  test('whose database exists warns that tokens of the lost secret are invalid, while a new one does not', async () => {
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

  test('has its own secret, separate from other folders', async () => {
    expect(await secretsOf(embedded('one'))).not.toEqual(await secretsOf(embedded('two')));
  });

  test('also uses the previous secret if it is configured', async () => {
    const [before] = await secretsOf(embedded('db'));
    await rm(join(folder, 'db.jwt-secret'));
    const [current, previous] = await secretsOf({ ...embedded('db'), JWT_SECRET_PREVIOUS: before });
    expect(previous).toBe(before);
    expect(current).not.toBe(before);
  });
});

describe('the secret file of an embedded folder', () => {
  const file = () => join(folder, 'db.jwt-secret');

  test('that a person wrote with a line end is read without it, and left unchanged', async () => {
    await writeFile(file(), `${SECRET}\n`, { mode: 0o400 });
    expect(await secretsOf(embedded('db'))).toEqual([SECRET]);
    expect(await readFile(file(), 'utf8')).toBe(`${SECRET}\n`);
    expect(await readdir(folder)).toEqual(['db.jwt-secret']);
  });

  test('is readable in a folder that is not writable', async () => {
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
  ])('that is %s is refused with its length and its name, but not its text', async (_, text, bytes) => {
    await writeFile(file(), text);
    const refusal = await secretsOf(embedded('db')).catch((error: Error) => error.message);
    expect(refusal).toBe(
      `${file()} must contain a secret of at least 32 bytes; found ${bytes} bytes. Delete it, and the server creates a new one.`,
    );
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  test('is measured in bytes, like the variable', async () => {
    await writeFile(file(), 'ü'.repeat(16));
    expect(await secretsOf(embedded('db'))).toEqual(['ü'.repeat(16)]);
  });

  test('that is a folder is refused, and not replaced', async () => {
    await mkdir(file());
    await expect(secretsOf(embedded('db'))).rejects.toThrow('EISDIR');
    expect((await stat(file())).isDirectory()).toBe(true);
  });
});
