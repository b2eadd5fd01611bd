import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { embeddedAdapter } from '../embedded/embedded-adapter.ts';
import { migrate } from './migrate.ts';
import { schemaFile } from './migrations-folder.ts';
import { difference } from './schema-engine.ts';

/**
 * The SQL of the next migration: the difference between the existing migrations, applied to a temporary empty database,
 * and `schema.prisma` or the given schema. Empty if they agree.
 */
export async function draftMigration(
  schema?: string,
  create: () => Promise<PGlite> = () => PGlite.create(),
): Promise<string> {
  const pglite = await create();
  try {
    const factory = embeddedAdapter(pglite);
    await migrate(factory);
    return await difference(await factory.connect(), schema ?? (await readFile(schemaFile, 'utf8')));
  } finally {
    await pglite.close();
  }
}
