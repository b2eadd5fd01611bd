import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { verifyToken } from '../../src/http/auth/tokens.ts';
import { freshFolder } from '../support/database.ts';
import {
  endServers,
  runCommand,
  runProgram,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder('token-');
  environment = { DATABASE_URL: `pglite:${folder.path}/db` };
});
afterAll(() => folder.remove());

const token = (...args: string[]) => runCommand('token', args, { environment });
const storedSecret = () => readFile(`${folder.path}/db.jwt-secret`, 'utf8');
const claimsOf = (text: string) => jwt.decode(text.trim()) as jwt.JwtPayload;

describe('npm run token', () => {
  test('with an e-mail address prints one line: a token for a day, signed with the stored secret. It does not open the database', async () => {
    const { code, stdout, stderr } = await token('--email', 'john@example.com');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const secrets = [await storedSecret()];
    expect(verifyToken(stdout.trim(), { secrets })).toMatchObject({
      email: 'john@example.com',
      account: 'standalone',
    });
    const { iat, exp } = claimsOf(stdout);
    expect(exp! - iat!).toBe(1440 * 60);
    expect(await readdir(folder.path)).toEqual(['db.jwt-secret']);
  });

  test('with an account and minutes creates a token for them, signed with the same secret', async () => {
    const secret = await storedSecret();
    const { stdout } = await token('--email', 'a@b.c', '--account', 'other', '--minutes', '5');
    expect(claimsOf(stdout)).toMatchObject({ sub: 'a@b.c', acc: 'other' });
    expect(claimsOf(stdout).exp! - claimsOf(stdout).iat!).toBe(300);
    expect(verifyToken(stdout.trim(), { secrets: [secret] }).account).toBe('other');
  });

  test('with JWT_SECRET set signs with this secret', async () => {
    const secret = 'another secret, of thirty-two bytes or more';
    const { stdout } = await runCommand('token', ['--email', 'a@b.c'], {
      environment: { ...environment, JWT_SECRET: secret, JWT_SECRET_PREVIOUS: await storedSecret() },
    });
    expect(verifyToken(stdout.trim(), { secrets: [secret] }).email).toBe('a@b.c');
  });

  test('with PostgreSQL and no JWT_SECRET prints no token, and says that the variable is missing', async () => {
    const { code, stdout, stderr } = await runCommand('token', ['--email', 'a@b.c'], {
      environment: { DATABASE_URL: 'postgresql://db.example.com/fleet' },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ *JWT_SECRET must be at least 32 bytes.*; found nothing\.$/m);
  });

  test.each<[string, string[], string]>([
    ['no arguments', [], '--email is missing.'],
    ['an address without its option', ['a@b.c'], 'a@b.c'],
    ['an unknown option', ['--email', 'a@b.c', '--hours', '1'], '--hours'],
    ['an option without its value', ['--email'], '--email'],
    ['no minutes', ['--email', 'a@b.c', '--minutes', '0'], 'from 1 to 527040; found "0"'],
    ['minutes that are not a number', ['--email', 'a@b.c', '--minutes', '1h'], 'found "1h"'],
    ['more minutes than a year', ['--email', 'a@b.c', '--minutes', '527041'], 'found "527041"'],
  ])('with %s prints no token, exits with 2 and prints its usage', async (_, args, complaint) => {
    const { code, stdout, stderr } = await token(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('Usage: npm run token -- --email <email> [--account <name>] [--minutes <n>]');
  });

  test('through npm --silent prints only the token. Otherwise it explains on standard error the lines that npm printed', async () => {
    const throughNpm = (...flags: string[]) =>
      runProgram('npm', ['run', ...flags, 'token', '--', '--email', 'a@b.c'], { environment });
    const silent = await throughNpm('--silent');
    expect(silent.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const plain = await throughNpm();
    expect(plain.stdout).toMatch(/\n[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(plain.stderr).toContain('npm run --silent token');
  });
});

describe('npm run token, while a server has the database open,', () => {
  afterAll(endServers);

  test('warns if the account has no person with the address, and prints no warning otherwise', async () => {
    const own = await temporaryFolder('token-served-');
    await freshFolder(`${own.path}/db`);
    const served = { DATABASE_URL: `pglite:${own.path}/db`, SEED: 'page' };
    const server = await startServer(served);
    const ask = (email: string) => runCommand('token', ['--email', email], { environment: served });
    const nobody = await ask('nobody@example.com');
    expect(nobody.code).toBe(0);
    expect(nobody.stderr).toBe(
      `The account standalone has no person with the address nobody@example.com, so the server at ${server.url} rejects this token.\n`,
    );
    expect(await ask('john@example.com')).toMatchObject({ code: 0, stderr: '' });

    // SEED=demo loads nothing, because this database already has an account.
    await server.end();
    const again = await startServer({ ...served, SEED: 'demo' });
    expect(again.output()).toMatch(/SEED=demo loaded nothing, because the database already has an account/);
    await again.end();
    await own.remove();
  });
});
