import { PGlite } from '@electric-sql/pglite';
import type { Expected } from '../../services/diagnosis.ts';
import { embeddedAdapter } from '../embedded-adapter.ts';
import { migrate } from '../migrate.ts';
import { readMigrations } from '../migrations-folder.ts';
import { catalogueOf } from './catalogue.ts';
import { exclusivelyOn } from './embedded.ts';

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
  return { migrations, catalogue: await exclusivelyOn(pglite)(catalogueOf) };
}
