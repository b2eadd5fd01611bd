import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { draftMigration } from '../../src/database/migrations/draft-migration.ts';
import { schemaFile } from '../../src/database/migrations/migrations-folder.ts';
import { freshPGlite } from '../support/database.ts';

test('the next migration is empty while schema.prisma matches the migrations', async () => {
  expect(await draftMigration(undefined, freshPGlite)).toBe('');
});

test('the next migration adds only the new column if schema.prisma has one', async () => {
  const schema = await readFile(schemaFile, 'utf8');
  const changed = schema.replace('model Account {', 'model Account {\n  nickname String?');
  expect(await draftMigration(changed, freshPGlite)).toBe(
    '-- AlterTable\nALTER TABLE "account" ADD COLUMN     "nickname" TEXT;',
  );
});
