import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/persistence/database.ts';
import { verifyPassword } from '../../src/services/password.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { runCommand } from '../support/server-process.ts';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test('npm run admin, with the URL of a server and no JWT_SECRET, then makes accounts there, each with its own administrator', async () => {
  const admin = (...args: string[]) =>
    runCommand('admin', ['--email', 'ada@example.com', '--name', 'Ada', ...args], {
      environment: { DATABASE_URL: urlOf(database) },
      input: `password of ${args.at(-1) ?? 'standalone'}\n`,
    });
  expect((await admin()).stdout).toBe(
    'ada@example.com can log in to the account standalone, which was made.\n',
  );
  expect((await admin('--account', 'second')).stdout).toContain('the account second, which was made');
  expect((await admin('--account', 'second')).stdout).toBe(
    'ada@example.com can log in to the account second.\n',
  );

  const people = await database.prisma.person.findMany({
    include: { account: true },
    orderBy: { accountId: 'asc' },
  });
  expect(people.map(({ email, account }) => [email, account.name])).toEqual([
    ['ada@example.com', 'standalone'],
    ['ada@example.com', 'second'],
  ]);
  expect(await verifyPassword('password of second', people[1]!.passwordHash!)).toBe(true);
  expect(await verifyPassword('password of second', people[0]!.passwordHash!)).toBe(false);
});
