import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectEmbedded, type Database } from '../../src/database/database.ts';
import { embeddedAdapter } from '../../src/database/embedded/embedded-adapter.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { emptyPGlite } from '../support/database.ts';

let pglite: PGlite;
let database: Database;
beforeAll(async () => {
  pglite = await emptyPGlite();
  database = connectEmbedded(pglite);
});
afterAll(() => database.close());

const NFC = 'Café';
const NFD = NFC.normalize('NFD');
/** One of two spellings of a title. Neither is composed. */
const OLDER = 'a\u0323\u0307';
const YOUNGER = 'a\u0307\u0323';

test('existing titles are composed, and both rows are kept if an account has two spellings of one title', async () => {
  const release = await readMigrations();
  const migrations = release.slice(
    0,
    release.findIndex(({ name }) => name.endsWith('_composed_titles')),
  );
  await migrate(embeddedAdapter(pglite), { migrations });
  const sql = (text: string) => database.prisma.$executeRawUnsafe(text);
  await sql(
    `INSERT INTO account (name, title, created_at) VALUES ('a', '${NFD}', now()), ('b', 'B', now()), ('c', 'C', now())`,
  );
  for (const account of [1, 2, 3])
    await sql(
      `INSERT INTO role (account_id, name, description, permissions, account_permissions, is_global_admin)
       VALUES (${account}, '${account === 1 ? NFD : 'x'}', '', '{}', '{}', false)`,
    );
  await sql(`INSERT INTO role (account_id, name, description, permissions, account_permissions, is_global_admin)
    VALUES (2, '${NFD}', '', '{}', '{}', false), (2, '${NFC}', '', '{}', '{}', false),
      (3, '${OLDER}', '', '{}', '{}', false), (3, '${YOUNGER}', '', '{}', '{}', false)`);

  await migrate(embeddedAdapter(pglite));
  const names = async (accountId: bigint) => {
    const roles = await database.prisma.role.findMany({ where: { accountId }, orderBy: { id: 'asc' } });
    return roles.map(({ name }) => name);
  };
  expect(await names(1n)).toEqual([NFC]);
  expect(await names(2n)).toEqual(['x', NFD, NFC]);
  expect(await names(3n)).toEqual(['x', OLDER.normalize('NFC'), YOUNGER]);
  expect((await database.prisma.account.findFirst({ where: { id: 1 } }))?.title).toBe(NFC);
});
