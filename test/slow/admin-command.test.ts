import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { signOperatorToken } from '../../src/http/auth/tokens.ts';
import { verifyPassword } from '../../src/services/accounts/password.ts';
import {
  endServers,
  runCommand,
  runProgram,
  startChild,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let url: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder('admin-');
  url = `pglite:${folder.path}/db`;
  environment = { DATABASE_URL: url };
});
afterEach(endServers);
afterAll(() => folder.remove());

const ADA = ['--email', 'ada@example.com', '--name', 'Ada Lovelace'];
const admin = (args: readonly string[], input: string) => runCommand('admin', args, { environment, input });

const people = async () => {
  const database = await openDatabase({ url });
  try {
    return await database.prisma.person.findMany({ include: { account: { include: { limits: true } } } });
  } finally {
    await database.close();
  }
};

describe('npm run admin', () => {
  test('on an empty folder creates the account with its limits and its administrator, and sets the password if it is run again', async () => {
    const first = await admin(ADA, 'analytical engine\n');
    expect(first).toEqual({
      code: 0,
      stdout: 'ada@example.com can log in to the account standalone, which was created.\n',
      stderr: '',
    });
    const [ada, ...others] = await people();
    expect(others).toEqual([]);
    expect(ada).toMatchObject({
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      account: { name: 'standalone' },
    });
    expect(ada!.account.limits).toBeTruthy();
    expect(await verifyPassword('analytical engine', ada!.passwordHash!)).toBe(true);

    // A password without a line end, as from printf, and one with a byte order mark, as from an editor. Runs through
    // npm, as documented.
    const ada2 = ['--email', ' ADA@Example.com ', '--name', 'Ada Lovelace'];
    const args = ['run', '--silent', 'admin', '--', ...ada2];
    const second = await runProgram('npm', args, { environment, input: '\uFEFFdifference engine' });
    expect({ code: second.code, stdout: second.stdout }).toEqual({
      code: 0,
      stdout: 'ADA@Example.com can log in to the account standalone.\n',
    });
    const [same, ...more] = await people();
    expect(more).toEqual([]);
    expect(same!.id).toBe(ada!.id);
    expect(await verifyPassword('difference engine', same!.passwordHash!)).toBe(true);
    expect(await verifyPassword('analytical engine', same!.passwordHash!)).toBe(false);
    expect((await readdir(folder.path)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test('asks the server that has the folder open, which accepts no one else, and the person exists immediately', async () => {
    const server = await startServer({ ...environment, SEED: 'none' });
    const first = await admin([...ADA, '--account', 'served'], 'a served password\n');
    expect(first).toEqual({
      code: 0,
      stdout: 'ada@example.com can log in to the account served, which was created.\n',
      stderr: '',
    });
    const token = await server.token('--email', 'ada@example.com', '--account', 'served');
    const post = (path: string, bearer: string) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ viewer { accountName } }' }),
      });
    const answer = await post('/graphql', token);
    expect(await answer.json()).toEqual({ data: { viewer: { accountName: 'served' } } });
    // After the token was used, because a password revokes the tokens of the same second.
    expect((await admin([...ADA, '--account', 'served'], 'another password\n')).stdout).toBe(
      'ada@example.com can log in to the account served.\n',
    );

    const secret = await readFile(`${folder.path}/db.jwt-secret`, 'utf8');
    const operators = signOperatorToken({ secret });
    expect((await post('/operator/administrators', operators)).status).toBe(400);
    for (const wrong of [token, 'x', signOperatorToken({ secret: 'x'.repeat(40) })])
      expect((await post('/operator/administrators', wrong)).status).toBe(401);
    for (const path of ['/graphql', '/api/v2/script-profile-limits'])
      expect((await post(path, operators)).status).toBe(401);

    const elsewhere = { ...environment, JWT_SECRET: 'a secret of which the server knows nothing' };
    const refused = await runCommand('admin', ADA, { environment: elsewhere, input: 'a fourth password\n' });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`The server at ${server.url} returned the status 401`);

    expect((await server.end()).code).toBe(0);
    const served = (await people()).filter(({ account }) => account.name === 'served');
    expect(served).toHaveLength(1);
    expect(await verifyPassword('another password', served[0]!.passwordHash!)).toBe(true);
    expect((await readdir(folder.path)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test('changes nothing and names the process if another process has the folder open', async () => {
    const holder = startChild('open-database.ts', url);
    await holder.line();
    const { code, stdout, stderr } = await admin(ADA, 'a third password\n');
    await holder.end('SIGKILL');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`in use by process ${holder.pid} `);
  });

  test.each<[string, readonly string[], string, string]>([
    ['no e-mail', ADA.slice(2), 'long enough', '--email must be an e-mail address; found null'],
    ['an invalid e-mail', ['--email', 'ada', ...ADA.slice(2)], 'long enough', 'found "ada"'],
    ['no name', ADA.slice(0, 2), 'long enough', '--name is missing'],
    ['a blank name', [...ADA.slice(0, 2), '--name', ' '], 'long enough', '--name is missing'],
    ['an invalid account name', [...ADA, '--account', 'Main Office'], 'long enough', '--account must be'],
    ['a password as an argument', [...ADA, '--password', 'long enough'], 'long enough', '--password'],
    ['a list of e-mails', ['--email', 'a@b.c,d@e.f', ...ADA.slice(2)], 'long enough', 'found "a@b.c,d@e.f"'],
    ['a name with ESC', [...ADA.slice(0, 2), '--name', 'A\x1b[2J'], 'long enough', '--name must be'],
    ['a password with NUL', ADA, 'long\0enough', 'UTF-8 without control characters'],
    ['a password that is too short after its byte order mark', ADA, '\uFEFFseven77', 'at least 8 characters'],
    ['a short password', ADA, 'short\n', 'at least 8 characters'],
    ['no password', ADA, '', 'at least 8 characters'],
  ])('with %s exits with 2, prints its usage, and opens no database', async (_, args, input, complaint) => {
    const nowhere = { DATABASE_URL: `pglite:${folder.path}/nowhere` };
    const { code, stdout, stderr } = await runCommand('admin', args, { environment: nowhere, input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain(
      'Usage: npm run admin -- --email <email> --name <name> [--account <name>] < password',
    );
    expect(existsSync(`${folder.path}/nowhere`)).toBe(false);
  });
});
