import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../src/commands/arguments.ts';
import { draftMigration } from '../src/database/migrations/draft-migration.ts';
import { migrationsFolder } from '../src/database/migrations/migrations-folder.ts';

/**
 * `npm run migrate:new -- <name>` writes the next migration: the difference between the existing migrations and
 * `schema.prisma`. CHECK constraints are not in the schema, so add them to the written file by hand.
 */
async function writeMigration(name: string | undefined): Promise<string> {
  if (!name || !/^[a-z][a-z0-9_]{0,59}$/.test(name)) {
    const found = name === undefined ? 'nothing' : `"${name}"`;
    throw new Error(
      `The migration's name must be up to 60 lower-case letters, digits and underscores, starting with a letter; found ${found}. For instance: npm run migrate:new -- add_schedule_note`,
    );
  }
  const sql = await draftMigration();
  if (sql === '') {
    return 'Nothing to do: the migrations already match schema.prisma.';
  }
  const folder = join(migrationsFolder, `${timestamp(new Date())}_${name}`);
  await mkdir(folder);
  const file = join(folder, 'migration.sql');
  await writeFile(file, `${sql}\n`);
  return `Written: ${file}`;
}

/** Formats a time as UTC `yyyymmddhhmmss`, because migrations apply in the order of their names. */
function timestamp(now: Date): string {
  return now.toISOString().replace(/\D/g, '').slice(0, 14);
}

run(
  {
    usage: 'npm run migrate:new -- <name>',
    does: 'Writes the next migration, from the schema of the existing migrations to prisma/schema.prisma.',
    options: { '<name>': 'up to 60 lower-case letters, digits and underscores' },
  },
  () => writeMigration(process.argv[2]),
);
