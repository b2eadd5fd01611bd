import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtSecrets } from '../src/secret-file.ts';

const SECRET = 'a secret that is long enough: 40 bytes..';
const PREVIOUS = 'the one before it, that is long enough..';

let parent: string;
let file: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'secret-file-'));
  file = join(parent, 'db.jwt-secret');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const secretsOf = (
  changes: { databaseFolder?: string; jwtSecret?: string; jwtSecretPrevious?: string } = {},
) =>
  jwtSecrets({
    databaseFolder: join(parent, 'db'),
    jwtSecret: undefined,
    jwtSecretPrevious: undefined,
    ...changes,
  });

describe('the secret beside an embedded database', () => {
  test('is made at first: 32 random bytes, for its owner alone, and the folder is left alone', async () => {
    const [secret, ...others] = await secretsOf();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(parent)).toEqual(['db.jwt-secret']);
  });

  test('is the same one ever after, however the folder is written', async () => {
    const [secret] = await secretsOf();
    for (const name of ['db', 'db/', 'db//', './db', 'other/../db']) {
      expect(await secretsOf({ databaseFolder: `${parent}/${name}` })).toEqual([secret]);
    }
  });

  test('is one, though many start together', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => secretsOf()));
    expect(new Set(all.flat()).size).toBe(1);
    expect(await readdir(parent)).toEqual(['db.jwt-secret']);
  });

  test('is made where the folder’s parent does not exist yet', async () => {
    const databaseFolder = join(parent, 'not', 'there', 'db');
    const [secret] = await secretsOf({ databaseFolder });
    expect(await readFile(`${databaseFolder}.jwt-secret`, 'utf8')).toBe(secret);
  });

  test('may be one’s own, with a line’s end', async () => {
    await writeFile(file, `${SECRET}\n`);
    expect(await secretsOf()).toEqual([SECRET]);
  });

  test.each(['', '\n', 'x'.repeat(31), `${'x'.repeat(31)}\n`])(
    '%j is too short, and stays as it is',
    async (text) => {
      await writeFile(file, text);
      const { message } = await secretsOf().then(
        () => new Error('It was taken.'),
        (error: Error) => error,
      );
      expect(message).toContain(`${file} holds ${text.trim().length} bytes; a secret has at least 32`);
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  test('that can’t be read is told by its name, and stays as it is', async () => {
    await mkdir(file);
    await expect(secretsOf()).rejects.toThrow(/can't be read: .*EISDIR.* or set JWT_SECRET/s);
    await expect(secretsOf()).rejects.toThrow(file);
    expect((await stat(file)).isDirectory()).toBe(true);
  });

  test('that is there is read where nothing may be written', async () => {
    const [secret] = await secretsOf();
    await chmod(parent, 0o500);
    expect(await secretsOf()).toEqual([secret]);
    await chmod(parent, 0o700);
  });
});

describe('a secret that is set', () => {
  test('is taken, and none is made', async () => {
    expect(await secretsOf({ jwtSecret: SECRET })).toEqual([SECRET]);
    expect(await secretsOf({ jwtSecret: SECRET, databaseFolder: undefined })).toEqual([SECRET]);
    expect(await readdir(parent)).toEqual([]);
  });

  test('comes before the previous one, and so does the one that is kept', async () => {
    expect(await secretsOf({ jwtSecret: SECRET, jwtSecretPrevious: PREVIOUS })).toEqual([SECRET, PREVIOUS]);
    const [kept] = await secretsOf();
    expect(await secretsOf({ jwtSecretPrevious: PREVIOUS })).toEqual([kept, PREVIOUS]);
  });
});
