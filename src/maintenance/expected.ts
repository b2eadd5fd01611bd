import { PGlite } from '@electric-sql/pglite';
import { embeddedAdapter } from '../database/embedded/embedded-adapter.ts';
import { exclusiveAccessTo } from '../database/embedded/exclusive-access.ts';
import { migrate } from '../database/migrations/migrate.ts';
import { readMigrations } from '../database/migrations/migrations-folder.ts';
import type { Expected } from '../services/maintenance/diagnosis.ts';
import { catalogueOf } from './catalogue.ts';

/** What a database of this release has. Creates one in memory to look at. */
export async function expectedOfRelease(): Promise<Expected> {
  const pglite = await PGlite.create();
  try {
    await migrate(embeddedAdapter(pglite));
    return await expectedAs(pglite);
  } finally {
    await pglite.close();
  }
}

/** What another database must have to be like this one, which has all migrations of the release. */
export async function expectedAs(pglite: PGlite): Promise<Expected> {
  const migrations = (await readMigrations()).map(({ name, checksum }) => ({ name, checksum }));
  return { migrations, catalogue: await exclusiveAccessTo(pglite)(catalogueOf) };
}
