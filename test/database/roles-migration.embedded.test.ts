import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectEmbedded, type Database } from '../../src/database/database.ts';
import { embeddedAdapter } from '../../src/database/embedded/embedded-adapter.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { createStore } from '../../src/repositories/store.ts';
import { peopleService } from '../../src/services/accounts/people.ts';
import { emptyPGlite } from '../support/database.ts';

let pglite: PGlite;
let database: Database;
beforeAll(async () => {
  pglite = await emptyPGlite();
  database = connectEmbedded(pglite);
});
afterAll(() => database.close());

test('people who existed before roles may still do everything in their account, and nothing in another', async () => {
  const release = await readMigrations();
  const before = release.slice(
    0,
    release.findIndex(({ name }) => name.endsWith('_roles')),
  );
  await migrate(embeddedAdapter(pglite), { migrations: before });
  const sql = (text: string) => database.prisma.$executeRawUnsafe(text);
  await sql(
    `INSERT INTO account (name, title, created_at) VALUES ('a', 'A', now()), ('b', 'B', now()), ('empty', 'E', now())`,
  );
  await sql(`INSERT INTO person (account_id, email, name, created_at) VALUES
    (1, 'ann@example.com', 'Ann', now()), (1, 'abe@example.com', 'Abe', now()), (2, 'ann@example.com', 'Ann', now())`);

  await migrate(embeddedAdapter(pglite));
  const { caller } = peopleService(createStore(database.prisma));
  for (const [account, email] of [
    ['a', 'ann@example.com'],
    ['a', 'abe@example.com'],
    ['b', 'ann@example.com'],
  ] as const) {
    const grants = { ManageRole: 'all', ViewComputer: 'all', RedactScript: 'all' };
    expect(await caller(account, email)).toMatchObject({
      accountName: account,
      roles: ['GlobalAdmin'],
      grants,
    });
  }
  expect(await database.prisma.role.count()).toBe(3);
  expect(await database.prisma.rolePerson.count()).toBe(3);
});
