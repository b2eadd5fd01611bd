import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { verifyPassword } from '../../src/services/accounts/password.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { runCommand } from '../support/server-process.ts';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test('with the URL of a server and without JWT_SECRET, npm run admin creates accounts, each with its own administrator', async () => {
  const admin = (...args: string[]) =>
    runCommand('admin', ['--email', 'ada@example.com', '--name', 'Ada', ...args], {
      environment: { DATABASE_URL: urlOf(database) },
      input: `password of ${args.at(-1) ?? 'standalone'}\n`,
    });
  expect((await admin()).stdout).toBe(
    'ada@example.com can log in to the account standalone, which was created.\n',
  );
  expect((await admin('--account', 'second')).stdout).toContain('the account second, which was created');

  const allPeople = () =>
    database.prisma.person.findMany({
      include: { account: true, roles: { include: { role: true } } },
      orderBy: { accountId: 'asc' },
    });
  const people = await allPeople();
  expect(people.map(({ email, account }) => [email, account.name])).toEqual([
    ['ada@example.com', 'standalone'],
    ['ada@example.com', 'second'],
  ]);
  expect(people.map(({ roles }) => roles.map(({ role }) => role.name))).toEqual([
    ['GlobalAdmin'],
    ['GlobalAdmin'],
  ]);
  expect(await verifyPassword('password of second', people[1]!.passwordHash!)).toBe(true);
  expect(await verifyPassword('password of second', people[0]!.passwordHash!)).toBe(false);

  // Resetting a password must not restore a removed role.
  await database.prisma.rolePerson.deleteMany({ where: { accountId: people[1]!.accountId } });
  expect((await admin('--account', 'second')).stdout).toBe(
    'ada@example.com can log in to the account second.\n',
  );
  expect(await database.prisma.rolePerson.count()).toBe(1);

  // A person can switch between accounts. So an old password that stayed valid in one of them would open the others.
  for (const { passwordHash, tokensValidFrom } of await allPeople()) {
    expect(await verifyPassword('password of second', passwordHash)).toBe(true);
    expect(tokensValidFrom).not.toBeNull();
  }
});
