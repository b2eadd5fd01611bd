import { PGlite } from '@electric-sql/pglite';
import type { Expected } from '../../services/diagnosis.ts';
import { embeddedAdapter } from '../embedded-adapter.ts';
import { migrate } from '../migrate.ts';
import { readMigrations } from '../migrations-folder.ts';
import { catalogueOf } from './catalogue.ts';
import { exclusivelyOn } from './embedded.ts';

/** What a database of this release has: one is made in memory, and looked at. */
export async function expectedOfRelease(): Promise<Expected> {
  const migrations = (await readMigrations()).map(({ name, checksum }) => ({ name, checksum }));
  const pglite = await PGlite.create();
  try {
    await migrate(embeddedAdapter(pglite));
    return { migrations, catalogue: await exclusivelyOn(pglite)(catalogueOf) };
  } finally {
    await pglite.close();
  }
}
