import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { type Migration, readMigrations } from '../../src/database/migrations/migrations-folder.ts';
import { createAccount } from '../../src/repositories/accounts/accounts.ts';
import { adapterOf, freshDatabase } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
  await createAccount(database.prisma, { name: 'a', title: 'A', now: '2025-01-01T00:00:00.000000Z' });
});
afterAll(() => database.close());

const next = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});
const apply = async (...more: Migration[]) =>
  migrate(adapterOf(database), { shared: true, migrations: [...(await readMigrations()), ...more] });

const placementOf = (table: string) =>
  database.prisma.$queryRawUnsafe(
    `select partmethod::text as method, colocationid = (
       select colocationid from pg_dist_partition where logicalrelid = 'computer'::regclass) as "isBesideComputers"
     from pg_dist_partition where logicalrelid = to_regclass('${table}')`,
  );

const changes = next(
  '20990101000000_changes',
  `-- A comment; with a semicolon.
  ALTER TABLE "computer" ADD COLUMN "floor" INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX "computer_floor_idx" ON "computer"("account_id", "floor");
  ALTER TABLE "computer" ADD CONSTRAINT "computer_floor_check" CHECK ("floor" > -10);
  UPDATE "computer" SET "floor" = 1;
  UPDATE "account" SET "title" = 'B';
  -- As if this release had brought the table.
  DROP TABLE "agent";
  CREATE TABLE "agent" (
    "account_id" BIGINT NOT NULL,
    "computer_id" BIGINT NOT NULL,
    CONSTRAINT "agent_pkey" PRIMARY KEY ("account_id","computer_id"));
  ALTER TABLE "agent" ADD CONSTRAINT "agent_account_id_computer_id_fkey" FOREIGN KEY ("account_id", "computer_id")
    REFERENCES "computer"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;
  CREATE FUNCTION ground() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.floor := 0; -- Don't ask; it's a test.
    RETURN NEW;
  END $$;
  CREATE TRIGGER computer_ground BEFORE INSERT ON "computer" FOR EACH ROW EXECUTE FUNCTION ground();`,
);

test('a migration that fails in the middle leaves a distributed database as it was', async () => {
  const broken = next(changes.name, `${changes.sql} ALTER TABLE "missing" ADD COLUMN "x" INTEGER;`);
  await expect(apply(broken)).rejects.toThrow(/missing/);
  expect(await placementOf('agent')).toEqual([{ method: 'h', isBesideComputers: true }]);
  expect(await database.prisma.account.findFirst({ select: { title: true } })).toEqual({ title: 'A' });
});

test('a migration changes distributed tables, and the tables that it creates are distributed too', async () => {
  expect(await apply(changes)).toEqual([changes.name]);
  expect(await placementOf('agent')).toEqual([{ method: 'h', isBesideComputers: true }]);
  expect(await database.prisma.account.findFirst({ select: { title: true } })).toEqual({ title: 'B' });
  expect(await apply(changes)).toEqual([]);
});
