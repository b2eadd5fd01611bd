import { PGlite } from '@electric-sql/pglite';
import { embeddedAdapter } from '../database/embedded/embedded-adapter.ts';
import { exclusiveAccessTo } from '../database/embedded/exclusive-access.ts';
import { migrate } from '../database/migrations/migrate.ts';
import { readMigrations } from '../database/migrations/migrations-folder.ts';
import type { Expected } from '../services/maintenance/diagnosis.ts';
import { catalogueOf } from './catalogue.ts';

/** The schema of this release. Creates a database in memory to read it. */
export async function expectedOfRelease(): Promise<Expected> {
  const pglite = await PGlite.create();
  try {
    await migrate(embeddedAdapter(pglite));
    return await expectedAs(pglite);
  } finally {
    await pglite.close();
  }
}

/** The schema that another database must have to equal this one, which has all migrations of the release. */
export async function expectedAs(pglite: PGlite): Promise<Expected> {
  const migrations = (await readMigrations()).map(({ name, checksum }) => ({ name, checksum }));
  return { migrations, catalogue: await exclusiveAccessTo(pglite)(catalogueOf) };
}
