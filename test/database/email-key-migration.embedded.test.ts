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

test('people whose addresses differ only in case are reported and kept, and can still log in', async () => {
  const release = await readMigrations();
  const until = release.findIndex(({ name }) => name.endsWith('_email_key'));
  await migrate(embeddedAdapter(pglite), { migrations: release.slice(0, until) });
  const sql = (text: string) => database.prisma.$executeRawUnsafe(text);
  await sql(`INSERT INTO account (name, title, created_at) VALUES ('a', 'A', now()), ('b', 'B', now())`);
  await sql(`INSERT INTO person (account_id, email, name, created_at) VALUES
    (1, 'Ann@Example.com', 'first', now()), (1, 'ann@example.com', 'second', now()), (1, 'ANN@example.com', 'third', now()),
    (1, ' Abe@Example.com', 'Abe', now()), (2, 'ANN@EXAMPLE.COM', 'elsewhere', now())`);

  const said: string[] = [];
  await migrate(embeddedAdapter(pglite), { log: (message) => said.push(message) });
  const reports = said.filter((message) => message.includes('several people'));
  expect(reports).toHaveLength(2);
  expect(reports[0]).toMatch(
    /^The account a has several people with the address Ann@Example\.com in different cases\. Person 1 /,
  );
  expect(reports[1]).toContain('ANN@example.com');

  const { caller } = peopleService(createStore(database.prisma));
  for (const [email, account, name] of [
    ['ann@example.com', 'a', 'second'],
    ['aNN@example.com', 'a', 'second'],
    ['Ann@Example.com', 'a', 'first'],
    ['ANN@example.com', 'a', 'third'],
    ['abe@example.com', 'a', 'Abe'],
    ['Ann@Example.com', 'b', 'elsewhere'],
  ] as const)
    expect({ email, name: (await caller(account, email))?.name }).toEqual({ email, name });

  // A replica of the previous release inserts no key.
  await sql(
    `INSERT INTO person (account_id, email, name, created_at) VALUES (2, 'Bea@Example.com', 'Bea', now())`,
  );
  expect((await caller('b', 'bea@example.com'))?.name).toBe('Bea');
});
